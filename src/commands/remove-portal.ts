import type { Invocation } from '../cli/command.ts';
import type { ExitCode } from '../lib/errors.ts';
import { removePortal } from '../verbs/portals.ts';
import { runVerb } from './steps/run-verb.ts';
import type { removePortalOptions } from './table/portals.ts';

/** Removes a portal with what makes it reachable. */
export async function run(invocation: Invocation<typeof removePortalOptions>): Promise<ExitCode> {
  const { options, args } = invocation;
  return runVerb(invocation, (around) => removePortal(args[0] ?? '', around), { save: options.save });
}
