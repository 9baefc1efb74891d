import { resolve } from 'node:path';
import type { Invocation } from '../../cli/command.ts';
import { firstText } from '../../verify/subjects.ts';
import type { Resolved } from '../../verify/wire.ts';

type Given = Pick<Invocation, 'world' | 'global'>;

/** With `--sandbox` the simulator serves its portals at ports of this machine, as long as the run lasts. */
export type Simulation = {
  readonly given: Given;
  resolved(): Promise<ReadonlyMap<string, Resolved>>;
  close(): Promise<void>;
};

export async function simulated({ world, global }: Given): Promise<Simulation> {
  if (global.sandbox === undefined) return { given: { world, global }, resolved: async () => new Map(), close: async () => {} };
  const [{ openAccount }, { stateFile }, { openDataSide }, { servePortals }] = await Promise.all([
    import('../../sandbox/account.ts'),
    import('../../sandbox/state-file.ts'),
    import('../../sandbox/portal/answer.ts'),
    import('../../sandbox/server.ts'),
  ]);
  const { stateFile: file } = global.sandbox;
  const state = file === undefined ? undefined : await stateFile(resolve(world.cwd, file)).load();
  const account = openAccount(state === undefined ? {} : { state });
  const data = openDataSide(account.state);
  const portals = servePortals(account, data);
  const env = { ...world.env, CLOUDFLARE_API_TOKEN: 'sandbox', CLOUDFLARE_BASE_URL: undefined };
  return {
    given: {
      world: { ...world, env, fetch: account.fetch },
      global: { ...global, sandbox: undefined, account: account.accountId },
    },
    async resolved() {
      await portals.follow();
      const hostnames = account.state.portals.map(
        ({ id, body }) => [firstText(body['hostname']), portals.urls.get(id) ?? ''] as const,
      );
      return new Map(hostnames.map(([hostname, url]) => [hostname, { address: '127.0.0.1', port: Number(new URL(url).port) }]));
    },
    async close() {
      await portals.close();
      await data.close();
    },
  };
}
