import { lists, type Catalogue, type Item, type List } from './items.ts';

/** What was accepted of a server, and when. */
export type LockedServer = Catalogue & {
  /** RFC 3339, in UTC. */
  readonly accepted: string;
};

/** What was accepted, by server. */
export type Lock = { readonly servers: ReadonlyMap<string, LockedServer> };

/** What a digest is about, in the words of the report. */
export type Part = 'schema' | 'description' | 'annotations';

/** One tool or prompt that is not as the lock has it. */
export type Difference = {
  readonly server: string;
  readonly list: List;
  readonly name: string;
  readonly change: 'new' | 'gone' | 'changed';
  /** What changed under the unchanged name. */
  readonly parts: readonly Part[];
  /** The starts of the descriptions. */
  readonly before: string | undefined;
  readonly after: string | undefined;
};

/** What a run saw of the servers: undefined for one whose tools Cloudflare has not read. */
export type Seen = ReadonlyMap<string, Catalogue | undefined>;

/**
 * What is new, gone or changed since it was accepted, in the order of servers and names. A server that
 * was not read is not judged; one that is not looked at any more counts as gone.
 */
export function compareLock({ servers }: Lock, seen: Seen): readonly Difference[] {
  const ids = [...new Set([...servers.keys(), ...seen.keys()])].toSorted();
  return ids.flatMap((server) => {
    if (seen.has(server) && seen.get(server) === undefined) return [];
    return lists.flatMap((list) =>
      compareItems({ server, list }, servers.get(server)?.[list] ?? [], seen.get(server)?.[list] ?? []),
    );
  });
}

/** The servers that were to be looked at and that Cloudflare has not read. */
export const unreadIn = (seen: Seen): readonly string[] => [...seen].flatMap(([id, found]) => (found === undefined ? [id] : []));

type Where = Pick<Difference, 'server' | 'list'>;

function compareItems(where: Where, before: readonly Item[], after: readonly Item[]): readonly Difference[] {
  const former = byName(before);
  const present = byName(after);
  return [...new Set([...former.keys(), ...present.keys()])].toSorted().flatMap((name): readonly Difference[] => {
    const [old, now] = [former.get(name), present.get(name)];
    const texts = { before: old?.text, after: now?.text };
    if (old === undefined) return [{ ...where, name, change: 'new', parts: [], ...texts }];
    if (now === undefined) return [{ ...where, name, change: 'gone', parts: [], ...texts }];
    const parts = changedParts(old, now);
    return parts.length === 0 ? [] : [{ ...where, name, change: 'changed', parts, ...texts }];
  });
}

const changedParts = (old: Item, now: Item): readonly Part[] =>
  (['description', 'schema', 'annotations'] as const).filter((part) => old[part] !== now[part]);

const byName = (items: readonly Item[]): ReadonlyMap<string, Item> => new Map(items.map((item) => [item.name, item]));

/**
 * The lock with what was seen accepted. A server without a difference keeps its time, so that the file
 * stays as it is; one that was not read keeps what was accepted of it.
 */
export function acceptedLock(lock: Lock, seen: Seen, now: Date): Lock {
  const moved = new Set(compareLock(lock, seen).map(({ server }) => server));
  const accepted = `${now.toISOString().slice(0, 19)}Z`;
  const entries = [...seen].flatMap(([id, found]): readonly (readonly [string, LockedServer])[] => {
    const former = lock.servers.get(id);
    if (found === undefined) return former === undefined ? [] : [[id, former]];
    const time = former === undefined || moved.has(id) ? accepted : former.accepted;
    return [[id, { ...found, accepted: time }]];
  });
  return { servers: new Map(entries) };
}
