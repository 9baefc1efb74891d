import type { Command, CommandGroup } from '../cli/command.ts';
import { familyOf, firstWord, settleCommandWords } from '../cli/command-words.ts';
import type { OptionSpec, OptionSpecs } from '../cli/options.ts';
import { UsageError } from '../lib/errors.ts';
import { readWords, type Position } from './read-words.ts';

export type Candidate = { readonly word: string; readonly about: string };

/** What may stand at the cursor: these words, or what the document has of a kind. */
export type Answer = {
  readonly candidates: readonly Candidate[];
  /** A kind, or `address` for resources of every kind. */
  readonly names?: string;
  /** Stands before each word: `--target=`. */
  readonly before?: string;
};

const nothing: Answer = { candidates: [] };

/**
 * What may stand in the place of the last of `words`, which are all words after the program's name.
 * Not only what begins with that word; nothing where a file, or something new, has to stand.
 */
export function answerFor(words: readonly string[], groups: readonly CommandGroup[]): Answer {
  const commands = groups.flatMap((group) => group.commands).filter(({ hidden }) => hidden !== true);
  const asksHelp = words.length > 1 && words[0] === 'help';
  const typed = asksHelp ? words.slice(1) : words;
  const position = positionOf(typed.slice(0, -1), commands);
  if (position === undefined) return nothing;
  const word = typed.at(-1) ?? '';
  if (position.pending === undefined && !position.literal && !word.startsWith('-')) {
    if (position.family.length > 0) return { candidates: position.family.map(secondWord) };
    if (position.command === undefined) return { candidates: [...firstWords(commands), ...(asksHelp ? [] : [help])] };
  }
  return asksHelp ? nothing : wordAt(word, position);
}

function positionOf(words: readonly string[], commands: readonly Command[]): Position | undefined {
  try {
    return readWords(settleCommandWords(words, commands), commands);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** A value, an option or an argument. */
function wordAt(word: string, { pending, specs, argument, literal, command }: Position): Answer {
  if (pending !== undefined) return valuesOf(pending);
  const [, name = '', isGiven] = /^--([^=]+)(=)?/.exec(word) ?? [];
  const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
  if (!literal && isGiven !== undefined) return spec === undefined ? nothing : { ...valuesOf(spec), before: `--${name}=` };
  if (!literal && (word.startsWith('-') || argument === undefined)) return { candidates: optionsOf(specs, command) };
  if (argument?.names !== undefined) return { candidates: [], names: argument.names };
  return { candidates: (argument?.choices ?? []).map((choice) => ({ word: choice, about: '' })) };
}

function valuesOf(spec: OptionSpec): Answer {
  if (spec.names !== undefined) return { candidates: [], names: spec.names };
  return { candidates: spec.type === 'choice' ? spec.choices.map((choice) => ({ word: choice, about: '' })) : [] };
}

/** The command's own come first. */
const optionsOf = (specs: OptionSpecs, command: Command | undefined): readonly Candidate[] => [
  ...Object.entries({ ...command?.options, ...specs }).map(([name, { summary }]) => ({ word: `--${name}`, about: summary })),
  { word: '--help', about: 'show the help' },
  ...(command === undefined ? [{ word: '--version', about: 'show the version' }] : []),
];

const help: Candidate = { word: 'help', about: 'show the help of a command' };

/** The first words of commands, each once. */
function firstWords(commands: readonly Command[]): readonly Candidate[] {
  const words = [...new Set(commands.map(({ name }) => firstWord(name)))];
  return words.map((word) => {
    const own = commands.find(({ name }) => name === word);
    const below = familyOf(word, commands).map((command) => secondWord(command).word);
    return { word, about: own?.summary ?? below.join(', ') };
  });
}

const secondWord = ({ name, summary }: Command): Candidate => ({ word: name.split(' ')[1] ?? name, about: summary });
