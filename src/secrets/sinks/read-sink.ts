import type { SinkContent, StoredSecret } from '../../engine/stored-secrets.ts';
import { homePath } from '../home-path.ts';
import { Secret } from '../secret.ts';
import { realDisk } from './disk.ts';
import { variablesIn } from './dotenv-text.ts';
import { parseSink } from './parse-sink.ts';
import type { SinkPlace } from './sink.ts';
import { fieldsOf } from './variables.ts';

/**
 * What a `file:` or `dotenv:` sink holds. Undefined for a sink that cannot be read back, for a file
 * that is not there or that the sink would refuse to write, and for one that cannot be understood.
 * Never throws: a secret that is not found is asked for elsewhere.
 */
export async function readSink(spec: string, place: SinkPlace): Promise<SinkContent | undefined> {
  const parsed = parseSink(spec);
  if (!parsed.ok || (parsed.sink.to !== 'file' && parsed.sink.to !== 'dotenv')) return undefined;
  const read = parsed.sink.to === 'file' ? recordsIn : (text: string) => [fieldsOf(variablesIn(text))];
  try {
    const text = await textAt(homePath(parsed.sink.path, place), place);
    return text === undefined ? undefined : { sink: spec, secrets: read(text).map((values) => storedIn(spec, values)) };
  } catch {
    return undefined;
  }
}

/** Only a regular file is read: a pipe would wait for its writer. */
async function textAt(path: string, { world, disk = realDisk }: SinkPlace): Promise<string | undefined> {
  return (await disk.inspect(path)).is === 'file' ? world.files.read(path) : undefined;
}

type Values = { readonly [field: string]: unknown };

/** The JSON objects of a text, one in each line; other lines are none of ours. */
const recordsIn = (text: string): readonly Values[] => text.split(/\r?\n/).flatMap(recordIn);

function recordIn(line: string): readonly Values[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? [{ ...value }] : [];
  } catch {
    return [];
  }
}

/** What somebody edited into something that no header can carry is no value. */
const storedIn = (spec: string, values: Values): StoredSecret =>
  Object.fromEntries(
    Object.entries(values).flatMap(([field, value]) =>
      typeof value === 'string' && value !== '' && !/\p{Cc}/u.test(value) ? [[field, Secret.of(spec, value)]] : [],
    ),
  );
