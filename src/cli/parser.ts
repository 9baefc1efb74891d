import { Argument, Command as Parser, Option } from 'commander';
import type { Argument as ArgumentSpec, Command } from './command.ts';
import { familyOf, firstWord } from './command-words.ts';
import { globalSpecs } from './global-options.ts';
import { commandHelp, familyHelp } from './help.ts';
import { standsAlone } from './options.ts';
import type { OptionSpec, OptionSpecs } from './options.ts';

/** What the parser met on a command line. */
export type Seen = {
  readonly raw: Map<string, (string | true)[]>;
  /** A help text or the version, when one was asked for. */
  text: string;
  command: Command | undefined;
  args: readonly string[];
};

type Parts = {
  help(): string;
  readonly version: string;
  readonly commands: readonly Command[];
  /** The commands that get their options and arguments; the others are only known by name. */
  readonly meant: readonly Command[];
  readonly seen: Seen;
};

/** A parser that writes nothing and never exits: it fills `seen`, or throws a `CommanderError`. */
export function buildParser({ help, version, commands, meant, seen }: Parts): Parser {
  const program = quietParser('mcp-portal', help, seen).version(version, '-V, --version').enablePositionalOptions();
  addOptions(program, globalSpecs, seen);
  for (const command of commands) {
    const parser = parserOf(program, command, { commands, seen });
    if (meant.includes(command)) complete(parser, command, { commands, seen });
  }
  addBetween(program, { commands, meant, seen });
  return program;
}

/** The parser of a command; a command of two words hangs below one for its first word. */
function parserOf(
  program: Parser,
  { name, aliases = [], hidden }: Command,
  { commands, seen }: Pick<Parts, 'commands' | 'seen'>,
): Parser {
  const [first = name, second] = name.split(' ');
  const top =
    findChild(program, first) ??
    addChild(
      program,
      quietParser(first, () => familyHelp(first, familyOf(first, commands)), seen),
      hidden === true,
    );
  const parser =
    second === undefined
      ? top
      : addChild(
          top,
          quietParser(second, () => '', seen),
        );
  return parser.aliases(aliases.map((alias) => alias.split(' ').at(-1) ?? alias));
}

/** Global options also stand between the two words of a command: `service-token --account ID list`. */
function addBetween(program: Parser, { commands, meant, seen }: Pick<Parts, 'commands' | 'meant' | 'seen'>): void {
  for (const first of new Set(meant.map(({ name }) => firstWord(name)))) {
    const top = findChild(program, first);
    if (top !== undefined && !commands.some(({ name }) => name === first)) addOptions(top, globalSpecs, seen);
  }
}

const findChild = (parent: Parser, name: string): Parser | undefined =>
  parent.commands.find((command) => command.name() === name);

function addChild(parent: Parser, parser: Parser, hidden = false): Parser {
  parent.addCommand(parser.enablePositionalOptions(), { hidden });
  return parser;
}

function complete(parser: Parser, command: Command, { commands, seen }: Pick<Parts, 'commands' | 'seen'>): void {
  addOptions(parser, command.options, seen);
  addOptions(parser, globalSpecs, seen);
  for (const argument of command.args ?? []) parser.addArgument(new Argument(argumentFlags(argument)));
  parser.helpInformation = () => commandHelp(command, commands);
  parser.action(() => {
    seen.command = command;
    seen.args = parser.args;
  });
}

function quietParser(name: string, help: () => string, seen: Seen): Parser {
  const parser = new Parser(name).exitOverride().helpCommand(false).helpOption('-h, --help');
  parser.helpInformation = help;
  const writeOut = (text: string): void => {
    seen.text += text;
  };
  return parser.configureOutput({ writeOut, writeErr: () => {}, outputError: () => {} });
}

function addOptions(parser: Parser, specs: OptionSpecs, { raw }: Seen): void {
  for (const [name, spec] of Object.entries(specs)) {
    parser.addOption(new Option(optionFlags(name, spec)));
    parser.on(`option:${name}`, (value?: string | null) => {
      const values = raw.get(name) ?? [];
      raw.set(name, [...values, value === undefined || value === null || (value === '' && standsAlone(spec)) ? true : value]);
    });
  }
}

function optionFlags(name: string, spec: OptionSpec): string {
  const flags = spec.short === undefined ? `--${name}` : `-${spec.short}, --${name}`;
  if (spec.type === 'flag') return flags;
  return standsAlone(spec) ? `${flags} [${spec.value}]` : `${flags} <${spec.value}>`;
}

function argumentFlags({ name, required, many }: ArgumentSpec): string {
  const text = many === true ? `${name}...` : name;
  return required ? `<${text}>` : `[${text}]`;
}
