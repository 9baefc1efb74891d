import { UnsafePlanError } from '../lib/errors.ts';
import { groupBy } from './group-by.ts';
import { addressOf, type Address } from './kind.ts';
import type { NameTable } from './names.ts';
import { mentions, mentionsAfter, type Mention, type Work } from './work.ts';

/** What must be done before the work at an address starts. */
export type After = (address: Address) => readonly Address[];

/**
 * The order that the works need. Things are made after what they mention, and removed
 * after everything that mentioned them is gone or has let go: the same function, read both ways.
 */
export function dependencies(works: readonly Work[], names: NameTable): After {
  const active = works.filter((work) => work.action !== 'none');
  const graph = createGraph(active);
  const users = usersByMention(active, names);
  for (const work of active) {
    const firsts = work.action === 'delete' ? usersOf(work, users) : madeBefore(work, graph);
    for (const first of firsts) graph.add(work, first);
    if (work.action === 'delete') for (const last of removedAfter(work, graph)) graph.add(last, work);
  }
  afterLettingGo(active, graph, (work) => usersOf(work, users).filter((user) => !keeps(user, work, names)));
  chainReplacements(active, graph);
  return graph.after;
}

type Graph = {
  at(address: Address): Work | undefined;
  add(work: Work, first: Work): void;
  /** True when `work` comes after `first`, directly or over others. */
  comesAfter(work: Work, first: Work): boolean;
  readonly after: After;
};

function createGraph(works: readonly Work[]): Graph {
  const byAddress = new Map(works.map((work) => [work.address, work]));
  const after = new Map(works.map((work) => [work.address, new Set<Address>()]));
  const firstsOf: After = (address) => [...(after.get(address) ?? [])];
  return {
    at: (address) => byAddress.get(address),
    add(work, first) {
      if (first !== work) after.get(work.address)?.add(first.address);
    },
    comesAfter(work, first) {
      const seen = new Set([work.address]);
      for (const address of seen) for (const before of firstsOf(address)) seen.add(before);
      return seen.has(first.address);
    },
    after: firstsOf,
  };
}

/** What is made or changed before this one: what it mentions, and what its kind says it follows. */
function madeBefore(work: Work, graph: Graph): readonly Work[] {
  const mentioned = work.kind.references(work.final).map((reference) => addressOf(reference.kind, reference.ref));
  return [...mentioned, ...(work.desired?.follows ?? [])].flatMap((address) => {
    const first = graph.at(address);
    return first === undefined || first.action === 'delete' ? [] : [first];
  });
}

/** What is removed after this one: what it follows, when that goes, too. */
const removedAfter = (work: Work, graph: Graph): readonly Work[] =>
  (work.desired?.follows ?? []).flatMap((address) => {
    const last = graph.at(address);
    return last?.action === 'delete' ? [last] : [];
  });

type Users = ReadonlyMap<string, readonly { readonly user: Work }[]>;

const keyOf = ({ kind, id }: Mention): string => `${kind}:${id}`;

/** The works whose live object mentions a thing, by that thing. */
function usersByMention(works: readonly Work[], names: NameTable): Users {
  const pairs = works
    .filter((work) => work.existing !== undefined)
    .flatMap((user) => mentions(user.kind, user.live, names).map((mention) => ({ user, key: keyOf(mention) })));
  return groupBy(pairs, ({ key }) => key);
}

const usersOf = ({ existing }: Work, users: Users): readonly Work[] =>
  (users.get(`${existing?.kind}:${existing?.id}`) ?? []).map(({ user }) => user);

/** True when the user mentions the thing after the run, too. */
const keeps = (user: Work, { existing }: Work, names: NameTable): boolean =>
  mentionsAfter(user, names).some(({ kind, id }) => kind === existing?.kind && id === existing.id);

/**
 * A replacement waits for those that let go of its object. Two may swap what they mention: where
 * that closed a circle, the user already waits for the replacement, and that order serves as well.
 */
function afterLettingGo(works: readonly Work[], graph: Graph, lettingGo: (work: Work) => readonly Work[]): void {
  for (const work of works.filter(({ action }) => action === 'replace')) {
    for (const user of lettingGo(work)) if (!graph.comesAfter(user, work)) graph.add(work, user);
  }
}

/**
 * Replacements that touch other objects on their way go one after the other, in
 * an order that everything else allows.
 */
function chainReplacements(works: readonly Work[], graph: Graph): void {
  const touching = (work: Work): boolean => work.action === 'replace' && work.kind.replace !== undefined;
  if (works.filter(touching).length < 2) return;
  const chained = inOrder(works, graph.after).filter(touching);
  chained.reduce((first, work) => {
    graph.add(work, first);
    return work;
  });
}

/**
 * The works so that each stands behind all that it waits for; otherwise in the order given. Throws
 * an `UnsafePlanError` where live objects mention each other in a circle: none of them can go first.
 */
export function inOrder<W extends Work>(works: readonly W[], after: After): readonly W[] {
  const byAddress = new Map(works.map((work) => [work.address, work]));
  const placed = new Set<W>();
  const open = new Set<Address>();
  const visit = (work: W | undefined): void => {
    if (work === undefined || placed.has(work)) return;
    if (open.has(work.address)) throw circle([...open], work.address);
    open.add(work.address);
    for (const first of after(work.address)) visit(byAddress.get(first));
    open.delete(work.address);
    placed.add(work);
  };
  works.forEach(visit);
  return [...placed];
}

const circle = (way: readonly Address[], start: Address): UnsafePlanError =>
  new UnsafePlanError(`these changes wait for each other: ${[...way.slice(way.indexOf(start)), start].join(' → ')}`, {
    code: 'conflict',
    hint: 'their live objects mention each other in a circle: take one mention out first',
  });
