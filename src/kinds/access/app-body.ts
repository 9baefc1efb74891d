import type { Api } from '../../engine/api.ts';
import type { Names } from '../../engine/kind.ts';
import { isNothing, isPlain, type Plain } from '../../engine/values.ts';
import { policiesBody, type App, type AppSettings } from './app.ts';
import { commonMembers, hostedMembers, isUsual } from './app-settings.ts';

/** Members that we carry through a full replacement without speaking of them in the document. */
const carriedCommon = ['scim_config'];
const carriedHosted = [
  'options_preflight_bypass',
  'mfa_config',
  'eager_redirect_cookie_setting',
  'use_clientless_isolation_app_launcher_url',
];
/** Lists that are cleared by an empty one, where everything else is cleared by being left out. */
const lists: ReadonlySet<string> = new Set(['tags', 'custom_pages']);

/** `hosted`: the type has a hostname of its own. `app`: the live application that the body replaces. */
export type BodyOptions = { readonly names: Names; readonly hosted: boolean; readonly app?: App };

/**
 * The body of a full replacement: the settings, and the live members that the document has no words
 * for. Built from an allowlist, because the API echoes members that it refuses to be sent (Q32, Q44).
 */
export function appBody(settings: AppSettings, { names, app, hosted }: BodyOptions): Plain {
  const { policies, cors, oauth } = settings;
  const corsHeaders = hosted && isPlain(cors) ? corsBody(cors) : {};
  return {
    ...carried(app, { hosted, hasCors: !isNothing(corsHeaders) }),
    ...plainBody(settings, hosted ? [...commonMembers, ...hostedMembers] : commonMembers, app),
    // Left out of a PUT, allowed_idps would open the application to every identity provider (Q29).
    allowed_idps: settings['allowed_idps'] ?? [],
    // Undefined where the application has policies of its own, or does not show any: left out, a PUT leaves them alone (Q28).
    ...(policies === undefined ? {} : { policies: policiesBody(policies ?? [], names, app) }),
    ...(isNothing(corsHeaders) ? {} : { cors_headers: corsHeaders }),
    ...(isPlain(oauth) ? { oauth_configuration: oauth } : {}),
  };
}

function carried(app: App | undefined, { hosted, hasCors }: { readonly hosted: boolean; readonly hasCors: boolean }): Plain {
  const members = hosted ? [...carriedCommon, ...carriedHosted] : carriedCommon;
  const clashing = hasCors ? ['options_preflight_bypass'] : []; // refused together with cors_headers
  const kept = members.filter((member) => !isNothing(app?.[member]) && app?.[member] !== false && !clashing.includes(member));
  return Object.fromEntries(kept.map((member) => [member, app?.[member]]));
}

/** A switch that stands as it does in every application is not sent back: not every type accepts every switch (Q32). */
function plainBody(settings: AppSettings, members: readonly string[], app: App | undefined): Plain {
  const sent = members.flatMap((member): readonly (readonly [string, unknown])[] => {
    const value = settings[member];
    if (value === undefined || (app?.[member] === value && isUsual(member, value))) return [];
    if (!isNothing(value)) return [[member, value]];
    return lists.has(member) ? [[member, []]] : [];
  });
  return Object.fromEntries(sent);
}

/** Explicit `false` on the allow_all flags is refused, and so is an empty list beside one that is true. */
const corsBody = (cors: Plain): Plain =>
  Object.fromEntries(
    Object.entries(cors).filter(([member, value]) => !isNothing(value) && !(member.startsWith('allow_all_') && value === false)),
  );

type Tag = { readonly name: string };

/** Makes the tags that an application is about to carry: it is refused while one of them is missing (Q30). */
export async function ensureTags(api: Api, settings: AppSettings, app?: App): Promise<void> {
  const tags = Array.isArray(settings['tags']) ? settings['tags'].map(String) : [];
  const carriedTags = Array.isArray(app?.['tags']) ? app['tags'] : [];
  if (tags.every((tag) => carriedTags.includes(tag))) return;
  const path = api.path('access', 'tags');
  const listTags = () => api.list<Tag>(path, { perPage: 1000 });
  const known = await listTags();
  const missing = [...new Set(tags)].filter((name) => !known.some((tag) => tag.name === name));
  await Promise.all(missing.map((name) => makeTag(name)));

  async function makeTag(name: string): Promise<void> {
    const find = async () => (await listTags()).find((tag) => tag.name === name);
    try {
      await api.post<Tag>(path, { name }, { find });
    } catch (error) {
      if ((await find()) === undefined) throw error; // else another application of this run was faster
    }
  }
}
