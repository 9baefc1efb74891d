import type { CommandGroup } from '../cli/command.ts';
import { firstWord } from '../cli/command-words.ts';
import { globalSpecs } from '../cli/global-options.ts';
import { standsAlone, type OptionSpecs } from '../cli/options.ts';
import { answerFor, type Candidate } from './candidates.ts';

/** Words that may stand behind each of some paths: command words such as `dns add`, for values with an option behind them. */
export type Place = { readonly paths: readonly string[]; readonly candidates: readonly Candidate[] };

/** What a script answers by itself, without starting the program. */
export type KnownWords = {
  readonly commands: readonly Place[];
  /** The options of each command, without those that every command has. */
  readonly options: readonly Place[];
  readonly shared: readonly Candidate[];
  /** Values of options with a fixed choice; the path `* --color` is that option of every command. */
  readonly values: readonly Place[];
  /** The global options whose value is the next word. */
  readonly taking: readonly string[];
};

/** The part of the answers that follows from the tables alone. */
export function knownWords(groups: readonly CommandGroup[]): KnownWords {
  const commands = groups.flatMap((group) => group.commands).filter(({ hidden }) => hidden !== true);
  const families = new Set(commands.filter(({ name }) => name.includes(' ')).map(({ name }) => firstWord(name)));
  const behind = (path: string, word: string): readonly Candidate[] =>
    answerFor([...path.split(' ').filter(Boolean), word], groups).candidates;
  const bareFamilies = [...families].filter((first) => commands.every(({ name }) => name !== first));
  const shared = behind('', '-').filter(({ word }) => word !== '--version');
  const isOwn = ({ word }: Candidate): boolean => shared.every((each) => each.word !== word);
  const paths = [[''], ...bareFamilies.map((first) => [first]), ...commands.map(({ name, aliases = [] }) => [name, ...aliases])];
  return {
    commands: ['', ...families].map((path) => ({ paths: [path], candidates: behind(path, '') })),
    options: paths.map((each) => ({ paths: each, candidates: behind(each[0] ?? '', '-').filter(isOwn) })),
    shared,
    values: [
      ...commands.flatMap(({ name, aliases = [], options }) => choicesOf(options, [name, ...aliases])),
      ...choicesOf(globalSpecs, ['*']),
    ],
    taking: takingOf(globalSpecs),
  };
}

const takingOf = (specs: OptionSpecs): readonly string[] =>
  Object.entries(specs).flatMap(([name, spec]) => (spec.type === 'flag' || standsAlone(spec) ? [] : flagsOf(name, spec)));

const choicesOf = (specs: OptionSpecs, paths: readonly string[]): readonly Place[] =>
  Object.entries(specs).flatMap(([name, spec]) =>
    spec.type === 'choice' && spec.names === undefined
      ? [
          {
            paths: paths.flatMap((path) => flagsOf(name, spec).map((flag) => `${path} ${flag}`)),
            candidates: spec.choices.map((word) => ({ word, about: '' })),
          },
        ]
      : [],
  );

const flagsOf = (name: string, { short }: { readonly short?: string }): readonly string[] =>
  short === undefined ? [`--${name}`] : [`-${short}`, `--${name}`];
