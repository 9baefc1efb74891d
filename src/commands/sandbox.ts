import { resolve } from 'node:path';
import type { Invocation } from '../cli/command.ts';
import { exitCodes, type ExitCode } from '../lib/errors.ts';
import { openAccount } from '../sandbox/account.ts';
import { openDataSide } from '../sandbox/portal/answer.ts';
import { serveAccount, servePortals } from '../sandbox/server.ts';
import { stateFile } from '../sandbox/state-file.ts';
import type { sandboxOptions } from './table/sandbox.ts';

/** Serves the simulator until Ctrl-C or SIGTERM. The lines on standard output are for `eval` and scripts. */
export async function run({ world, options, output }: Invocation<typeof sandboxOptions>): Promise<ExitCode> {
  const kept = options.state === undefined ? undefined : stateFile(resolve(world.cwd, options.state));
  const state = await kept?.load();
  const account = openAccount({
    ...(options.zone.length === 0 ? {} : { zones: options.zone }),
    ...(state === undefined ? {} : { state }),
    onWrite: async (latest) => {
      await kept?.save(latest);
      await portals.follow();
    },
  });
  // A file that cannot be written fails here, not at the first change.
  await kept?.save(account.state);
  const data = openDataSide(account.state);
  const portals = servePortals(account, data, (id, url) => output.result(`${variableOf(id)}=${url}`));
  const served = await serveAccount(account, { port: options.port ?? 0, data });
  output.result(`CLOUDFLARE_BASE_URL=${served.url}`);
  output.result(`CLOUDFLARE_ACCOUNT_ID=${account.accountId}`);
  output.result('CLOUDFLARE_API_TOKEN=sandbox');
  await portals.follow();
  output.result('listening');
  await stopped(world.signal);
  await Promise.all([served.close(), portals.close(), data.close()]);
  await kept?.save(account.state);
  return exitCodes.done;
}

const variableOf = (portal: string): string => `PORTAL_${portal.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;

/** Resolves at Ctrl-C, and at SIGTERM, which supervisors send. */
const stopped = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
    process.once('SIGTERM', () => resolve());
  });
