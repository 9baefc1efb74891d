import { groupBy } from './group-by.ts';
import { addressOf, type Desired, type Existing, type Kind, type Obstacle, type Peers } from './kind.ts';
import type { NameTable } from './names.ts';
import type { Reader } from './reader.ts';

export type BindOptions = {
  readonly kinds: readonly Kind[];
  readonly desired: readonly Desired[];
  readonly reader: Reader;
  readonly names: NameTable;
  readonly peers: Peers;
};

/** Finds the live object of each desired resource, by identity. Two that match are an obstacle, never a guess. */
export function bind(options: BindOptions): readonly Obstacle[] {
  const byKind = groupBy(options.desired, (resource) => resource.kind);
  return options.kinds.flatMap((kind) => {
    const index = groupBy(options.reader.existing(kind.kind), (object) => object.identity);
    return (byKind.get(kind.kind) ?? []).flatMap((resource) => bindOne(kind, resource, { ...options, index }));
  });
}

type Indexed = BindOptions & { readonly index: ReadonlyMap<string, readonly Existing[]> };

function bindOne(kind: Kind, resource: Desired, options: Indexed): readonly Obstacle[] {
  const hits = kind
    .identities(resource, options.peers)
    .map((identity) => options.index.get(identity) ?? [])
    .find((found) => found.length > 0);
  const address = addressOf(kind.kind, resource.key);
  options.names.release(address);
  const [only, ...others] = hits ?? [];
  if (only === undefined) return [];
  if (others.length > 0) return [ambiguous(kind, resource, [only, ...others])];
  const taken = options.names.addressOfId(kind.kind, only.id) ?? address;
  if (taken !== address) return [sharedBy(taken, resource, only)];
  options.names.bind(address, only);
  return [];
}

const ambiguous = (kind: Kind, resource: Desired, hits: readonly Existing[]): Obstacle => ({
  message: `${addressOf(resource.kind, resource.key)}: ${hits.length} live objects match, and only one ${kind.title} can be the one meant: ${hits.map((hit) => hit.id).join(', ')}`,
  ids: hits.map((hit) => hit.id),
  hint: 'delete or rename the one that is not wanted, then run again',
});

const sharedBy = (taken: string, resource: Desired, existing: Existing): Obstacle => ({
  message: `${taken} and ${addressOf(resource.kind, resource.key)} both stand for the live object ${existing.id} ("${existing.name}")`,
  ids: [existing.id],
  hint: 'give the two entries different names, or remove one',
});
