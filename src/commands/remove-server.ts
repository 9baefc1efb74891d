import type { Invocation } from '../cli/command.ts';
import type { ExitCode } from '../lib/errors.ts';
import { removeServer } from '../verbs/servers.ts';
import { runVerb } from './steps/run-verb.ts';
import type { removeServerOptions } from './table/servers.ts';

/** Detaches a server everywhere and removes it. */
export async function run(invocation: Invocation<typeof removeServerOptions>): Promise<ExitCode> {
  const { options, args } = invocation;
  return runVerb(invocation, (around) => removeServer(args[0] ?? '', around), { save: options.save });
}
