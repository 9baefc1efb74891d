import { didYouMean } from '../lib/did-you-mean.ts';
import { UsageError } from '../lib/errors.ts';
import { calls, type CallField, type CallSpec } from './call-table.ts';

/** A request as a command line: the command's words, and its options as they would be typed. */
export type Call = {
  /** The request's own word: `add_server`. */
  readonly name: string;
  readonly spec: CallSpec;
  readonly args: readonly string[];
  readonly raw: ReadonlyMap<string, readonly string[]>;
};

type Request = Readonly<Record<string, unknown>>;

/** The request of a JSON text. Throws a `UsageError` for what no command takes. */
export function readCall(json: string): Call {
  const request = parsed(json);
  const { command: given, ...fields } = request;
  if (typeof given !== 'string') throw new UsageError('the request needs "command"', { hint: `one of ${names.join(', ')}` });
  const name = given.replaceAll('-', '_');
  const spec = calls[name];
  if (spec === undefined) throw unknown(`there is no command "${given}"`, name, names);
  const subject = spec.subject.map((field) => fields[field]).find((value) => value !== undefined);
  if (subject === undefined && spec.needsSubject) throw new UsageError(`${name} needs "${spec.subject.join('" or "')}"`);
  const args = subject === undefined ? [] : [textOf(spec.subject[0] ?? 'id', subject)];
  return { name, spec, args, raw: optionsOf(fields, name, spec) };
}

const names = Object.keys(calls);

function parsed(json: string): Request {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new UsageError(`--input-json is not JSON: ${cause instanceof Error ? cause.message.replace(/, ".*$/s, '') : ''}`, {
      cause,
    });
  }
  if (isRecord(value)) return value;
  throw new UsageError('--input-json must be one JSON object', { hint: 'such as {"command":"list_servers"}' });
}

const isRecord = (value: unknown): value is Request => typeof value === 'object' && value !== null && !Array.isArray(value);

function optionsOf(fields: Request, name: string, spec: CallSpec): Call['raw'] {
  const raw = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(fields)) {
    if (spec.subject.includes(key) || value === null) continue;
    const field = Object.hasOwn(spec.fields, key) ? spec.fields[key] : undefined;
    if (field === undefined) throw unknown(`${name} has no field "${key}"`, key, [...spec.subject, ...Object.keys(spec.fields)]);
    raw.set(field.option, [...(raw.get(field.option) ?? []), ...valuesOf(key, value, field)]);
  }
  return raw;
}

function valuesOf(key: string, value: unknown, { many, words = {} }: CallField): readonly string[] {
  if (!Array.isArray(value)) return [words[textOf(key, value)] ?? textOf(key, value)];
  if (many !== true) throw new UsageError(`"${key}" must be one text`);
  return value.map((item: unknown) => textOf(key, isRecord(item) ? (item['server_id'] ?? item['id']) : item));
}

function textOf(key: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new UsageError(`"${key}" must be a text`);
}

function unknown(message: string, word: string, known: readonly string[]): UsageError {
  const guess = didYouMean(word, known);
  const all = known.length === 0 ? 'it takes none' : `there are: ${known.join(', ')}`;
  return new UsageError(message, { hint: guess === undefined ? all : `did you mean ${guess}?` });
}
