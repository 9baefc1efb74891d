import { readAndBind, type Context } from './context.ts';
import type { Api } from './api.ts';
import { addressOf, type Address, type Desired, type Finding, type Kind, type Peers } from './kind.ts';
import { essentialKinds } from './essential-kinds.ts';
import { kindNamed } from './kind-named.ts';
import type { NameTable } from './names.ts';
import { dependencies, inOrder } from './order.ts';
import type { Change, Plan, Unmanaged } from './plan-types.ts';
import { pruneAfter } from './prune.ts';
import type { Reader } from './reader.ts';
import { settleRemovals } from './removals.ts';
import { withinTargets } from './target.ts';
import { createUsage, kindsThatMention } from './usage.ts';
import { refuse } from './refuse.ts';
import { remarksOf } from './remarks.ts';
import { isActive, isLeftAlone, obstaclesOf, workFor, type PlannedWork, type Work } from './work.ts';

export type PlanOptions = {
  readonly api: Api;
  readonly kinds: readonly Kind[];
  readonly desired: readonly Desired[];
  readonly findings: readonly Finding[];
  readonly prune?: boolean;
  /** The run is about what a command names: of the rest only what it makes superfluous is told. */
  readonly narrowed?: boolean;
  readonly targets?: readonly string[];
  readonly resendSecrets?: boolean;
  readonly showUnmanaged?: boolean;
  /** What the sinks of the document's resources hold; nothing where left out. */
  readonly stored?: Peers['stored'];
};

/** A plan with what carrying it out needs. Only `plan` is ever shown or saved. */
export type Proposal = {
  readonly kinds: readonly Kind[];
  readonly plan: Plan;
  readonly works: readonly PlannedWork[];
  readonly names: NameTable;
  readonly peers: Peers;
  readonly reader: Reader;
};

/**
 * Reads what the document touches and says what it would take to make the account match. Writes
 * nothing. Throws `UnsafePlanError` when something stands in the way, with every reason at once.
 */
export async function makePlan(options: PlanOptions): Promise<Proposal> {
  const context = await readAndBind(options);
  const { works, leftInPlace } = await allWorks(options, context);
  const { reader, names, peers } = context;
  const after = dependencies(works, names);
  const active = inOrder(works.filter(isActive), after);
  const chosen = withinTargets(active, after, { targets: options.targets ?? [], known: () => knownAddresses(options, context) });
  const planned = chosen.map((work) => ({ ...work, after: after(work.address) }));
  const plan: Plan = {
    account: options.api.account,
    changes: planned.map((work) => changeOf(work, peers)),
    unchanged: works.filter(isUnchanged).length,
    left_in_place: leftInPlace,
    unmanaged: options.showUnmanaged === true ? await unmanaged(options, { ...context, works }) : [],
    diagnostics: [...options.findings, ...remarksOf(works, peers)],
  };
  return { kinds: options.kinds, plan, works: planned, names, peers, reader };
}

/** What the document declares, and what is as it says. */
const isUnchanged = (work: Work): boolean =>
  work.action === 'none' && work.existing !== undefined && work.desired?.absent === false && !isLeftAlone(work);

type AllWorks = { readonly works: readonly Work[]; readonly leftInPlace: Plan['left_in_place'] };

/** What each resource of the document takes, and what follows from that for others. */
async function allWorks(options: PlanOptions, context: Context): Promise<AllWorks> {
  const { reader, peers } = context;
  const { kinds, desired, resendSecrets = false, prune = false, narrowed = false } = options;
  const workOptions = { ...context, kinds, resendSecrets };
  const own = desired.map((resource) => workFor(resource, kindNamed(kinds, resource.kind), workOptions));
  const losing = own.filter((work) => work.action === 'delete' || work.action === 'replace');
  await reader.ensure(
    kindsThatMention(
      kinds,
      losing.map((work) => work.kind.kind),
    ),
  );
  const usage = createUsage({ ...context, kinds });
  const removals = settleRemovals(own, { ...workOptions, usage });
  const blocked = [...new Set([...own, ...removals.works])].flatMap((work) => obstaclesOf(work, peers));
  refuse([...context.obstacles, ...blocked, ...removals.obstacles]);
  const pruned = await pruneAfter(removals.works, { ...context, kinds, usage, prune, narrowed });
  return { works: [...removals.works, ...pruned.works], leftInPlace: [...removals.leftInPlace, ...pruned.leftInPlace] };
}

function changeOf(work: PlannedWork, peers: Peers): Change {
  const { action, kind } = work;
  const impact = action === 'create' ? undefined : kind.impact?.(action, work.live, peers);
  return {
    address: work.address,
    kind: kind.kind,
    key: work.key,
    action,
    ...(work.reason === undefined ? {} : { reason: work.reason }),
    ...(impact === undefined ? {} : { impact }),
    fields: work.fields,
    after: work.after,
  };
}

/** The live objects that the document does not speak of, of the essential kinds and of those that it has. */
async function unmanaged(
  options: PlanOptions,
  seen: Context & { readonly works: readonly Work[] },
): Promise<readonly Unmanaged[]> {
  const { reader, names } = seen;
  const essential = essentialKinds(options.kinds);
  const kinds = options.kinds.filter(
    (kind) => essential.includes(kind) || options.desired.some((resource) => resource.kind === kind.kind),
  );
  await reader.ensure(kinds.map((kind) => kind.kind));
  const touched = new Set(seen.works.map((work) => work.existing));
  return kinds
    .flatMap((kind) => reader.existing(kind.kind))
    .filter((object) => !touched.has(object) && names.addressOfId(object.kind, object.id) === undefined)
    .map((object) => ({ address: addressOf(object.kind, names.nameOf(object.kind, object.id)), id: object.id }));
}

const knownAddresses = ({ kinds, desired }: PlanOptions, { reader, names }: Context): readonly Address[] => [
  ...desired.map((resource) => addressOf(resource.kind, resource.key)),
  ...kinds
    .flatMap((kind) => reader.existing(kind.kind))
    .map((object) => addressOf(object.kind, names.nameOf(object.kind, object.id))),
];
