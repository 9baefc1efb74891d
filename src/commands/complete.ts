import type { Invocation } from '../cli/command.ts';
import { answerFor, type Answer, type Candidate } from '../completion/candidates.ts';
import { filesIn } from '../completion/files-in.ts';
import { exitCodes, type ExitCode } from '../lib/errors.ts';
import { neutral } from '../render/value.ts';
import type { World } from '../world.ts';
import type { completionOptions } from './table/completion.ts';

/**
 * Prints what may stand in the place of the last word, one candidate per line, with a tab before what
 * it is about. Says nothing about what fails: a person is in the middle of typing.
 */
export async function run({ world, args, output }: Invocation<typeof completionOptions>): Promise<ExitCode> {
  try {
    const { commandGroups } = await import('./index.ts');
    const answer = answerFor(args, commandGroups);
    const found = [...answer.candidates, ...(await namesFor(answer, args, world))];
    const whole = found.map(({ word, about }) => ({ word: `${answer.before ?? ''}${word}`, about }));
    output.result(
      whole
        .filter(({ word }) => word.startsWith(args.at(-1) ?? ''))
        .map(lineOf)
        .join(''),
    );
  } catch {
    // Whatever it is, the next command that runs says it.
  }
  return exitCodes.done;
}

async function namesFor({ names }: Answer, words: readonly string[], world: World): Promise<readonly Candidate[]> {
  if (names === undefined) return [];
  // Loaded late: most words need no document.
  const { namesIn } = await import('./steps/document-names.ts');
  return namesIn(world, filesIn(words, world.env), names);
}

/** A name with a control character or a space in it could not be typed as one word. */
const lineOf = ({ word, about }: Candidate): string =>
  neutral(word) !== word || /\s/.test(word) ? '' : `${word}${about === '' ? '' : `\t${neutral(about)}`}\n`;
