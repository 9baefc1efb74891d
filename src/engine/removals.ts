import { groupBy } from './group-by.ts';
import { addressOf, type Address, type Existing, type Obstacle, type State } from './kind.ts';
import { kindNamed } from './kind-named.ts';
import type { LeftInPlace } from './plan-types.ts';
import { worksByObject, type Usage, type WorkOf } from './usage.ts';
import { deletion, isDeletion, revision, type Deletion, type Work, type WorkOptions } from './work.ts';

export type Removals = {
  readonly works: readonly Work[];
  readonly leftInPlace: readonly LeftInPlace[];
  readonly obstacles: readonly Obstacle[];
};

export type RemovalOptions = WorkOptions & { readonly usage: Usage };

/** Deletions that cannot be, by their object, with who is in the way. */
type Staying = ReadonlyMap<Existing, { readonly work: Work; readonly users: readonly Existing[] }>;

/**
 * Makes room for the deletions: whatever mentions an object that goes away goes with it or lets go of
 * it first, as its kind says. Where it can do neither, the object stays: that is said, and refused
 * where the document asked for the deletion by name. What stays may keep others in place, so each such
 * find starts anew.
 */
export function settleRemovals(works: readonly Work[], options: RemovalOptions): Removals {
  // Nothing goes away in most plans, and in large ones the indexes below are dear.
  if (!works.some(isDeletion)) return { works, leftInPlace: [], obstacles: [] };
  let staying: Staying = new Map();
  for (;;) {
    const settled = withReleases(withCompanions(works, staying, options), options);
    const stuck = stuckAmong(settled, options);
    if (stuck.size === 0) return { works: settled, ...explained(staying, options) };
    staying = new Map([...staying, ...stuck]);
  }
}

/** The works with the removals of what cannot outlive what goes away, and without those that cannot be. */
function withCompanions(works: readonly Work[], staying: Staying, options: RemovalOptions): readonly Work[] {
  const possible = works.filter((work) => !isDeletion(work) || !staying.has(work.existing));
  const workOf = worksByObject(possible);
  const companions = new Map<Existing, Work>();
  const queue = possible.filter(isDeletion);
  for (const work of queue) {
    for (const user of usersAfter(work, workOf, options)) {
      if (companions.has(user) || staying.has(user) || !goesWith(user, work, options)) continue;
      const companion = takeAlong(user, work.address, { known: workOf.get(user), options });
      companions.set(user, companion);
      queue.push(companion);
    }
  }
  const others = possible.filter((work) => work.existing === undefined || !companions.has(work.existing));
  return [...others, ...companions.values()];
}

/** The works with those of the users changed, or added, so that they let go of what goes away. */
function withReleases(works: readonly Work[], options: RemovalOptions): readonly Work[] {
  const workOf = worksByObject(works);
  const losses = works
    .filter(isDeletion)
    .flatMap((work) => usersAfter(work, workOf, options).map((user) => ({ user, gone: work.address })));
  const released = new Map<Existing | undefined, Work>();
  for (const [user, lost] of groupBy(losses, (loss) => loss.user)) {
    const gone = lost.map((loss) => loss.gone);
    released.set(user, letGo(workOf.get(user) ?? untouched(user, options), gone, options));
  }
  const added = [...released].filter(([user]) => user !== undefined && !workOf.has(user)).map(([, work]) => work);
  return [...works.map((work) => released.get(work.existing) ?? work), ...added];
}

function stuckAmong(works: readonly Work[], options: RemovalOptions): Staying {
  const workOf = worksByObject(works);
  return new Map(
    works.filter(isDeletion).flatMap((work) => {
      const users = usersAfter(work, workOf, options);
      return users.length === 0 ? [] : [[work.existing, { work, users }]];
    }),
  );
}

/** Said where the deletion follows from something else; refused where the document asks for it by name. */
function explained(staying: Staying, options: RemovalOptions): Omit<Removals, 'works'> {
  const leftInPlace: LeftInPlace[] = [];
  const obstacles: Obstacle[] = [];
  for (const { work, users } of staying.values()) {
    const names = users.map((user) => addressOf(user.kind, options.names.nameOf(user.kind, user.id))).join(', ');
    const byName = work.desired?.absent === true && work.desired.why === undefined;
    if (!byName) leftInPlace.push({ address: work.address, why: `still used by ${names}` });
    else
      obstacles.push({
        message: `${work.address} is still used by ${names}`,
        ids: users.map((user) => user.id),
        hint: 'detach it there first',
      });
  }
  return { leftInPlace, obstacles };
}

const usersAfter = ({ existing }: Deletion, workOf: WorkOf, options: RemovalOptions): readonly Existing[] =>
  options.usage.usersAfter({ kind: existing.kind, id: existing.id }, workOf);

const goesWith = (user: Existing, work: Work, options: RemovalOptions): boolean =>
  kindNamed(options.kinds, user.kind).goesWith?.includes(work.kind.kind) === true;

/** A live object that the run has nothing to do with so far. */
function untouched(object: Existing, options: RemovalOptions): Work {
  const kind = kindNamed(options.kinds, object.kind);
  const key = options.names.nameOf(object.kind, object.id);
  const live = kind.toState(object.live, options.peers);
  const nothing = { desired: undefined, wanted: {}, final: live, fields: [], action: 'none' } as const;
  return { address: addressOf(object.kind, key), key, kind, existing: object, live, ...nothing };
}

type Companion = { readonly known: Work | undefined; readonly options: RemovalOptions };

const takeAlong = (user: Existing, gone: Address, { known, options }: Companion): Deletion =>
  deletion({ ...(known ?? untouched(user, options)), existing: user }, options.peers, `goes with ${gone}`);

/** The work without its mentions of what goes away: what that touches is wanted now, too. */
function letGo(work: Work, gone: readonly Address[], options: RemovalOptions): Work {
  const kept = gone.reduce<State>((state, address) => work.kind.release?.(state, address) ?? state, work.final);
  const touched = Object.entries(kept).filter(([key, value]) => value !== work.final[key]);
  const reason = gone.length === 1 ? `${gone.join('')} goes away` : `${gone.length} resources that it mentions go away`;
  return { reason, ...revision({ ...work, wanted: { ...work.wanted, ...Object.fromEntries(touched) } }, options) };
}
