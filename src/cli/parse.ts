import { CommanderError } from 'commander';
import { UsageError } from '../lib/errors.ts';
import type { Command, CommandGroup } from './command.ts';
import { globalOptionsOf, globalSpecs } from './global-options.ts';
import type { GlobalOptions } from './global-options.ts';
import { programHelp } from './help.ts';
import { firstWord, settleCommandWords } from './command-words.ts';
import { standsAlone } from './options.ts';
import type { OptionSpecs, OptionValues } from './options.ts';
import { buildParser } from './parser.ts';
import type { Seen } from './parser.ts';
import { readValues } from './values.ts';

/** What a command line asks for: a text such as the help, or a command to run. */
export type CommandLine = { readonly is: 'text'; readonly text: string } | CommandCall;
export type CommandCall = {
  readonly is: 'command';
  readonly command: Command;
  readonly args: readonly string[];
  readonly options: OptionValues<OptionSpecs>;
  readonly global: GlobalOptions;
};

/**
 * Reads a command line. Global options may stand before and after the command's name. Throws a
 * `UsageError`, with the word that was probably meant.
 */
export function parseCommandLine(args: readonly string[], groups: readonly CommandGroup[], version: string): CommandLine {
  const commands = groups.flatMap((group) => group.commands);
  const words = settleCommandWords(helpFirst(args), commands);
  // Making the options of all commands would cost more than the parsing.
  const meant = commands.filter(({ name, aliases = [] }) => [firstWord(name), ...aliases].some((word) => words.includes(word)));
  const seen: Seen = { raw: new Map(), text: '', command: undefined, args: [] };
  const program = buildParser({ help: () => programHelp(groups, version), version, commands, meant, seen });
  try {
    program.parse(settleLoneOptions(words, meant), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw usageError(error);
    return { is: 'text', text: seen.text };
  }
  if (seen.command === undefined) throw new Error('the parser found neither a command nor a mistake');
  return commandCall(seen.command, seen);
}

function commandCall(command: Command, { raw, args }: Seen): CommandCall {
  const global = globalOptionsOf(readValues(globalSpecs, raw));
  const { formats = ['text', 'json'], name, options } = command;
  // An option of `dns` may stand before `list`, and `dns list` may not have it.
  const foreign = [...raw.keys()].find((option) => !Object.hasOwn(options, option) && !Object.hasOwn(globalSpecs, option));
  if (foreign !== undefined)
    throw new UsageError(`unknown option '--${foreign}' for ${name}`, { hint: `mcp-portal ${name} --help lists its options.` });
  if (!formats.includes(global.output)) {
    throw new UsageError(`${name} has no ${global.output} output`, { hint: `It has ${formats.join(' and ')}.` });
  }
  return { is: 'command', command, args, options: readValues(options, raw), global };
}

/** `help plan` reads as `plan --help`, and nothing at all as `--help`. */
function helpFirst(args: readonly string[]): readonly string[] {
  if (args.length === 0) return ['--help'];
  const [first, ...rest] = args;
  return first === 'help' ? [...rest, '--help'] : args;
}

/**
 * An option that may stand alone gets its value through `=`, so that the parser cannot take the next
 * word for it: `apply --wait plan.json`. A state file is also taken from a next word in `.json`, and from
 * any next word behind a command that takes none.
 */
function settleLoneOptions(words: readonly string[], meant: readonly Command[]): readonly string[] {
  const specs = new Map([globalSpecs, ...meant.map(({ options }) => options)].flatMap((some) => Object.entries(some)));
  const settled: string[] = [];
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  for (let at = 0; at < end; at++) {
    const word = words[at] ?? '';
    const spec = word.startsWith('--') ? specs.get(word.slice(2)) : undefined;
    const next = at + 1 < end ? words[at + 1] : undefined;
    const afterCommand =
      meant.some(({ name, aliases = [] }) => [firstWord(name), ...aliases].some((word) => words.slice(0, at).includes(word))) &&
      meant.every(({ args = [] }) => args.length === 0);
    const takesNext =
      spec?.type === 'state-file' && next !== undefined && !next.startsWith('-') && (afterCommand || next.endsWith('.json'));
    if (takesNext) at += 1;
    settled.push(spec === undefined || !standsAlone(spec) ? word : `${word}=${takesNext ? next : ''}`);
  }
  return [...settled, ...words.slice(end)];
}

const helpHint = 'mcp-portal --help lists the commands, mcp-portal COMMAND --help their options.';
const suggestion = /\n\(Did you mean (.+?)\?\)$/s;

/** The parser's sentence as one of ours: without its prefix, and with the suggestion as the hint. */
function usageError({ code, message }: CommanderError): UsageError {
  if (code === 'commander.help') return new UsageError('a command is missing', { hint: helpHint });
  const text = message.replace(/^error: /, '').replace(suggestion, '');
  const meant = suggestion.exec(message)?.[1];
  return new UsageError(text, { hint: meant === undefined ? helpHint : `Did you mean ${meant}?` });
}
