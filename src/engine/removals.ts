import { addressOf, type Address, type Existing, type Kind, type Obstacle } from './kind.ts';
import type { LeftInPlace } from './plan-types.ts';
import type { Usage } from './usage.ts';
import { removal, revision, type Work, type WorkOptions } from './work.ts';

export type Removals = {
  readonly works: readonly Work[];
  readonly leftInPlace: readonly LeftInPlace[];
  readonly obstacles: readonly Obstacle[];
};

/**
 * Makes room for the deletions: whatever mentions an object that goes away lets go of it first (a
 * portal of its server). Where it cannot (an application of its policy), the object stays: that is
 * said, and refused where the document asked for the deletion by name.
 */
export function settleRemovals(works: readonly Work[], usage: Usage, options: WorkOptions): Removals {
  let current = works;
  const leftInPlace: LeftInPlace[] = [];
  const obstacles: Obstacle[] = [];
  for (let work = nextUnsettled(current, usage); work !== undefined; work = nextUnsettled(current, usage)) {
    const users = usersAfter(work, current, usage);
    const companions = users.filter((user) => kindOf(user, options)?.goesWith?.includes(work.kind.kind) === true);
    if (companions.length > 0) {
      current = companions.reduce((list, user) => takeAlong(list, { user, gone: work.address, options }), current);
      continue;
    }
    const stubborn = users.filter((user) => kindOf(user, options)?.release === undefined);
    if (stubborn.length === 0) {
      current = users.reduce((list, user) => letGo(list, { user, gone: work.address, options }), current);
      continue;
    }
    const names = stubborn.map((user) => addressOf(user.kind, options.names.nameOf(user.kind, user.id))).join(', ');
    if (work.desired?.absent === true && work.reason !== 'destroy') {
      obstacles.push({ message: `${work.address} is still used by ${names}`, ids: stubborn.map((user) => user.id), hint: 'detach it there first' });
    } else leftInPlace.push({ address: work.address, why: `still used by ${names}` });
    current = current.filter((other) => other !== work);
  }
  return { works: current, leftInPlace, obstacles };
}

const usersAfter = (work: Work, works: readonly Work[], usage: Usage): readonly Existing[] => {
  if (work.existing === undefined) return [];
  const mention = { kind: work.existing.kind, id: work.existing.id };
  return usage.usersOf(mention).filter((user) => usage.stillMentions(user, mention, works));
};

const nextUnsettled = (works: readonly Work[], usage: Usage): Work | undefined =>
  works.find((work) => work.action === 'delete' && usersAfter(work, works, usage).length > 0);

const kindOf = (user: Existing, options: WorkOptions): Kind | undefined => options.kinds.find((kind) => kind.kind === user.kind);

type Release = { readonly user: Existing; readonly gone: Address; readonly options: WorkOptions };

/** The works with the one of `user` changed, or added, so that it no longer mentions what goes away. */
function letGo(works: readonly Work[], release: Release): readonly Work[] {
  const { user, gone, options } = release;
  const known = works.find((work) => work.existing === user);
  if (known !== undefined) return works.map((work) => (work === known ? released(work, gone) : work));
  const kind = kindOf(user, options);
  if (kind === undefined) return works;
  const live = kind.toState(user.live, options.peers);
  const key = options.names.nameOf(user.kind, user.id);
  const base = { address: addressOf(user.kind, key), key, kind, existing: user, desired: undefined, live, wanted: live };
  return [...works, released(revision(base, { resendSecrets: false }), gone)];
}

/** The works with the removal of something that cannot outlive what goes away. */
function takeAlong(works: readonly Work[], companion: Release): readonly Work[] {
  const { user, gone, options } = companion;
  const known = works.find((work) => work.existing === user);
  const kind = kindOf(user, options);
  if (kind === undefined) return works;
  const key = known?.key ?? options.names.nameOf(user.kind, user.id);
  const base = { address: addressOf(user.kind, key), key, kind, existing: user, desired: known?.desired };
  return [...works.filter((work) => work !== known), removal(base, options.peers, `goes with ${gone}`)];
}

function released(work: Work, gone: Address): Work {
  const wanted = work.kind.release?.(work.final, gone) ?? work.final;
  return { ...revision({ ...work, wanted }, { resendSecrets: false }), reason: `${gone} goes away` };
}
