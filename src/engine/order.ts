import { addressOf, type Address } from './kind.ts';
import type { NameTable } from './names.ts';
import { mentions, type Work } from './work.ts';

/**
 * What must be done before each work starts. Things are made after what they mention, and removed
 * after everything that mentioned them is gone or has let go: the same function, read both ways.
 */
export function dependencies(works: readonly Work[], names: NameTable): ReadonlyMap<Address, readonly Address[]> {
  const active = works.filter((work) => work.action !== 'none');
  const byAddress = new Map(active.map((work) => [work.address, work]));
  const users = usersByMention(active, names);
  const after = new Map<Address, Set<Address>>(active.map((work) => [work.address, new Set<Address>()]));
  const add = (work: Work, first: Work | undefined) => {
    if (first !== undefined && first !== work) after.get(work.address)?.add(first.address);
  };
  for (const work of active) {
    if (work.action === 'delete') for (const user of usersOf(work, users)) add(work, user);
    else for (const first of comesFirst(work)) addUnlessGone(add, work, byAddress.get(first));
    if (work.action === 'replace') for (const user of usersOf(work, users)) if (!uses(user, work)) add(work, user);
    if (work.action === 'delete') for (const first of work.desired?.follows ?? []) addIfGone(add, byAddress.get(first), work);
  }
  chainReplacements(active, add);
  return new Map([...after].map(([address, set]) => [address, [...set]]));
}

type Add = (work: Work, first: Work | undefined) => void;

/** What this resource is made after: its references, and what its kind says it follows. */
const comesFirst = (work: Work): readonly Address[] => [
  ...work.kind.references(work.final).map((reference) => addressOf(reference.kind, reference.ref)),
  ...(work.desired?.follows ?? []),
];

function addUnlessGone(add: Add, work: Work, first: Work | undefined): void {
  if (first?.action !== 'delete') add(work, first);
}

function addIfGone(add: Add, work: Work | undefined, first: Work): void {
  if (work?.action === 'delete') add(work, first);
}

type Users = ReadonlyMap<string, readonly Work[]>;

const usersOf = (work: Work, users: Users): readonly Work[] =>
  work.existing === undefined ? [] : (users.get(`${work.existing.kind}:${work.existing.id}`) ?? []);

const uses = (user: Work, used: Work): boolean =>
  user.action !== 'delete' && user.kind.references(user.final).some((reference) => addressOf(reference.kind, reference.ref) === used.address);

/** The works whose live object mentions a thing, by that thing. */
function usersByMention(works: readonly Work[], names: NameTable): Users {
  const users = new Map<string, Work[]>();
  for (const work of works.filter((candidate) => candidate.existing !== undefined)) {
    for (const mention of mentions(work.kind, work.live, names)) {
      const key = `${mention.kind}:${mention.id}`;
      const list = users.get(key);
      if (list === undefined) users.set(key, [work]);
      else list.push(work);
    }
  }
  return users;
}

/** Replacements that touch other objects on their way (a server's portals) go one after the other. */
function chainReplacements(works: readonly Work[], add: Add): void {
  const chained = works.filter((work) => work.action === 'replace' && work.kind.replace !== undefined);
  chained.forEach((work, index) => {
    add(work, chained[index - 1]);
  });
}

/** The works so that each stands behind all that it waits for; otherwise in the order given. */
export function inOrder(works: readonly Work[], after: ReadonlyMap<Address, readonly Address[]>): readonly Work[] {
  const byAddress = new Map(works.map((work) => [work.address, work]));
  const placed = new Set<Work>();
  const visit = (work: Work | undefined, open: ReadonlySet<Work>): void => {
    if (work === undefined || placed.has(work)) return;
    if (open.has(work)) throw new Error(`a circle of changes at ${work.address}`);
    for (const first of after.get(work.address) ?? []) visit(byAddress.get(first), new Set([...open, work]));
    placed.add(work);
  };
  for (const work of works) visit(work, new Set());
  return [...placed];
}
