import { UnsafePlanError } from '../lib/errors.ts';
import { bind } from './bind.ts';
import { addressOf, type Address, type Api, type Desired, type Finding, type Kind, type Obstacle, type Peers } from './kind.ts';
import { createNames, looksLikeId, type NameTable } from './names.ts';
import { dependencies, inOrder } from './order.ts';
import type { Change, Plan, Unmanaged } from './plan-types.ts';
import { pruneAfter } from './prune.ts';
import { createReader, type Reader } from './reader.ts';
import { settleRemovals } from './removals.ts';
import { withinTargets } from './target.ts';
import { createUsage, kindsThatMention } from './usage.ts';
import { obstaclesOf, workFor, type Work } from './work.ts';

export type PlanOptions = {
  readonly api: Api;
  readonly kinds: readonly Kind[];
  readonly desired: readonly Desired[];
  readonly findings: readonly Finding[];
  readonly prune?: boolean;
  readonly targets?: readonly string[];
  readonly resendSecrets?: boolean;
  readonly showUnmanaged?: boolean;
  /** The names of the run that is read back: `desired` is then only a part of the document. */
  readonly names?: NameTable;
};

/** A plan with what carrying it out needs. Only `plan` is ever shown or saved. */
export type Proposal = {
  readonly kinds: readonly Kind[];
  readonly plan: Plan;
  readonly works: readonly Work[];
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
  const { reader, names, peers, obstacles } = context;
  const resendSecrets = options.resendSecrets === true;
  const works = options.desired.map((desired) => workFor(desired, kindOf(options, desired), { ...options, names, peers, resendSecrets }));
  const blocked = [...obstacles, ...works.flatMap((work) => obstaclesOf(work, peers))];
  refuse(blocked);

  const usage = createUsage({ kinds: options.kinds, reader, names, peers });
  const going = works.filter((work) => work.action === 'delete' || work.action === 'replace').map((work) => work.kind.kind);
  await reader.ensure(kindsThatMention(options.kinds, going));
  const removals = settleRemovals(works, usage, { ...options, names, peers, resendSecrets: false });
  refuse(removals.obstacles);
  const pruned = await pruneAfter(removals.works, { ...options, reader, names, peers, usage, prune: options.prune === true });

  const all = [...removals.works, ...pruned.works];
  const after = dependencies(all, names);
  const active = inOrder(all.filter((work) => work.action !== 'none'), after);
  const chosen = withinTargets(active, after, { targets: options.targets ?? [], known: () => knownAddresses(options, reader, names) });
  if (options.showUnmanaged === true) await reader.ensure(options.kinds.map((kind) => kind.kind));
  const plan: Plan = {
    account: options.api.account,
    changes: chosen.map((work) => changeOf(work, after, peers)),
    unchanged: works.filter((work) => work.action === 'none' && work.existing !== undefined && work.desired?.absent === false).length,
    left_in_place: [...removals.leftInPlace, ...pruned.leftInPlace],
    unmanaged: options.showUnmanaged === true ? unmanaged(options, { reader, names, works: all }) : [],
    diagnostics: [...options.findings, ...peopleWanted(works)],
  };
  return { kinds: options.kinds, plan, works: chosen, names, peers, reader };
}

type Context = { readonly reader: Reader; readonly names: NameTable; readonly peers: Peers; readonly obstacles: readonly Obstacle[] };

/** One listing per kind in use, all at once, then identities. */
export async function readAndBind(options: Pick<PlanOptions, 'api' | 'kinds' | 'desired' | 'showUnmanaged' | 'names'>): Promise<Context> {
  const declared = new Set(options.desired.map((desired) => addressOf(desired.kind, desired.key)));
  const reader = createReader({ ...options, everything: options.showUnmanaged === true });
  const names = options.names ?? createNames({ isDeclared: (address) => declared.has(address), existing: reader.existing });
  const peers: Peers = {
    names,
    live: (address) => names.bound(address),
    existing: reader.existing,
    desired: (kind) => options.desired.filter((desired) => desired.kind === kind),
  };
  await reader.ensure(kindsInUse(options, names));
  const obstacles = bind({ kinds: options.kinds, desired: options.desired, reader, names, peers });
  return { reader, names, peers, obstacles };
}

/** The kinds that the document has, and those that it mentions by a live name. */
function kindsInUse(options: Pick<PlanOptions, 'kinds' | 'desired'>, names: NameTable): readonly string[] {
  const used = new Set(options.desired.map((desired) => desired.kind));
  for (const desired of options.desired) {
    for (const { kind, ref } of options.kinds.find((candidate) => candidate.kind === desired.kind)?.references(desired.state) ?? []) {
      if (!names.isDeclared(addressOf(kind, ref)) && !looksLikeId(ref)) used.add(kind);
    }
  }
  return [...used];
}

function kindOf(options: PlanOptions, desired: Desired): Kind {
  const kind = options.kinds.find((candidate) => candidate.kind === desired.kind);
  if (kind === undefined) throw new Error(`unknown kind ${desired.kind}`);
  return kind;
}

function refuse(obstacles: readonly Obstacle[]): void {
  if (obstacles.length === 0) return;
  const hints = [...new Set(obstacles.map((obstacle) => obstacle.hint).filter((hint) => hint !== undefined))];
  throw new UnsafePlanError(obstacles.map((obstacle) => obstacle.message).join('\n'), { code: 'conflict', hint: hints.join('; ') || undefined });
}

function changeOf(work: Work, after: ReadonlyMap<Address, readonly Address[]>, peers: Peers): Change {
  const { action, kind } = work;
  if (action === 'none') throw new Error(`${work.address} has nothing to do`);
  const impact = action === 'create' ? undefined : kind.impact?.(action, work.live, peers);
  return {
    address: work.address,
    kind: kind.kind,
    key: work.key,
    action,
    ...(work.reason === undefined ? {} : { reason: work.reason }),
    ...(impact === undefined ? {} : { impact }),
    fields: work.fields,
    after: after.get(work.address) ?? [],
  };
}

type Seen = { readonly reader: Reader; readonly names: NameTable; readonly works: readonly Work[] };

function unmanaged(options: PlanOptions, seen: Seen): readonly Unmanaged[] {
  const touched = new Set(seen.works.map((work) => work.existing));
  return options.kinds.flatMap((kind) =>
    seen.reader
      .existing(kind.kind)
      .filter((object) => !touched.has(object) && seen.names.addressOfId(kind.kind, object.id) === undefined)
      .map((object) => ({ address: addressOf(kind.kind, seen.names.nameOf(kind.kind, object.id)), id: object.id })),
  );
}

const knownAddresses = (options: PlanOptions, reader: Reader, names: NameTable): readonly Address[] => [
  ...options.desired.map((desired) => addressOf(desired.kind, desired.key)),
  ...options.kinds.flatMap((kind) => reader.existing(kind.kind).map((object) => addressOf(kind.kind, names.nameOf(kind.kind, object.id)))),
];

/** Live resources that wait for somebody: said in every plan, because no apply can do it. */
const peopleWanted = (works: readonly Work[]): readonly Finding[] =>
  works.flatMap((work) => {
    if (work.existing === undefined || work.action === 'delete') return [];
    const readiness = work.kind.readiness?.(work.existing.live);
    if (readiness?.is !== 'person') return [];
    return [{ severity: 'info', code: 'MCP090', message: `${work.address}: ${readiness.why}`, hint: readiness.next } as const];
  });
