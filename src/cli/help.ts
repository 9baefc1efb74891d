import type { Argument, Command, CommandGroup } from './command.ts';
import { globalSpecs } from './global-options.ts';
import { familyOf } from './command-words.ts';
import { standsAlone } from './options.ts';
import type { OptionSpec, OptionSpecs } from './options.ts';

type Row = readonly [term: string, meaning: string];

/** The help of the whole program. Pure, so that the build can write it down once. */
export function programHelp(groups: readonly CommandGroup[], version: string): string {
  const lists = groups.map(
    ({ title, commands }) => [title, commands.filter((command) => command.hidden !== true).map(commandRow)] as const,
  );
  return sections([
    `mcp-portal ${version}: Cloudflare Zero Trust MCP server portals from one YAML file.`,
    'Usage: mcp-portal COMMAND [options]',
    ...lists.map(([title, rows]) => block(title, rows)),
    block('Options of every command', optionRows(globalSpecs)),
    block('Other', [
      ['-h, --help', 'this text, or the help of a command: mcp-portal plan --help'],
      ['-V, --version', 'the version'],
    ]),
    block('Environment', environment),
    block('Exit codes', exitCodeRows),
  ]);
}

/** The help of one command; of `commands`, those below it are listed: `dns list` with `dns`. */
export function commandHelp(command: Command, commands: readonly Command[] = []): string {
  const { name, args = [], options, description, summary, aliases = [], examples } = command;
  const usage = ['mcp-portal', name, ...args.map(argumentText), '[options]'].join(' ');
  const family = familyOf(name, commands);
  return sections([
    `Usage: ${usage}`,
    description ?? `${summary}.`,
    block(
      'Arguments',
      args.map((argument): Row => [argument.name, argument.summary]),
    ),
    block('Commands', family.map(commandRow)),
    block('Options', optionRows(options)),
    block(
      'Also called',
      aliases.map((alias): Row => [`mcp-portal ${alias}`, '']),
    ),
    block(
      'Examples',
      examples.map((example): Row => [example, '']),
    ),
    'The options of every command: mcp-portal --help',
  ]);
}

/** The help of the first word of two-word commands: `service-token`. */
export function familyHelp(family: string, commands: readonly Command[]): string {
  return sections([`Usage: mcp-portal ${family} COMMAND [options]`, block('Commands', commands.map(commandRow))]);
}

const environment: readonly Row[] = [
  ['CLOUDFLARE_API_TOKEN', 'an API token, or'],
  ['CLOUDFLARE_API_KEY, CLOUDFLARE_EMAIL', 'a global API key and its user'],
  ['CLOUDFLARE_ACCOUNT_ID', 'the account, where neither --account nor the document names it'],
  ['CLOUDFLARE_BASE_URL', 'another API endpoint'],
];

const exitCodeRows: readonly Row[] = [
  ['0', 'done, or nothing to do'],
  ['1', 'failed'],
  ['2', 'changes are pending (drift, plan --detailed-exitcode)'],
  ['3', 'refused by a guard, nothing changed'],
  ['4', 'not ready in time, or a person must act'],
  ['64', 'the command line or the document is not valid'],
  ['130', 'interrupted'],
];

const commandRow = ({ name, summary }: Command): Row => [name, summary];

const optionRows = (specs: OptionSpecs): readonly Row[] =>
  Object.entries(specs).map(([name, spec]): Row => [optionText(name, spec), meaning(spec)]);

function optionText(name: string, spec: OptionSpec): string {
  const short = spec.short === undefined ? '    ' : `-${spec.short}, `;
  if (spec.type === 'flag') return `${short}--${name}`;
  return standsAlone(spec) ? `${short}--${name}[=${spec.value}]` : `${short}--${name} ${spec.value}`;
}

const meaning = (spec: OptionSpec): string =>
  'default' in spec && spec.default !== undefined ? `${spec.summary} (default: ${spec.default})` : spec.summary;

function argumentText({ name, required, many }: Argument): string {
  const text = many === true ? `${name}…` : name;
  return required ? text : `[${text}]`;
}

const sections = (texts: readonly string[]): string => `${texts.filter((text) => text !== '').join('\n\n')}\n`;

const width = 100;
const widestTerm = 36;

function block(title: string, rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const column = Math.min(widestTerm, Math.max(...rows.map(([term]) => term.length))) + 4;
  return [`${title}:`, ...rows.flatMap((row) => rowLines(row, column))].join('\n');
}

function rowLines([term, text]: Row, column: number): readonly string[] {
  const [first = '', ...rest] = wrap(text, width - column);
  const indent = ' '.repeat(column);
  const head = `  ${term}`;
  const start =
    head.length + 2 > column && first !== '' ? [head, `${indent}${first}`] : [`${head.padEnd(column)}${first}`.trimEnd()];
  return [...start, ...rest.map((line) => `${indent}${line}`)];
}

function wrap(text: string, limit: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > limit) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
