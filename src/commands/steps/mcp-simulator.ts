import { resolve } from 'node:path';
import type { Desired } from '../../engine/kind.ts';
import type { SandboxAccount } from '../../sandbox/account.ts';
import type { Host } from './mcp-world.ts';

const accounts = new WeakMap<Host, SandboxAccount>();

/** With `--sandbox` all calls of a process work on one simulated account. */
export async function withSimulator(host: Host): Promise<Host> {
  const { sandbox } = host.global;
  if (sandbox === undefined) return host;
  const [{ openAccount }, { stateFile }] = await Promise.all([
    import('../../sandbox/account.ts'),
    import('../../sandbox/state-file.ts'),
  ]);
  const kept = sandbox.stateFile === undefined ? undefined : stateFile(resolve(host.world.cwd, sandbox.stateFile));
  const state = await kept?.load();
  const account = openAccount({
    ...(state === undefined ? {} : { state }),
    ...(kept === undefined ? {} : { onWrite: (latest) => kept.save(latest) }),
  });
  const env = {
    ...host.world.env,
    CLOUDFLARE_API_TOKEN: 'sandbox',
    CLOUDFLARE_ACCOUNT_ID: account.accountId,
    CLOUDFLARE_BASE_URL: undefined,
  };
  const simulated = {
    ...host,
    world: { ...host.world, env, fetch: account.fetch },
    global: { ...host.global, sandbox: undefined, account: account.accountId },
  };
  accounts.set(simulated, account);
  return simulated;
}

/** A simulated account gets the zones that a document needs, as with every command. */
export async function addZones(host: Host, desired: readonly Desired[]): Promise<void> {
  const account = accounts.get(host);
  if (account === undefined) return;
  const { kinds } = await import('../../kinds/index.ts');
  for (const { kind, state } of desired)
    for (const zone of kinds.find((one) => one.kind === kind)?.zones?.(state) ?? []) account.addZone(zone);
}
