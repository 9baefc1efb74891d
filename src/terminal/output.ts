import type { GlobalOptions, OutputFormat } from '../cli/global-options.ts';
import { jsonText } from '../render/json.ts';
import type { Style } from '../render/style.ts';
import type { World } from '../world.ts';
import { styleFor } from './style.ts';

/** Where a command's words go: the result to standard output, everything else to standard error. */
export type CommandOutput = {
  readonly format: OutputFormat;
  /** The styles of what is printed on standard output and on standard error. */
  readonly style: Style;
  readonly errorStyle: Style;
  /** The width of the terminal that standard output is; undefined for files and pipes. */
  readonly columns: number | undefined;
  /** Text of the result. A final newline is added where it is missing. */
  result(text: string): void;
  /** The one JSON document of a run with `-o json`. */
  json(document: object): boolean;
  /** Progress and advice, on standard error; `--quiet` drops it. */
  notice(text: string): void;
  /** What must be seen even with `--quiet`, on standard error. */
  warning(text: string): void;
};

export type OutputOptions = Pick<GlobalOptions, 'output' | 'color' | 'quiet'>;

export async function createOutput({ stdout, stderr, env }: World, options: OutputOptions): Promise<CommandOutput> {
  const { output: format, color, quiet } = options;
  return {
    format,
    style: await styleFor({ color, env, isTTY: stdout.isTTY }),
    errorStyle: await styleFor({ color, env, isTTY: stderr.isTTY }),
    columns: stdout.isTTY ? stdout.columns : undefined,
    result: (text) => void stdout.write(asLine(text)),
    json: (document) => stdout.write(jsonText(document)),
    notice: (text) => void (quiet || stderr.write(asLine(text))),
    warning: (text) => void stderr.write(asLine(text)),
  };
}

const asLine = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
