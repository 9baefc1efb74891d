import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { discoverAccount, resolveCredentials } from './cloudflare/account.ts';
import { openApi, type OpenApi } from './cloudflare/client.ts';
import type { GlobalOptions } from './cli/global-options.ts';
import type { Desired, Kind } from './engine/kind.ts';
import type { Env } from './spec/interpolate.ts';
import { Secret } from './secrets/secret.ts';
import { version } from './version.ts';
import type { World } from './world.ts';

export type SessionOptions = {
  readonly world: World;
  readonly env: Env;
  readonly global: GlobalOptions;
  /** `account:` of the document. */
  readonly account?: string | undefined;
  /** The account of a saved plan: where nothing else names one. */
  readonly planned?: string | undefined;
  readonly kinds: readonly Kind[];
  readonly desired: readonly Desired[];
};

/**
 * The API of one account, or of the built-in simulator. The account is the first that is named by the
 * option, the document and the environment, else the only one that the credentials see.
 */
export async function openSession(options: SessionOptions): Promise<OpenApi> {
  const api = await openConnection(options);
  return api.account === '' ? api.forAccount(namedAccount(options)?.id ?? (await discoverAccount(api))) : api;
}

/** The API before anybody has said which account: it is empty, save that the simulator has only one. */
export async function openConnection(options: SessionOptions): Promise<OpenApi> {
  // Listings are short-lived: without this V8 answers them with a young generation that grows to 48 MB.
  setFlagsFromString('--semi-space-growth-factor=1');
  if (options.global.sandbox !== undefined) return openSandbox(options, options.global.sandbox.stateFile);
  const { world, env } = options;
  return openApi({
    ...connection(options),
    credentials: resolveCredentials(env),
    account: '',
    baseUrl: env['CLOUDFLARE_BASE_URL'],
    fetch: world.fetch,
  });
}

/** The account that something names, and what: the option, the document, the environment, a saved plan. */
export function namedAccount({ global, account, env, planned }: Naming): NamedAccount | undefined {
  const named = [
    { id: global.account, from: '--account' },
    { id: account, from: '`account:` of the document' },
    { id: env['CLOUDFLARE_ACCOUNT_ID'], from: 'CLOUDFLARE_ACCOUNT_ID' },
    { id: planned, from: 'the saved plan' },
  ];
  const [first] = named.flatMap(({ id = '', from }) => (id.trim() === '' ? [] : [{ id: id.trim(), from }]));
  return first;
}

type Naming = Pick<SessionOptions, 'global' | 'account' | 'env' | 'planned'>;
export type NamedAccount = { readonly id: string; readonly from: string };

const connection = ({ world, global, env }: SessionOptions) => ({
  env,
  concurrency: global.concurrency,
  timeoutMs: global.timeoutSeconds === undefined ? undefined : global.timeoutSeconds * 1000,
  userAgent: `mcp-portal/${version}`,
  sleep: world.sleep,
  signal: world.signal,
  onRequest: global.debug
    ? (line: { method: string; path: string; status: number | undefined; ms: number }) =>
        world.stderr.write(`${line.method} ${line.path} ${line.status ?? 'no answer'} ${Math.round(line.ms)} ms\n`)
    : undefined,
});

/** An account inside this process. One that is new has the zones that the document needs. */
async function openSandbox(options: SessionOptions, file: string | undefined): Promise<OpenApi> {
  const [{ openAccount }, { stateFile }] = await Promise.all([import('./sandbox/account.ts'), import('./sandbox/state-file.ts')]);
  const kept = file === undefined ? undefined : stateFile(resolve(options.world.cwd, file));
  const state = await kept?.load();
  const account = openAccount({
    zones: zonesFor(options),
    ...(state === undefined ? {} : { state }),
    ...(kept === undefined ? {} : { onWrite: (latest) => kept.save(latest) }),
  });
  // A file that cannot be written fails here, not at the first change.
  await kept?.save(account.state);
  const credentials = { token: Secret.of('sandbox', 'sandbox') };
  return openApi({ ...connection(options), credentials, account: account.accountId, fetch: account.fetch });
}

function zonesFor({ kinds, desired }: SessionOptions): readonly string[] {
  const zones = desired.flatMap((resource) => kinds.find((kind) => kind.kind === resource.kind)?.zones?.(resource.state) ?? []);
  return [...new Set(zones.length === 0 ? ['example.com'] : zones)];
}
