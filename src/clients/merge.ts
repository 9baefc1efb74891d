import type { Change } from './change.ts';
import type { Json, JsonObject } from './client.ts';
import { unfit } from './broken-file.ts';
import { accessHeaders } from './service-token.ts';

/** What belongs into a client's file: `{ SECTION: { NAME: ENTRY } }`, and the questions beside it. */
export type Addition = {
  readonly section: string;
  readonly name: string;
  readonly entry: JsonObject;
  readonly inputs: readonly JsonObject[];
  /** What messages call the file. */
  readonly file: string;
};

/** The keys that say how a server is reached, in any client: those that the new entry does not have would contradict it. */
const connecting = new Set(['type', 'url', 'serverUrl', 'httpUrl', 'uri', 'command', 'cmd', 'args', 'source', 'transport']);

/** Maps, and a list, in which only what belongs to a service token is ours. */
const shared = ['headers', 'env', 'env_http_headers'];
const sharedList = 'env_keys';
const ownKeys = new Set<string>(accessHeaders.flatMap(({ header, variable }) => [header, variable]));

/**
 * What has to change so that `root`, what the file says, has the addition. What else the entry says is its user's:
 * tools that are allowed, time limits, whether it is on, and a secret that stands where we have a placeholder. An
 * empty list: nothing to do.
 */
export function changesFor(root: unknown, addition: Addition): readonly Change[] {
  const { section, name, entry, inputs, file } = addition;
  const top = asMap(root, file, 'the file');
  const servers = asMap(top[section], file, `"${section}"`);
  const present = servers[name];
  const questions = inputs.filter(({ id }) => !hasQuestion(top['inputs'], id, file));
  return [
    ...questions.map((value): Change => ({ op: 'append', path: ['inputs'], value })),
    ...(isMap(present) ? entryChanges(present, entry, [section, name]) : [setting([section, name], entry, present)]),
  ];
}

function entryChanges(present: PlainMap, entry: JsonObject, path: readonly string[]): readonly Change[] {
  const wanted = Object.entries(entry).filter(([key]) => ![...shared, sharedList].includes(key));
  const sets = wanted.filter(
    ([key, value]) => !Object.hasOwn(present, key) || (connecting.has(key) && !says(present[key], value)),
  );
  const stale = Object.keys(present).filter(
    (key) => connecting.has(key) && !Object.hasOwn(entry, key) && !agrees(key, present, entry),
  );
  return [
    ...stale.map((key): Change => ({ op: 'remove', path: [...path, key] })),
    ...sets.map(([key, value]) => setting([...path, key], value, present[key])),
    ...shared.flatMap((key) => mapChanges(present[key], entry[key], [...path, key])),
    ...listChanges(present[sharedList], entry[sharedList], [...path, sharedList]),
  ];
}

function setting(path: readonly string[], value: Json, present: unknown): Change {
  if (present === undefined) return { op: 'set', path, value };
  const was = /^(?:url|serverUrl|httpUrl|uri)$/.test(path.at(-1) ?? '') ? bareUrl(present) : undefined;
  return { op: 'set', path, value, replaces: true, ...(was === undefined ? {} : { was }) };
}

/** A user, a password and a query may be secrets. */
function bareUrl(value: unknown): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  const { protocol, host, pathname } = new URL(value);
  return `${protocol}//${host}${pathname}`;
}

/** `"type": "http"` says nothing new of a client that leaves it out. */
const agrees = (key: string, present: PlainMap, entry: JsonObject): boolean =>
  ['type', 'transport'].includes(key) && !Object.hasOwn(entry, 'command') && /http/i.test(String(present[key]));

function mapChanges(present: unknown, wanted: Json | undefined, path: readonly string[]): readonly Change[] {
  if (!isMap(present)) return wanted === undefined ? [] : [setting(path, wanted, present)];
  const values = isMap(wanted) ? wanted : {};
  const gone = Object.keys(present).filter((key) => ownKeys.has(key) && !Object.hasOwn(values, key));
  if (gone.length > 0 && gone.length === Object.keys(present).length && wanted === undefined) return [{ op: 'remove', path }];
  const missing = Object.entries(values).filter(([key, value]) => !says(present[key], value));
  return [
    ...gone.map((key): Change => ({ op: 'remove', path: [...path, key] })),
    ...missing.map(([key, value]) => setting([...path, key], value, present[key])),
  ];
}

const placeholder = /\$\{(?:env:|input:)?CF_ACCESS_CLIENT_(?:ID|SECRET)\}$/;

/** Whether what stands there is what is wanted, or a value that somebody put in the place of a placeholder. */
function says(present: unknown, wanted: unknown): boolean {
  if (typeof wanted === 'string' && typeof present === 'string' && placeholder.test(wanted)) {
    const start = wanted.replace(placeholder, '');
    return present.startsWith(start) && present.length > start.length;
  }
  if (Array.isArray(wanted) && Array.isArray(present))
    return wanted.length === present.length && wanted.every((value, index) => says(present[index], value));
  if (isMap(wanted) && isMap(present)) {
    const keys = Object.keys(wanted);
    return keys.length === Object.keys(present).length && keys.every((key) => says(present[key], wanted[key]));
  }
  return present === wanted;
}

function listChanges(present: unknown, wanted: Json | undefined, path: readonly string[]): readonly Change[] {
  const items: readonly Json[] = Array.isArray(present) ? present : [];
  const ours: readonly Json[] = Array.isArray(wanted) ? wanted : [];
  const kept = items.filter((item) => ours.includes(item) || !(typeof item === 'string' && ownKeys.has(item)));
  const missing = ours.filter((item) => !items.includes(item));
  if (missing.length === 0 && kept.length === items.length) return [];
  const next = [...kept, ...missing];
  return next.length === 0 ? [{ op: 'remove', path }] : [setting(path, next, present)];
}

function hasQuestion(inputs: unknown, id: Json | undefined, file: string): boolean {
  if (inputs === undefined) return false;
  if (!Array.isArray(inputs)) throw unfit(file, '"inputs" is not a list');
  return inputs.some((input: unknown) => isMap(input) && input['id'] === id);
}

export type PlainMap = { readonly [key: string]: unknown };

export const isMap = (value: unknown): value is PlainMap => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A key that nobody has filled in yet is an empty map. */
function asMap(value: unknown, file: string, what: string): PlainMap {
  if (value === undefined || value === null) return {};
  if (isMap(value)) return value;
  throw unfit(file, `${what} is not a map of names`);
}
