import { type Fields, isFields } from '../cloudflare/envelope.ts';
import { permissionFor } from '../cloudflare/permissions.ts';
import type { Api } from '../engine/api.ts';
import type { UserError } from '../lib/errors.ts';
import { attempt, type Attempt, type Check, failed, failedBy, passed, skipped, warned } from './check.ts';
import { isNotEnabled, lacks, remedy } from './permissions.ts';
import type { Owner } from './token.ts';

export type OrganizationChecks = { readonly organization: Check; readonly provider: Check; readonly strictMode: Check };

export const organizationNames = {
  organization: 'Zero Trust organization',
  provider: 'identity provider',
  strictMode: 'strict service-token mode',
} as const;

/** What a login needs beside a portal: the organization with its team domain, and a way to log in. */
export async function checkOrganization(api: Api, owner: Owner): Promise<OrganizationChecks> {
  const path = api.path('access', 'organizations');
  const found = await attempt(() => api.get<unknown>(path));
  const organization = judgeOrganization(found, { path, owner });
  const fields = isFields(found.value) ? found.value : undefined;
  if (fields === undefined || organization.status !== 'ok') {
    const reason = `${organizationNames.organization} comes first`;
    return {
      organization,
      provider: skipped(organizationNames.provider, reason),
      strictMode: skipped(organizationNames.strictMode, reason),
    };
  }
  return { organization, provider: await checkProviders(api, owner), strictMode: judgeMode(fields) };
}

type Asked = { readonly path: string; readonly owner: Owner };

function judgeOrganization({ value, error }: Attempt<unknown>, asked: Asked): Check {
  const name = organizationNames.organization;
  const fix = 'Open https://one.dash.cloudflare.com, choose a team name and a plan (Free is enough).';
  if (error !== undefined) {
    const isMissing = isNotEnabled(error) || error.facts.request?.status === 404;
    return isMissing ? failed(name, `this account has none: ${error.message}`, fix) : unreadable(name, error, asked);
  }
  if (!isFields(value)) return failed(name, 'this account has none', fix);
  const domain = value['auth_domain'];
  if (typeof domain === 'string' && domain !== '') return passed(name, `team domain ${domain}`);
  return failed(name, 'it has no team domain', 'Choose one: https://one.dash.cloudflare.com > Settings.');
}

/** What these credentials may not read need not be wrong. */
function unreadable(name: string, error: UserError, { path, owner }: Asked): Check {
  const permission = permissionFor({ method: 'GET', path });
  if (permission === undefined || !lacks(error, permission)) return failedBy(name, error);
  return warned(name, `not checked: ${error.message}`, remedy(`\`${permission}\``, owner));
}

async function checkProviders(api: Api, owner: Owner): Promise<Check> {
  const name = organizationNames.provider;
  const path = api.path('access', 'identity_providers');
  const { value, error } = await attempt(() => api.list<unknown>(path, { perPage: 1000 }));
  if (error !== undefined) return unreadable(name, error, { path, owner });
  const providers = value.filter(isFields);
  if (providers.length === 0)
    return failed(
      name,
      'there is none, so nobody can log in',
      'Add one, One-time PIN is enough: https://one.dash.cloudflare.com > Integrations > Identity providers.',
    );
  const shown = providers.map((provider) => `${String(provider['name'])} (${String(provider['type'])})`).join(', ');
  const isPinAlone = providers.every((provider) => provider['type'] === 'onetimepin');
  return passed(name, isPinAlone ? `${shown}: a code by email, which is enough` : shown);
}

/** Organizations made since October 2026 have it on. */
function judgeMode({ strict_service_token_auth: strict }: Fields): Check {
  const name = organizationNames.strictMode;
  if (strict === true) return passed(name, 'on: only policies with decision service_auth or bypass let service tokens in');
  const detail =
    'off: a service token that no policy lets in is sent to the login page instead of being answered with 401 or 403';
  return passed(name, `${detail}; strict_service_token_auth of the organization turns it on`);
}
