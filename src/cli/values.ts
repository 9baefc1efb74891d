import { UsageError } from '../lib/errors.ts';
import type { OptionSpec, OptionSpecs, OptionValues } from './options.ts';

/** What stood on the command line, in order: texts of each option, `true` where it stood alone. */
export type RawValues = ReadonlyMap<string, readonly (string | true)[]>;

/** The typed values of options. Throws a `UsageError` for a value that the option cannot have. */
export function readValues<Specs extends OptionSpecs>(specs: Specs, raw: RawValues): OptionValues<Specs> {
  const entries = Object.entries(specs).map(([name, spec]) => [name, readOption(name, spec, raw.get(name) ?? [])]);
  // `readOption` gives for each spec what `OptionValues` says; a mapped type cannot follow it there.
  return Object.fromEntries(entries) as OptionValues<Specs>;
}

function readOption(name: string, spec: OptionSpec, given: readonly (string | true)[]): unknown {
  const last = given.at(-1);
  if (spec.type === 'flag') return last !== undefined;
  if (spec.type === 'list') return given;
  if (last === undefined) return 'default' in spec ? spec.default : undefined;
  if (last === true) return true;
  if (last === '') throw new UsageError(`--${name} needs a value`);
  if (spec.type === 'integer') return readInteger(name, spec, last);
  if (spec.type === 'seconds') return readSeconds(name, last);
  if (spec.type === 'choice') return readChoice(name, spec, last);
  return last;
}

function readInteger(name: string, { min, max }: { readonly min: number; readonly max?: number }, text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= min && number <= (max ?? Number.MAX_SAFE_INTEGER)) return number;
  const range = max === undefined ? `${min} or more` : `${min} to ${max}`;
  throw new UsageError(`--${name} must be a whole number, ${range}, not "${text}"`);
}

function readSeconds(name: string, text: string): number {
  const seconds = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && seconds > 0) return seconds;
  throw new UsageError(`--${name} must be a number of seconds above 0, not "${text}"`);
}

function readChoice(name: string, { choices }: { readonly choices: readonly string[] }, text: string): string {
  if (choices.includes(text)) return text;
  throw new UsageError(`--${name} must be one of ${choices.join(', ')}, not "${text}"`);
}
