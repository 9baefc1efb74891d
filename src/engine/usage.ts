import type { Existing, Kind, Peers } from './kind.ts';
import type { NameTable } from './names.ts';
import type { Reader } from './reader.ts';
import { mentions, mentionsAfter, type Mention, type Work } from './work.ts';

/** Who mentions what among the live objects that were read, before and after the run. */
export type Usage = {
  /** The live objects that mention this one now. */
  usersOf(mention: Mention): readonly Existing[];
  /** True when the object will still mention the other one after the works given. */
  stillMentions(user: Existing, mention: Mention, works: readonly Work[]): boolean;
};

export type UsageOptions = {
  readonly kinds: readonly Kind[];
  readonly reader: Reader;
  readonly names: NameTable;
  readonly peers: Peers;
};

export function createUsage(options: UsageOptions): Usage {
  const { kinds, reader, names, peers } = options;
  const kindOf = new Map(kinds.map((kind) => [kind.kind, kind]));
  const memo = new Map<Existing, readonly Mention[]>();

  function mentionsOf(existing: Existing): readonly Mention[] {
    const known = memo.get(existing);
    if (known !== undefined) return known;
    const kind = kindOf.get(existing.kind);
    const found = kind === undefined ? [] : mentions(kind, kind.toState(existing.live, peers), names);
    memo.set(existing, found);
    return found;
  }

  function usersOf(mention: Mention): readonly Existing[] {
    return kinds
      .filter((kind) => kind.refersTo.includes(mention.kind))
      .flatMap((kind) => reader.existing(kind.kind))
      .filter((existing) => mentionsOf(existing).some((other) => isSame(other, mention)));
  }

  function stillMentions(user: Existing, mention: Mention, works: readonly Work[]): boolean {
    const work = works.find((candidate) => candidate.existing === user);
    if (work === undefined) return mentionsOf(user).some((other) => isSame(other, mention));
    return mentionsAfter(work, names).some((other) => isSame(other, mention));
  }

  return { usersOf, stillMentions };
}

const isSame = (left: Mention, right: Mention): boolean => left.kind === right.kind && left.id === right.id;

/** The kinds whose objects can mention one of these: they have to be read before anything is deleted. */
export function kindsThatMention(kinds: readonly Kind[], mentioned: readonly string[]): readonly string[] {
  return kinds.filter((kind) => kind.refersTo.some((name) => mentioned.includes(name))).map((kind) => kind.kind);
}
