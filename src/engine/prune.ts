import { addressOf, type Existing, type Kind, type Peers } from './kind.ts';
import type { NameTable } from './names.ts';
import type { LeftInPlace } from './plan-types.ts';
import type { Reader } from './reader.ts';
import { kindsThatMention, type Usage } from './usage.ts';
import { mentions, mentionsAfter, removal, type Mention, type Work } from './work.ts';

export type PruneOptions = {
  readonly kinds: readonly Kind[];
  readonly reader: Reader;
  readonly names: NameTable;
  readonly peers: Peers;
  readonly usage: Usage;
  readonly prune: boolean;
};

export type Pruned = { readonly works: readonly Work[]; readonly leftInPlace: readonly LeftInPlace[] };

/**
 * What the run lets go of: live objects that declared ones mentioned, that the document does not
 * mention any more, and that nothing else uses. With `prune` they are deleted, else listed.
 *
 * The search starts at what changed, so a plan without changes reads nothing more.
 */
export async function pruneAfter(works: readonly Work[], options: PruneOptions): Promise<Pruned> {
  const candidates = await reach(works, options);
  if (candidates.length === 0) return { works: [], leftInPlace: [] };
  await options.reader.ensure(kindsThatMention(options.kinds, candidates.map((object) => object.kind)));
  const free = unusedOnes(candidates, works, options);
  const leftInPlace = candidates.filter((object) => !free.includes(object)).map((object) => usedStill(object, works, options));
  if (options.prune) return { works: free.map((object) => pruning(object, options)), leftInPlace };
  const why = 'nothing in the document mentions it any more; --prune deletes it';
  return { works: [], leftInPlace: [...free.map((object) => ({ address: addressFor(object, options), why })), ...leftInPlace] };
}

/** Everything undeclared that is reached from what the works drop. */
async function reach(works: readonly Work[], options: PruneOptions): Promise<readonly Existing[]> {
  const found = new Set<Existing>();
  const queue = [...works.flatMap((work) => dropped(work, options))];
  queue.push(...works.flatMap((work) => reachedFrom(work.existing, options).map(mentionOf)));
  for (let mention = queue.shift(); mention !== undefined; mention = queue.shift()) {
    const { kind: kindName, id } = mention;
    await options.reader.ensure([kindName]);
    const object = options.reader.existing(kindName).find((candidate) => candidate.id === id);
    if (object === undefined || found.has(object) || isDeclared(object, options)) continue;
    const kind = options.kinds.find((candidate) => candidate.kind === kindName);
    if (kind?.prunable !== true) continue;
    found.add(object);
    queue.push(...mentions(kind, kind.toState(object.live, options.peers), options.names));
    await options.reader.ensure(kind.reachesInto ?? []);
    queue.push(...reachedFrom(object, options).map(mentionOf));
  }
  return [...found];
}

function dropped(work: Work, options: PruneOptions): readonly Mention[] {
  if (work.existing === undefined || work.action === 'none') return [];
  const after = mentionsAfter(work, options.names);
  const before = mentions(work.kind, work.live, options.names);
  return before.filter((mention) => !after.some((other) => other.kind === mention.kind && other.id === mention.id));
}

const reachedFrom = (object: Existing | undefined, options: PruneOptions): readonly Existing[] => {
  if (object === undefined) return [];
  return options.kinds.find((kind) => kind.kind === object.kind)?.reaches?.(object, options.peers) ?? [];
};

const mentionOf = (object: Existing): Mention => ({ kind: object.kind, id: object.id });

const isDeclared = (object: Existing, options: PruneOptions): boolean =>
  options.names.addressOfId(object.kind, object.id) !== undefined;

/** The candidates that only candidates use; shrinks until that is true of all. */
function unusedOnes(candidates: readonly Existing[], works: readonly Work[], options: PruneOptions): readonly Existing[] {
  let free = candidates;
  for (;;) {
    const still = free.filter((object) => usersLeft(object, works, options).every((user) => free.includes(user)));
    if (still.length === free.length) return free;
    free = still;
  }
}

const usersLeft = (object: Existing, works: readonly Work[], options: PruneOptions): readonly Existing[] =>
  options.usage
    .usersOf(mentionOf(object))
    .filter((user) => options.usage.stillMentions(user, mentionOf(object), works));

const usedStill = (object: Existing, works: readonly Work[], options: PruneOptions): LeftInPlace => ({
  address: addressFor(object, options),
  why: `still used by ${usersLeft(object, works, options).map((user) => addressFor(user, options)).join(', ')}`,
});

const addressFor = (object: Existing, options: PruneOptions) =>
  addressOf(object.kind, options.names.nameOf(object.kind, object.id));

function pruning(object: Existing, options: PruneOptions): Work {
  const kind = options.kinds.find((candidate) => candidate.kind === object.kind);
  if (kind === undefined) throw new Error(`unknown kind ${object.kind}`);
  const key = options.names.nameOf(object.kind, object.id);
  const base = { address: addressOf(object.kind, key), key, kind, existing: object, desired: undefined };
  return removal(base, options.peers, 'nothing in the document mentions it any more (--prune)');
}
