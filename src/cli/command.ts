import type { ExitCode } from '../lib/errors.ts';
import type { CommandOutput } from '../terminal/output.ts';
import type { World } from '../world.ts';
import type { GlobalOptions, OutputFormat } from './global-options.ts';
import type { OptionSpecs, OptionValues } from './options.ts';

/** What a command is given: `run(invocation: Invocation<typeof planOptions>)`. */
export type Invocation<Specs extends OptionSpecs = OptionSpecs> = {
  readonly world: World;
  /** The words after the command's name that belong to no option. */
  readonly args: readonly string[];
  readonly options: OptionValues<Specs>;
  readonly global: GlobalOptions;
  readonly output: CommandOutput;
};

/** A command's code. A method, so that commands with different options stand in one table. */
export type CommandModule<Specs extends OptionSpecs = OptionSpecs> = {
  run(invocation: Invocation<Specs>): Promise<ExitCode>;
};

export type Argument = {
  /** As the help shows it: `PLANFILE`. */
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
  readonly many?: true;
  /** What it names, for completion: a kind of the document's resources (`server`), or `address`. */
  readonly names?: string;
  /** The words that completion offers for it. */
  readonly choices?: readonly string[];
};

/** A command as data: what the parser and the help need without loading its code. */
export type Command<Specs extends OptionSpecs = OptionSpecs> = {
  /** One word, or two for a command of a group: `service-token create`. */
  readonly name: string;
  /** Other names, as long as the name: `service-token delete`. */
  readonly aliases?: readonly string[];
  /** For programs: in no help, and never suggested. */
  readonly hidden?: true;
  /** One line, without a full stop. */
  readonly summary: string;
  readonly description?: string;
  readonly args?: readonly Argument[];
  readonly options: Specs;
  /** The output formats that the command has; text and json when left out. */
  readonly formats?: readonly OutputFormat[];
  /** Command lines as a user types them, without `$`. */
  readonly examples: readonly string[];
  load(): Promise<CommandModule<Specs>>;
};

/** Commands under one heading of the help. */
export type CommandGroup = { readonly title: string; readonly commands: readonly Command[] };

/** Holds a table entry's code to the options that the entry declares. */
export const defineCommand = <const Specs extends OptionSpecs>(command: Command<Specs>): Command => command;
