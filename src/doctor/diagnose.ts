import type { OpenApi } from '../cloudflare/client.ts';
import { readAndBind } from '../engine/context.ts';
import type { Desired, Kind } from '../engine/kind.ts';
import type { NamedAccount } from '../session.ts';
import { findAccount, listAccounts } from './account.ts';
import { attempt, type Check, failedBy, passed, skipped } from './check.ts';
import { checkCredentials } from './credentials.ts';
import { certificatesName, checkCertificates, crawlHint, crawlName, publicHostnames } from './hostnames.ts';
import { checkOrganization, organizationNames } from './organization.ts';
import { checkPermissions } from './permissions.ts';
import { probe } from './probe.ts';
import { checkServiceTokens, serviceTokensName } from './service-tokens.ts';
import { checkKey, checkToken, type TokenFound } from './token.ts';
import { checkZones, zonesName } from './zones.ts';

export type DiagnoseOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The simulator takes everybody. */
  readonly isSandbox: boolean;
  /** Opens the API, before it is known which account is meant. */
  open(): Promise<OpenApi>;
  readonly named: NamedAccount | undefined;
  readonly kinds: readonly Kind[];
  /** What the document wants; undefined where there is none. */
  readonly desired: readonly Desired[] | undefined;
  readonly now: Date;
  /** `v20.1.0`. */
  readonly nodeVersion: string;
};

/** Everything that a portal needs, in the order in which one thing rests on another. Changes nothing. */
export async function diagnose(options: DiagnoseOptions): Promise<readonly Check[]> {
  const program = passed('Node.js', options.nodeVersion);
  const credentials = options.isSandbox ? passed('credentials', 'the simulator asks for none') : checkCredentials(options.env);
  if (!credentials.ok) return [credentials, ...without('credentials', ['token', 'account', ...accountNames]), program];
  const opened = await attempt(() => options.open());
  if (opened.error !== undefined) {
    const connection = failedBy('connection', opened.error);
    return [credentials, connection, ...without('connection', ['token', 'account', ...accountNames]), program];
  }
  return [credentials, ...(await checkIdentity(options, opened.value)), program];
}

/** Who asks, and for which account; then what there is in it. */
async function checkIdentity(options: DiagnoseOptions, api: OpenApi): Promise<readonly Check[]> {
  const listing = listAccounts(api);
  const named = options.isSandbox ? { id: api.account, from: "the simulator's" } : options.named;
  const finding = listing.then((accounts) => findAccount({ api, named, accounts }));
  const isKey = !options.isSandbox && (options.env['CLOUDFLARE_API_TOKEN'] ?? '').trim() === '';
  const identifying = isKey
    ? listing.then(checkKey)
    : checkToken({ api, account: async () => (await finding).id, accounts: listing, now: options.now });
  const [token, { check, id }] = await Promise.all([identifying, finding]);
  if (!token.check.ok) return [token.check, ...without('token', ['account', ...accountNames])];
  if (id === undefined) return [token.check, check, ...without('account', accountNames)];
  return [token.check, check, ...(await checkAccount(options, api.forAccount(id), token))];
}

const accountNames = [
  'permissions',
  organizationNames.organization,
  organizationNames.provider,
  zonesName,
  organizationNames.strictMode,
  serviceTokensName,
  certificatesName,
  crawlName,
] as const;

const without = (missing: string, names: readonly string[]): readonly Check[] =>
  names.map((name) => skipped(name, `${missing} failed`));

async function checkAccount(options: DiagnoseOptions, api: OpenApi, { owner }: TokenFound): Promise<readonly Check[]> {
  const { kinds, desired, now } = options;
  const [found, access, { peers }] = await Promise.all([
    probe({ api, kinds, desired }),
    checkOrganization(api, owner),
    readAndBind({ api, kinds, desired: [] }),
  ]);
  const hostnames = publicHostnames({ kinds, desired, lives: found.lives, peers });
  return [
    ...checkPermissions(found.readings, owner),
    access.organization,
    access.provider,
    ...checkZones(found, desired !== undefined),
    access.strictMode,
    ...checkServiceTokens({ kinds, desired, found, peers, now }),
    ...checkCertificates(hostnames, found.zones),
    crawlHint(hostnames),
  ];
}
