import type { Api } from './api.ts';
import type { Existing, Peers } from './kind.ts';
import type { Work } from './work.ts';

type RivalsOptions = { readonly api: Api; readonly peers: Peers; readonly works: readonly Work[] };

/** Another object with the same identity. */
export type Rival = Omit<Existing, 'kind' | 'live'>;

/**
 * The objects with the identity of what a work has made (or, with nothing made yet, is about to make) that
 * were not there when the plan was read: another run made them at the same time. There are no locks, and no
 * names that the API keeps unique; but of two runs, the one that made its object later sees the other's.
 * A look that fails finds none: it must not cost the run what it has made.
 */
export async function rivalsOf(work: Work, made: unknown, { api, peers, works }: RivalsOptions): Promise<readonly Rival[]> {
  const { kind, action, desired } = work;
  if (action !== 'create' || kind.namesakes === undefined || !isLookedFor(work, works)) return [];
  try {
    const own = made === undefined ? undefined : kind.identify(made);
    const before = new Set(peers.existing(kind.kind).map(({ id }) => id));
    const seen = (await kind.namesakes(api)).map((live) => kind.identify(live));
    const wanted = [seen.find(({ id }) => id === own?.id) ?? own].flatMap((each) => each?.identity ?? []);
    const identities = own === undefined && desired !== undefined ? kind.identities(desired, peers) : wanted;
    return seen.filter(({ id, identity }) => identities.includes(identity) && id !== own?.id && !before.has(id));
  } catch {
    return [];
  }
}

/** The most looks for one kind: a look is a listing, and a large run must not spend its requests on them. */
const mostLooks = 50;

function isLookedFor(work: Work, works: readonly Work[]): boolean {
  const creations = works.filter(({ action, kind }) => action === 'create' && kind === work.kind);
  return creations.findIndex(({ address }) => address === work.address) % Math.ceil(creations.length / mostLooks) === 0;
}
