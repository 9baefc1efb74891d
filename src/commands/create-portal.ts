import type { Invocation } from '../cli/command.ts';
import type { ExitCode } from '../lib/errors.ts';
import { setAll } from '../spec/edit.ts';
import { createPortal } from '../verbs/portals.ts';
import { portalWords } from './steps/portal-words.ts';
import { runVerb } from './steps/run-verb.ts';
import type { portalOptions } from './table/portals.ts';

/** Makes a portal, or completes one that is there. */
export async function run(invocation: Invocation<typeof portalOptions>): Promise<ExitCode> {
  const { options, args } = invocation;
  const words = { ...portalWords(options), id: args[0] };
  const foreseen = setAll(['portals', words.id ?? 'portal'], { hostname: options.hostname });
  return runVerb(invocation, (around) => createPortal(words, around), { foreseen, save: options.save });
}
