import type { Argument, Command } from '../cli/command.ts';
import { familyOf, nextOperand, optionMeant } from '../cli/command-words.ts';
import { globalSpecs } from '../cli/global-options.ts';
import type { OptionSpec, OptionSpecs } from '../cli/options.ts';

/** What the words before the cursor say about the one at it. */
export type Position = {
  readonly command: Command | undefined;
  /** The commands of two words that the next word chooses from. */
  readonly family: readonly Command[];
  readonly specs: OptionSpecs;
  /** The option whose value the word is. */
  readonly pending: OptionSpec | undefined;
  /** The argument that the word is; undefined where the command takes no more. */
  readonly argument: Argument | undefined;
  /** Behind `--` nothing is an option. */
  readonly literal: boolean;
};

/**
 * Reads the words before the cursor, with the command's own written as in the table. Undefined where
 * they name a command that does not exist.
 */
export function readWords(words: readonly string[], commands: readonly Command[]): Position | undefined {
  const found = commandIn(words, commands);
  if (found === undefined) return undefined;
  const { command, family, specs, from } = found;
  const { count, pending, literal } = operandsOf(words.slice(from), specs);
  return { command, family, specs, pending, argument: argumentAt(command, count), literal };
}

type Found = Pick<Position, 'command' | 'family' | 'specs'> & { readonly from: number };

function commandIn(words: readonly string[], commands: readonly Command[]): Found | undefined {
  const named = (name: string): Command | undefined =>
    commands.find((command) => [command.name, ...(command.aliases ?? [])].includes(name));
  const first = nextOperand(words, 0, globalSpecs);
  if (first === undefined) return { command: undefined, family: [], specs: globalSpecs, from: 0 };
  const word = words[first] ?? '';
  const top = named(word);
  const family = familyOf(word, commands);
  if (top === undefined && family.length === 0) return undefined;
  const specs = { ...globalSpecs, ...top?.options };
  const second = family.length === 0 ? undefined : nextOperand(words, first + 1, specs);
  if (second === undefined) return { command: top, family, specs, from: first + 1 };
  const below = named(`${word} ${words[second]}`);
  if (below === undefined) return { command: top, family: [], specs, from: first + 1 };
  return { command: below, family: [], specs: { ...globalSpecs, ...below.options }, from: second + 1 };
}

/** How many operands there are before the cursor, and the option that waits for its value. */
function operandsOf(
  words: readonly string[],
  specs: OptionSpecs,
): { readonly count: number; readonly pending: OptionSpec | undefined; readonly literal: boolean } {
  const end = words.indexOf('--');
  const optional = end === -1 ? words : words.slice(0, end);
  // A word in the place of the one to complete: an operand, unless an option takes it.
  const operands = operandsIn([...optional, 'x'], specs);
  const isValue = !operands.includes(optional.length);
  const count = operands.length - (isValue ? 0 : 1);
  if (end !== -1) return { count: count + words.length - end - 1, pending: undefined, literal: true };
  return { count, pending: isValue ? optionMeant(words.at(-1) ?? '', specs) : undefined, literal: false };
}

/** The places of the words that belong to no option. */
function operandsIn(words: readonly string[], specs: OptionSpecs): readonly number[] {
  const found: number[] = [];
  let at = nextOperand(words, 0, specs);
  while (at !== undefined) {
    found.push(at);
    at = nextOperand(words, at + 1, specs);
  }
  return found;
}

function argumentAt(command: Command | undefined, count: number): Argument | undefined {
  const args = command?.args ?? [];
  const last = args.at(-1);
  return args[count] ?? (last?.many === true ? last : undefined);
}
