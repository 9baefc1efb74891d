import type { OpenApi } from '../../cloudflare/client.ts';
import { addressOf, type Address, type Kind } from '../../engine/kind.ts';
import type { Readiness } from '../../engine/readiness.ts';
import type { Proposal } from '../../engine/plan.ts';
import { ApiError } from '../../lib/errors.ts';
import type { World } from '../../world.ts';

/** What became of one resource that was waited for. `live` is as it was last seen; undefined for what is gone. */
export type Followed = { readonly address: Address; readonly readiness: Readiness; readonly live: unknown };

export type Waited = { readonly ok: boolean; readonly resources: readonly Followed[] };

export type WaitOptions = {
  readonly world: Pick<World, 'now' | 'sleep' | 'signal'>;
  readonly api: OpenApi;
  readonly proposal: Proposal;
  /** 0 looks once. */
  readonly seconds: number;
  /** Which of the declared resources, and of those that the run worked on, are waited for. */
  concerns(address: Address): boolean;
  /** Told of every change of a resource's readiness. */
  onChange(followed: Followed): void;
  /** Told before each pause what is still to come, and how many seconds are left for it. */
  onPause?(coming: readonly Followed[], secondsLeft: number): void;
};

/** Cloudflare locks an account out for minutes when it is asked too often (Q96). */
const pollMs = 3000;

/**
 * Follows what the document declares until it is usable. Stops at once where waiting cannot help: a
 * failure that is not retryable, or a person who has to sign in.
 */
export async function waitUntilReady(options: WaitOptions): Promise<Waited> {
  const { world, seconds } = options;
  const deadline = world.now().getTime() + seconds * 1000;
  const targets = targetsOf(options);
  let lost = await startThese(
    targets.filter(({ isStarted }) => !isStarted),
    options.api,
  );
  let before: readonly Followed[] = [];
  for (let round = 1; ; round++) {
    const latest = await look(targets, options.api.fresh());
    tellChanges(before, latest, options);
    before = latest;
    const left = deadline - world.now().getTime();
    if (!latest.some(mayBecomeReady) || left <= 0 || world.signal.aborted)
      return { ok: latest.every(isReady), resources: latest };
    options.onPause?.(latest.filter(mayBecomeReady), Math.ceil(left / 1000));
    await world.sleep(Math.min(pollMs, left), world.signal);
    // Each time after twice as long: the upstream may be back, and the account's rate limit is shared.
    if (isPowerOfTwo(round)) lost = await startThese(again(targets, latest, lost), options.api);
  }
}

const isReady = ({ readiness }: Followed): boolean => readiness.is === 'ready';
const mayPass = ({ readiness }: Followed): boolean => readiness.is === 'failed' && readiness.retryable;
const mayBecomeReady = (followed: Followed): boolean => followed.readiness.is === 'waiting' || mayPass(followed);
/** What may do better the next time: what failed for the moment, and what may never have been set going. */
function again(targets: readonly Target[], latest: readonly Followed[], lost: ReadonlySet<Address>): readonly Target[] {
  const wanted = latest.filter((one) => mayPass(one) || (one.readiness.is === 'waiting' && lost.has(one.address)));
  const addresses = new Set(wanted.map(({ address }) => address));
  return targets.filter(({ address }) => addresses.has(address));
}

const isPowerOfTwo = (number: number): boolean => (number & (number - 1)) === 0;

/** A resource to follow, with the live object that the run left. */
type Target = {
  readonly address: Address;
  readonly kind: Kind;
  readonly id: string;
  readonly live: unknown;
  /** The run was an operation on it: that has set going what there is to wait for. */
  readonly isStarted: boolean;
};

function targetsOf({ proposal, concerns }: WaitOptions): readonly Target[] {
  const kinds = proposal.kinds.filter((kind) => kind.readiness !== undefined);
  return kinds.flatMap((kind) => {
    const operated = new Set(
      proposal.works.filter((work) => work.kind === kind && work.operation !== undefined).map(({ address }) => address),
    );
    const declared = proposal.peers.desired(kind.kind).filter(({ absent }) => !absent);
    const addresses = new Set([...declared.map(({ key }) => addressOf(kind.kind, key)), ...operated]);
    return [...addresses].filter(concerns).flatMap((address) => {
      const bound = proposal.names.bound(address);
      return bound === undefined ? [] : [{ address, kind, id: bound.id, live: bound.live, isStarted: operated.has(address) }];
    });
  });
}

/** Sets going what is not ready yet, save where only a person can. Gives what nobody knows of whether it was set going. */
async function startThese(targets: readonly Target[], api: OpenApi): Promise<ReadonlySet<Address>> {
  const startable = targets.filter(({ kind, live }) => !['ready', 'person'].includes(kind.readiness?.(live).is ?? 'ready'));
  const lost = await Promise.all(startable.map(async (target) => ((await isStarting(target, api)) ? [] : [target.address])));
  return new Set(lost.flat());
}

/** False where the answer was lost: an upstream that is slow to answer is no failure, and the next look tells more. */
async function isStarting({ kind, live }: Target, api: OpenApi): Promise<boolean> {
  try {
    await kind.prepare?.(api, live);
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.code === 'outcome_unknown') return false;
    throw error;
  }
}

const gone: Readiness = { is: 'failed', why: 'it is not there any more', retryable: false };

/** One listing per kind. */
async function look(targets: readonly Target[], api: OpenApi): Promise<readonly Followed[]> {
  const kinds = [...new Set(targets.map(({ kind }) => kind))];
  const lists = await Promise.all(kinds.map((kind) => kind.list({ api, desired: [], everything: false })));
  const liveAt = new Map(
    kinds.flatMap((kind, at) => (lists[at] ?? []).map((live) => [`${kind.kind}:${kind.identify(live).id}`, live])),
  );
  return targets.map(({ address, kind, id }) => {
    const live = liveAt.get(`${kind.kind}:${id}`);
    return { address, live, readiness: live === undefined ? gone : (kind.readiness?.(live) ?? { is: 'ready' }) };
  });
}

function tellChanges(before: readonly Followed[], latest: readonly Followed[], { onChange }: WaitOptions): void {
  const known = new Map(before.map(({ address, readiness }) => [address, JSON.stringify(readiness)]));
  for (const one of latest) if (known.get(one.address) !== JSON.stringify(one.readiness)) onChange(one);
}
