import { UsageError } from '../lib/errors.ts';
import { mergeDocuments } from './merge.ts';
import { nodeAt, type MapNode, type Node, type Pair } from './node.ts';
import { parseSources } from './parse-sources.ts';
import type { Parsed } from './parsed.ts';
import type { Source } from './source.ts';
import { documentText } from './write.ts';

/** A change of a document. A value that is set replaces what stood there, as a whole. */
export type Edit =
  | { readonly op: 'set'; readonly path: readonly string[]; readonly value: unknown; readonly from?: string }
  | { readonly op: 'remove'; readonly path: readonly string[] }
  /** Puts `key` into the list or the map at `path`, where it is not yet. */
  | { readonly op: 'add'; readonly path: readonly string[]; readonly key: string }
  /** Takes `key` out of the list or the map at `path`. */
  | { readonly op: 'drop'; readonly path: readonly string[]; readonly key: string }
  /** Puts an item into the list at `path`: in the place of the one that says all of `fields`, else at its end. */
  | {
      readonly op: 'put-item';
      readonly path: readonly string[];
      readonly fields: Readonly<Record<string, unknown>>;
      readonly value: unknown;
    }
  /** Takes the items out of the list at `path` that say all of `fields`. */
  | { readonly op: 'drop-items'; readonly path: readonly string[]; readonly fields: Readonly<Record<string, unknown>> };

/** `from` is the option that the value comes from: what messages call it. */
export const set = (path: readonly string[], value: unknown, from?: string): Edit => ({
  op: 'set',
  path,
  value,
  ...(from === undefined ? {} : { from }),
});

/** The sets of `values` below `path`, from options of the same names; what is undefined is left out. */
export const setAll = (path: readonly string[], values: Readonly<Record<string, unknown>>): readonly Edit[] =>
  Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [set([...path, key], value, `--${key}`)]));

/** What messages call the values that were given as options. */
export const commandLine = 'command line';

export type Edited = { readonly sources: readonly Source[]; readonly parsed: readonly Parsed[] };

/**
 * The documents with edits laid over them, in memory. Without a document the edits alone are one. Values
 * of edits stand in a source of their own, so that a mistake in them is told with its place.
 */
export async function withEdits(sources: readonly Source[], edits: readonly Edit[]): Promise<Edited> {
  // Assigning to `__proto__` would change what kind of object the map becomes.
  if (edits.some(({ path }) => path.includes('__proto__'))) throw new UsageError('"__proto__" cannot be used as an id');
  const own = { name: commandLine, text: documentText(asDocument(edits)) };
  const all = [...(sources.length === 0 ? [{ name: commandLine, text: 'version: 1\n' }] : sources), own];
  const parsed = await parseSources(all);
  const roots = parsed.flatMap((one) => (one.ok ? [one.root] : []));
  const [first, ...later] = roots.slice(0, -1);
  const values = roots.at(-1);
  if (roots.length < parsed.length || first === undefined || values === undefined) return { sources: all, parsed };
  const merged = mergeDocuments(first, ...later);
  const root = edits.reduce((document, edit) => edited(document, edit, values), merged);
  return { sources: all, parsed: [{ ok: true, root }] };
}

type Plain = { [key: string]: unknown };

/** All values of the edits as one document, so that each has a place. */
function asDocument(edits: readonly Edit[]): object {
  const root: Plain = {};
  for (const edit of edits) {
    if (edit.op !== 'set') continue;
    let parent = root;
    for (const part of edit.path.slice(0, -1)) parent = childOf(parent, part);
    parent[edit.path.at(-1) ?? ''] = edit.value;
  }
  return root;
}

function childOf(parent: Plain, key: string): Plain {
  const known = parent[key];
  // A map that this function has made itself, or a value of an edit that another edit reaches into.
  if (typeof known === 'object' && known !== null && !Array.isArray(known)) return known as Plain;
  const made: Plain = {};
  parent[key] = made;
  return made;
}

function edited(root: MapNode, edit: Edit, values: MapNode): MapNode {
  const { path } = edit;
  if (edit.op === 'remove') return removed(root, path);
  if (edit.op === 'set') return placed(root, path, values);
  throw new Error(`${edit.op} is an edit of a file's text`);
}

/** `root` with the node that `values` has at `path`. */
function placed(root: MapNode, path: readonly string[], values: MapNode): MapNode {
  const [key, ...rest] = path;
  const from = key === undefined ? undefined : values.pairs.get(key);
  if (key === undefined || from === undefined) throw new Error(`no value at ${path.join('.')}`);
  const below = root.pairs.get(key);
  if (rest.length === 0) return withPair(root, key, from);
  const inner = below?.value.type === 'map' ? below.value : emptied(from.value);
  if (from.value.type !== 'map') throw new Error(`no map at ${key}`);
  return withPair(root, key, { key: below?.key ?? from.key, value: placed(inner, rest, from.value) });
}

const emptied = (node: Node): MapNode => ({ source: node.source, offset: node.offset, type: 'map', pairs: new Map() });

const withPair = (map: MapNode, key: string, pair: Pair): MapNode => ({ ...map, pairs: new Map(map.pairs).set(key, pair) });

function removed(root: MapNode, path: readonly string[]): MapNode {
  const [key, ...rest] = path;
  const below = key === undefined ? undefined : root.pairs.get(key);
  if (key === undefined || below === undefined || nodeAt(root, path) === undefined) return root;
  if (rest.length > 0 && below.value.type === 'map')
    return withPair(root, key, { key: below.key, value: removed(below.value, rest) });
  const pairs = new Map(root.pairs);
  pairs.delete(key);
  return { ...root, pairs };
}
