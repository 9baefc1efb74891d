import { groupBy } from './group-by.ts';
import { addressOf, type DocumentEntry, type Existing, type Kind, type Peers, type State } from './kind.ts';
import type { FieldRules } from './field-rules.ts';
import { createNames, type NameTable } from './names.ts';
import type { Reader } from './reader.ts';
import { isNothing, isPlain } from './values.ts';
import { mentions } from './work.ts';

export type ExportOptions = {
  readonly kinds: readonly Kind[];
  /** Everything of the account, read already. */
  readonly reader: Reader;
  /** Where to start, by address; what these reach comes along. */
  isRoot(address: string): boolean;
};

/** A document's sections, ready to be written; `leftOut` says what no document can express, and why. */
export type Exported = {
  readonly sections: { readonly [section: string]: unknown };
  readonly leftOut: readonly string[];
};

type Candidate = {
  readonly kind: Kind;
  readonly object: Existing;
  readonly key: string;
  readonly state: State;
  readonly entry: DocumentEntry | undefined;
};

/** The account as a document whose plan is empty. Secrets become references. */
export function exportDocument(options: ExportOptions): Exported {
  const { kinds, reader } = options;
  const keyed = kinds.flatMap((kind) => keysFor(kind, reader.existing(kind.kind)));
  const declared = new Set(keyed.map(({ kind, key }) => addressOf(kind.kind, key)));
  const names = createNames({ isDeclared: (address) => declared.has(address), existing: reader.existing });
  for (const { kind, key, object } of keyed) names.bind(addressOf(kind.kind, key), object);
  const peers: Peers = { names, live: names.bound, existing: reader.existing, desired: () => [], stored: () => [] };
  const candidates = keyed.map(({ kind, object, key }): Candidate => {
    const state = kind.toState(object.live, peers);
    return { kind, object, key, state, entry: kind.toEntry?.(key, state, peers) };
  });
  return { sections: sectionsFrom(reachable(candidates, options, names), kinds), leftOut: twins(kinds, reader) };
}

type Keyed = Pick<Candidate, 'kind' | 'object' | 'key'>;

/** A key for each object that an identity alone can find again; the others stay out, mentioned by id. */
function keysFor(kind: Kind, objects: readonly Existing[]): readonly Keyed[] {
  const taken = new Set<string>();
  return withTwins(objects, false).map((object) => {
    const wish = object.name === object.id ? object.id : slug(object.name) || kind.kind.replaceAll('_', '-');
    const key = firstFree(wish, taken);
    taken.add(key);
    return { kind, object, key };
  });
}

/** The objects that share their identity with another, or those that do not. */
const withTwins = (objects: readonly Existing[], shared: boolean): readonly Existing[] =>
  [...groupBy(objects, (object) => object.identity).values()].filter((alike) => alike.length > 1 === shared).flat();

const twins = (kinds: readonly Kind[], reader: Reader): readonly string[] =>
  kinds.flatMap((kind) =>
    withTwins(reader.existing(kind.kind), true).map(
      ({ name, id }) => `the ${kind.title} "${name}" (${id}) has a twin of the same name, which a document cannot tell apart`,
    ),
  );

function firstFree(wish: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const key = number === 1 ? wish : `${wish}-${number}`;
    if (!taken.has(key)) return key;
  }
}

const slug = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);

/** The roots, what they mention, and what stands in the same entries: a server's application, say. */
function reachable(candidates: readonly Candidate[], options: ExportOptions, names: NameTable): readonly Candidate[] {
  const byId = new Map(candidates.map((candidate) => [`${candidate.kind.kind}:${candidate.object.id}`, candidate]));
  const found = new Set(candidates.filter(({ kind, key }) => options.isRoot(addressOf(kind.kind, key))));
  const entries = (): ReadonlySet<string> =>
    new Set([...found].flatMap(({ entry }) => (entry?.key === undefined ? [] : [`${entry.section}.${entry.key}`])));
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const { kind, state } of found) {
      for (const mention of mentions(kind, state, names)) {
        const next = byId.get(`${mention.kind}:${mention.id}`);
        if (next !== undefined) found.add(next);
      }
    }
    const open = entries();
    for (const candidate of candidates) if (open.has(`${candidate.entry?.section}.${candidate.entry?.key}`)) found.add(candidate);
  }
  return candidates.filter((candidate) => found.has(candidate));
}

function sectionsFrom(candidates: readonly Candidate[], kinds: readonly Kind[]): Exported['sections'] {
  const maps: { [section: string]: { [key: string]: State } } = {};
  const lists: { [section: string]: State[] } = {};
  for (const { kind, entry, key } of candidates) {
    if (entry === undefined) continue;
    const value = essential(entry.value, kind.fields, key);
    if (entry.key === undefined) (lists[entry.section] ??= []).push(value);
    else {
      const section = (maps[entry.section] ??= {});
      section[entry.key] = { ...section[entry.key], ...value };
    }
  }
  const order = kinds.flatMap((kind) => kind.section?.name ?? []);
  const present = order.filter((name) => maps[name] !== undefined || lists[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, maps[name] ?? lists[name]]));
}

/** Without what creation would fill in by itself: it reads better, and means the same. */
function essential(value: State, rules: FieldRules, key: string): State {
  const kept = Object.entries(value)
    .map(([field, inner]) => [field, pruned(inner, rules, [field])] as const)
    .filter(([field, inner]) => inner !== undefined && !(field === 'name' && inner === key));
  return Object.fromEntries(kept);
}

function pruned(value: unknown, rules: FieldRules, path: readonly string[]): unknown {
  const rule = rules[path.join('.')];
  if (value === rule?.serverDefault) return undefined;
  if (isPlain(value)) {
    const inner = Object.entries(value).map(
      ([key, field]) => [key, pruned(field, rules, [...path, rule?.map === true ? '*' : key])] as const,
    );
    const kept = Object.fromEntries(inner.filter(([, field]) => field !== undefined));
    // An entry of a map says something by being there: a link without settings is still a link.
    return Object.keys(kept).length === 0 && path.at(-1) !== '*' ? undefined : kept;
  }
  return isNothing(value) ? undefined : value;
}
