import type { Argument, Command } from '../cli/command.ts';
import { familyOf, optionMeant, settleCommandWords, takesNext } from '../cli/command-words.ts';
import { globalSpecs } from '../cli/global-options.ts';
import type { OptionSpec, OptionSpecs } from '../cli/options.ts';

/** What the words before the cursor say about the one at it. */
export type Position = {
  readonly command: Command | undefined;
  /** The commands of two words that the next word can choose from. */
  readonly family: readonly Command[];
  readonly specs: OptionSpecs;
  /** The option whose value the word is. */
  readonly pending: OptionSpec | undefined;
  /** The argument that the word is; undefined where the command takes no more. */
  readonly argument: Argument | undefined;
  /** Behind `--` nothing is an option. */
  readonly literal: boolean;
};

/** Reads the words before the cursor. Undefined where they name no command that exists. */
export function readWords(typed: readonly string[], commands: readonly Command[]): Position | undefined {
  const words = settleCommandWords(typed, commands);
  let [command, family, specs]: [Command | undefined, readonly Command[], OptionSpecs] = [undefined, [], globalSpecs];
  let [seen, literal]: [string[], boolean] = [[], false];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (!literal && word === '--') literal = true;
    else if (!literal && word.startsWith('-') && word !== '-') {
      if (!takesNext(word, words[at + 1], specs)) continue;
      at += 1;
      if (at === words.length) return { command, family, specs, pending: optionMeant(word, specs), argument: undefined, literal };
    } else if ((command === undefined && seen.length === 0) || (seen.length === 1 && family.length > 0)) {
      seen = [...seen, word];
      const name = seen.join(' ');
      const named = commands.find((each) => [each.name, ...(each.aliases ?? [])].includes(name));
      family = seen.length === 1 ? familyOf(named?.name ?? name, commands) : [];
      if (named === undefined && family.length === 0) return undefined;
      command = named;
      specs = { ...globalSpecs, ...named?.options };
    } else seen = [...seen, word];
  }
  return { command, family, specs, pending: undefined, argument: argumentAt(command, seen.length), literal };
}

/** The argument behind `count` operands, of which the command's own words are the first. */
function argumentAt(command: Command | undefined, count: number): Argument | undefined {
  const { name = '', args = [] } = command ?? {};
  const last = args.at(-1);
  return args[count - name.split(' ').length] ?? (last?.many === true ? last : undefined);
}
