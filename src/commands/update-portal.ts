import type { Invocation } from '../cli/command.ts';
import type { ExitCode } from '../lib/errors.ts';
import { updatePortal } from '../verbs/portals.ts';
import { portalWords } from './steps/portal-words.ts';
import { runVerb } from './steps/run-verb.ts';
import type { portalOptions } from './table/portals.ts';

/** Changes a portal that is there. */
export async function run(invocation: Invocation<typeof portalOptions>): Promise<ExitCode> {
  const { options, args } = invocation;
  const words = { ...portalWords(options), id: args[0] ?? '' };
  return runVerb(invocation, (around) => updatePortal(words, around), { save: options.save });
}
