import { UserError } from '../lib/errors.ts';

/** An error as part of a run's report, with its next step: other things were done, and have to be told as well. */
export function errorSentence(error: unknown): string {
  if (!(error instanceof UserError)) return `a bug in this program: ${error instanceof Error ? error.message : String(error)}`;
  return error.facts.hint === undefined ? error.message : `${error.message} (${error.facts.hint})`;
}
