import type { Invocation } from '../cli/command.ts';
import type { ExitCode } from '../lib/errors.ts';
import { attachServers } from '../verbs/membership.ts';
import { runVerb } from './steps/run-verb.ts';
import type { attachOptions } from './table/portals.ts';

/** Puts servers behind a portal. */
export async function run(invocation: Invocation<typeof attachOptions>): Promise<ExitCode> {
  const { options, args } = invocation;
  const [portal = '', ...servers] = args;
  return runVerb(invocation, (around) => attachServers(portal, servers, { around }), { wait: options.wait, save: options.save });
}
