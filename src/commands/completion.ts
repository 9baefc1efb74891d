import type { Invocation } from '../cli/command.ts';
import { bashScript } from '../completion/bash.ts';
import { fishScript } from '../completion/fish.ts';
import { knownWords } from '../completion/known-words.ts';
import { zshScript } from '../completion/zsh.ts';
import { didYouMean } from '../lib/did-you-mean.ts';
import { exitCodes, UsageError, type ExitCode } from '../lib/errors.ts';
import type { completionOptions } from './table/completion.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** Prints the script for a shell. It names what the tables have now: after an update it is printed anew. */
export async function run({ args: [shell = ''], output }: Invocation<typeof completionOptions>): Promise<ExitCode> {
  const script = Object.entries(scripts).find(([name]) => name === shell)?.[1];
  if (script === undefined) {
    const guess = didYouMean(shell, Object.keys(scripts));
    const hint = guess === undefined ? 'there is one for bash, zsh and fish' : `did you mean ${guess}?`;
    throw new UsageError(`no completion for the shell ${shell}`, { hint });
  }
  // Loaded late: the tables load this file.
  const { commandGroups } = await import('./index.ts');
  output.result(script(knownWords(commandGroups)));
  return exitCodes.done;
}
