import { addressOf, type Address, type Existing, type Kind, type Peers, type Reference } from './kind.ts';
import type { NameTable } from './names.ts';
import type { LeftInPlace } from './plan-types.ts';
import type { Reader } from './reader.ts';
import { kindsThatMention, worksByObject, type Usage } from './usage.ts';
import { mentions, mentionsAfter, deletion, type Mention, type Work } from './work.ts';

export type PruneOptions = {
  readonly kinds: readonly Kind[];
  readonly reader: Reader;
  readonly names: NameTable;
  readonly peers: Peers;
  readonly usage: Usage;
  readonly prune: boolean;
  /** Only what this very run makes superfluous is told, and nothing is deleted beside what a command names. */
  readonly narrowed: boolean;
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
  const kindsLeft = candidates.map(({ kind }) => kind.kind);
  await options.reader.ensure(kindsThatMention(options.kinds, kindsLeft));
  const workOf = worksByObject(works);
  const judged = candidates.map((candidate) => ({
    ...candidate,
    users: options.usage.usersAfter(mentionOf(candidate.object), workOf),
  }));
  const free = unusedOnes(judged);
  const unused = judged.filter(({ object }) => free.has(object));
  const inUse = judged
    .filter(({ object }) => !free.has(object))
    .map(({ object, users }) => left(object, usedBy(users, options), options));
  if (options.prune) return { works: unused.map((candidate) => pruning(candidate, options)), leftInPlace: inUse };
  return {
    works: [],
    leftInPlace: [...unused.map((candidate) => left(candidate.object, whyLeft(candidate, options), options)), ...inUse],
  };
}

function whyLeft({ object, kind }: Candidate, { narrowed }: PruneOptions): string {
  if (!narrowed) return 'nothing in the document mentions it any more; add --prune to this apply to delete it';
  const command = kind.removedBy?.(object.live);
  return `nothing needs it any more${command === undefined ? '' : `; to remove it: ${command}`}`;
}

/** A live object that may go. */
type Candidate = { readonly object: Existing; readonly kind: Kind };
/** A candidate with those that will still mention it. */
type Judged = Candidate & { readonly users: readonly Existing[] };

/** Everything undeclared that is reached from what the works drop. */
async function reach(works: readonly Work[], options: PruneOptions): Promise<readonly Candidate[]> {
  const found = new Map<Existing, Candidate>();
  const workOf = worksByObject(works);
  const creations = works.filter((work) => work.action === 'create');
  const newlyMentioned = new Set(creations.flatMap((work) => mentionsAfter(work, options.names)).map(keyOf));
  const queue: Mention[] = [];
  if (options.narrowed) queue.push(...works.flatMap((work) => outgrown(work, options)));
  else for (const work of works) queue.push(...(await dropped(work, options)), ...reachedFrom(work.kind, work.existing, options));
  for (const mention of queue) {
    const candidate = newlyMentioned.has(keyOf(mention)) ? undefined : await candidateFor(mention, options);
    if (candidate === undefined || found.has(candidate.object) || workOf.has(candidate.object)) continue;
    const { object, kind } = candidate;
    found.set(object, candidate);
    if (options.narrowed) continue;
    queue.push(...mentions(kind, kind.toState(object.live, options.peers), options.names));
    await options.reader.ensure(kind.reachesInto ?? []);
    queue.push(...reachedFrom(kind, object, options));
  }
  return [...found.values()];
}

/** The object that is mentioned, if it is one that a run may prune. */
async function candidateFor(mention: Mention, { kinds, names, reader }: PruneOptions): Promise<Candidate | undefined> {
  if (names.addressOfId(mention.kind, mention.id) !== undefined) return undefined; // declared
  const kind = kinds.find((candidate) => candidate.kind === mention.kind);
  if (kind?.prunable !== true) return undefined;
  await reader.ensure([mention.kind]);
  const object = reader.existing(mention.kind).find((existing) => existing.id === mention.id);
  return object === undefined ? undefined : { object, kind };
}

/** What the live object mentions now and will not mention after the run. */
async function dropped(work: Work, { kinds, names, reader }: PruneOptions): Promise<readonly Mention[]> {
  if (work.existing === undefined || work.action === 'none') return [];
  const said = ({ kind, ref }: Reference): string => `${kind}:${ref}`;
  const kept = new Set(work.action === 'delete' ? [] : work.kind.references(work.final).map(said));
  const lost = work.kind.references(work.live).filter((reference) => !kept.has(said(reference)));
  const prunable = new Set(kinds.filter((kind) => kind.prunable === true).map(({ kind }) => kind));
  // An id that was not read is only a word; of what never goes, that is enough.
  await reader.ensure(lost.map(({ kind }) => kind).filter((kind) => prunable.has(kind)));
  const after = new Set(mentionsAfter(work, names).map(keyOf));
  return mentions(work.kind, work.live, names).filter((mention) => !after.has(keyOf(mention)));
}

const reachedFrom = (kind: Kind, object: Existing | undefined, options: PruneOptions): readonly Mention[] =>
  object === undefined ? [] : (kind.reaches?.(object, options.peers) ?? []).map(mentionOf);

/** What a work's object reaches because of this run, and would not reach without it. */
function outgrown({ kind, existing }: Work, options: PruneOptions): readonly Mention[] {
  const withoutRun = { ...options, peers: { ...options.peers, desired: () => [] } };
  const before = new Set(reachedFrom(kind, existing, withoutRun).map(keyOf));
  return reachedFrom(kind, existing, options).filter((mention) => !before.has(keyOf(mention)));
}

const keyOf = ({ kind, id }: Mention): string => `${kind}:${id}`;

const mentionOf = ({ kind, id }: Existing): Mention => ({ kind, id });

/** The candidates that only candidates use; shrinks until that is true of all. */
function unusedOnes(candidates: readonly Judged[]): ReadonlySet<Existing> {
  const free = new Set(candidates.map(({ object }) => object));
  for (let size = -1; size !== free.size;) {
    size = free.size;
    for (const { object, users } of candidates) if (users.some((user) => !free.has(user))) free.delete(object);
  }
  return free;
}

const left = (object: Existing, why: string, options: PruneOptions): LeftInPlace => ({
  address: addressFor(object, options),
  why,
});

const usedBy = (users: readonly Existing[], options: PruneOptions): string =>
  `still used by ${users.map((user) => addressFor(user, options)).join(', ')}`;

const addressFor = (object: Existing, options: PruneOptions): Address =>
  addressOf(object.kind, options.names.nameOf(object.kind, object.id));

function pruning({ object, kind }: Candidate, options: PruneOptions): Work {
  const key = options.names.nameOf(object.kind, object.id);
  const base = { address: addressOf(object.kind, key), key, kind, existing: object, desired: undefined };
  return deletion(base, options.peers, 'nothing in the document mentions it any more (--prune)');
}
