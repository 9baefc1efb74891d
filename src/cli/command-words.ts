import { didYouMean } from '../lib/did-you-mean.ts';
import { UsageError } from '../lib/errors.ts';
import type { Command } from './command.ts';
import { globalSpecs } from './global-options.ts';
import type { OptionSpec, OptionSpecs } from './options.ts';

/**
 * The words with the command written as in the table: `add_server` stands for `add-server`. Values of
 * options and arguments stay as they are. Throws a `UsageError` for an unknown second word of a command.
 */
export function settleCommandWords(words: readonly string[], commands: readonly Command[]): readonly string[] {
  const at = nextOperand(words, 0, globalSpecs);
  const first = at === undefined ? undefined : spelled(words[at], firstWords(commands));
  if (at === undefined || first === undefined) return words;
  const settled = words.with(at, first);
  const bare = commands.find(({ name, aliases = [] }) => [name, ...aliases].includes(first));
  const below = subcommandsOf(first, commands);
  const next = nextOperand(words, at + 1, { ...globalSpecs, ...bare?.options });
  if (next === undefined || below.length === 0) return settled;
  const second = spelled(words[next], below);
  if (second !== undefined) return settled.with(next, second);
  if ((bare?.args ?? []).length > 0) return settled;
  throw unknownSubcommand(first, words[next] ?? '', below);
}

const subcommandsOf = (first: string, commands: readonly Command[]): readonly string[] =>
  familyOf(first, commands).flatMap(({ name, aliases = [] }) => [name, ...aliases].map((each) => each.split(' ').at(-1) ?? each));

/** The two-word commands of a first word: `dns list`, `dns add`. */
export const familyOf = (first: string, commands: readonly Command[]): readonly Command[] =>
  commands.filter(({ name }) => name.startsWith(`${first} `));

export const firstWord = (name: string): string => name.split(' ')[0] ?? name;

/** Where the next word stands that belongs to no option. Words after `--` are never a command's. */
export function nextOperand(words: readonly string[], from: number, specs: OptionSpecs): number | undefined {
  for (let at = from; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') return undefined;
    if (word === '-' || !word.startsWith('-')) return at;
    if (takesNext(word, words[at + 1], specs)) at += 1;
  }
  return undefined;
}

/** Whether the word after an option is its value: after `--file`, `-f` and `-yf`, not after `--file=PATH`. */
function takesNext(word: string, next: string | undefined, specs: OptionSpecs): boolean {
  const spec = optionMeant(word, specs);
  if (spec === undefined || spec.type === 'flag' || spec.type === 'seconds')
    return spec?.type === 'seconds' && spec.bare !== true;
  return spec.type === 'state-file' ? next?.endsWith('.json') === true && !next.startsWith('-') : true;
}

/** The option that a word ends with; undefined where its value is part of the word, or where it is unknown. */
export function optionMeant(word: string, specs: OptionSpecs): OptionSpec | undefined {
  if (word.startsWith('--')) return Object.hasOwn(specs, word.slice(2)) ? specs[word.slice(2)] : undefined;
  const letters = word
    .slice(1)
    .split('')
    .map((letter) => Object.values(specs).find(({ short }) => short === letter));
  const last = letters.at(-1);
  return letters.slice(0, -1).every((spec) => spec?.type === 'flag') ? last : undefined;
}

const firstWords = (commands: readonly Command[]): readonly string[] =>
  commands.flatMap(({ name, aliases = [] }) => [name, ...aliases].map(firstWord));

function spelled(word: string | undefined, known: readonly string[]): string | undefined {
  if (word === undefined || known.includes(word)) return word;
  const dashed = word.replaceAll('_', '-');
  return known.includes(dashed) ? dashed : undefined;
}

function unknownSubcommand(first: string, second: string, known: readonly string[]): UsageError {
  const guess = didYouMean(second, known);
  return new UsageError(`unknown command '${first} ${second}'`, {
    hint: guess === undefined ? `mcp-portal ${first} --help lists its commands.` : `Did you mean ${first} ${guess}?`,
  });
}
