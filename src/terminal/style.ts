import { plainStyle, type Style } from '../render/style.ts';

export type ColorChoice = 'auto' | 'always' | 'never';
export type StyleOptions = {
  /** `--color`. */
  readonly color: ColorChoice;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the stream that the text goes to is a terminal. */
  readonly isTTY: boolean;
};

/** The style for a stream. Colours are loaded only where they show. */
export async function styleFor(options: StyleOptions): Promise<Style> {
  if (!wantsColor(options)) return plainStyle;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  const { red, green, yellow, cyan, dim, bold } = chalk;
  return { red, green, yellow, cyan, dim, bold };
}

/**
 * The option decides; else NO_COLOR (https://no-color.org: any value but an empty one); else
 * FORCE_COLOR, where 0 and false say no; else whether it is a terminal that can.
 */
function wantsColor({ color, env, isTTY }: StyleOptions): boolean {
  if (color !== 'auto') return color === 'always';
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTTY && env['TERM'] !== 'dumb';
}
