import { groupBy } from './group-by.ts';
import type { Existing, Kind, Peers } from './kind.ts';
import type { NameTable } from './names.ts';
import type { Reader } from './reader.ts';
import { mentions, mentionsAfter, type Mention, type Work } from './work.ts';

/** Works by the live object that they are about. */
export type WorkOf = ReadonlyMap<Existing, Work>;

/** Who mentions what among the live objects that were read. */
export type Usage = {
  /** The live objects that mention this one now, and still will after their works. */
  usersAfter(mention: Mention, workOf: WorkOf): readonly Existing[];
};

export type UsageOptions = {
  readonly kinds: readonly Kind[];
  readonly reader: Reader;
  readonly names: NameTable;
  readonly peers: Peers;
};

/** Each object is translated once, however many questions come: deletions ask one each. */
export function createUsage(options: UsageOptions): Usage {
  const usersIn = createIndexes(options);
  const after = new WeakMap<Work, ReadonlySet<string>>();

  function willMention(work: Work): ReadonlySet<string> {
    const known = after.get(work) ?? new Set(mentionsAfter(work, options.names).map(keyOf));
    after.set(work, known);
    return known;
  }

  return {
    usersAfter(mention, workOf) {
      const key = keyOf(mention);
      const kinds = options.kinds.filter((kind) => kind.refersTo.includes(mention.kind));
      const users = kinds.flatMap((kind) => usersIn(kind).get(key) ?? []).map(({ user }) => user);
      return users.filter((user) => {
        const work = workOf.get(user);
        return work === undefined || willMention(work).has(key);
      });
    },
  };
}

export const worksByObject = (works: readonly Work[]): WorkOf =>
  new Map(works.flatMap((work) => (work.existing === undefined ? [] : [[work.existing, work]])));

const keyOf = (mention: Mention): string => `${mention.kind}:${mention.id}`;

type Users = ReadonlyMap<string, readonly { readonly user: Existing }[]>;

/** The objects of a kind by what they mention. */
function createIndexes({ reader, names, peers }: UsageOptions): (kind: Kind) => Users {
  const indexes = new Map<readonly Existing[], Users>();
  return (kind) => {
    const listing = reader.existing(kind.kind);
    const known = indexes.get(listing);
    if (known !== undefined) return known;
    const pairs = listing.flatMap((user) => {
      const keys = new Set(mentions(kind, kind.toState(user.live, peers), names).map(keyOf));
      return [...keys].map((key) => ({ user, key }));
    });
    const users = groupBy(pairs, ({ key }) => key);
    indexes.set(listing, users);
    return users;
  };
}

/** The kinds whose objects can mention one of these: they have to be read before anything is deleted. */
export function kindsThatMention(kinds: readonly Kind[], mentioned: readonly string[]): readonly string[] {
  return kinds.filter((kind) => kind.refersTo.some((name) => mentioned.includes(name))).map((kind) => kind.kind);
}
