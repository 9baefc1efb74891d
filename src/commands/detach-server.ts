import type { Invocation } from '../cli/command.ts';
import type { ExitCode } from '../lib/errors.ts';
import { detachServers } from '../verbs/membership.ts';
import { runVerb } from './steps/run-verb.ts';
import type { detachOptions } from './table/portals.ts';

/** Takes servers out of a portal. */
export async function run(invocation: Invocation<typeof detachOptions>): Promise<ExitCode> {
  const { options, args } = invocation;
  const [portal = '', ...servers] = args;
  return runVerb(invocation, (around) => detachServers(portal, servers, around), { save: options.save });
}
