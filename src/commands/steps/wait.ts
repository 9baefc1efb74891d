import type { OpenApi } from '../../cloudflare/client.ts';
import { addressOf, type Address, type Kind } from '../../engine/kind.ts';
import type { Readiness } from '../../engine/readiness.ts';
import type { Proposal } from '../../engine/plan.ts';
import type { World } from '../../world.ts';

/** What became of one resource that was waited for. */
type Followed = { readonly address: Address; readonly readiness: Readiness };

export type Waited = { readonly ok: boolean; readonly resources: readonly Followed[] };

export type WaitOptions = {
  readonly world: Pick<World, 'now' | 'sleep' | 'signal'>;
  readonly api: OpenApi;
  readonly proposal: Proposal;
  readonly seconds: number;
  /** Which of the declared resources are waited for. */
  concerns(address: Address): boolean;
  /** Told of every change of a resource's readiness. */
  onChange(followed: Followed): void;
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
  await startThese(targets, options.api);
  let before: readonly Followed[] = [];
  for (let round = 1; ; round++) {
    const latest = await look(targets, options.api.fresh());
    tellChanges(before, latest, options);
    before = latest;
    const left = deadline - world.now().getTime();
    if (!latest.some(mayBecomeReady) || left <= 0 || world.signal.aborted)
      return { ok: latest.every(isReady), resources: latest };
    await world.sleep(Math.min(pollMs, left), world.signal);
    // Each time after twice as long: the upstream may be back, and the account's rate limit is shared.
    const again = new Set(latest.filter(mayPass).map(({ address }) => address));
    if (isPowerOfTwo(round))
      await startThese(
        targets.filter((target) => again.has(target.address)),
        options.api,
      );
  }
}

const isReady = ({ readiness }: Followed): boolean => readiness.is === 'ready';
const mayPass = ({ readiness }: Followed): boolean => readiness.is === 'failed' && readiness.retryable;
const mayBecomeReady = (followed: Followed): boolean => followed.readiness.is === 'waiting' || mayPass(followed);
const isPowerOfTwo = (number: number): boolean => (number & (number - 1)) === 0;

/** A resource to follow, with the live object that the run left. */
type Target = { readonly address: Address; readonly kind: Kind; readonly id: string; readonly live: unknown };

function targetsOf({ proposal, concerns }: WaitOptions): readonly Target[] {
  const kinds = proposal.kinds.filter((kind) => kind.readiness !== undefined);
  return kinds.flatMap((kind) =>
    proposal.peers.desired(kind.kind).flatMap((desired) => {
      const address = addressOf(kind.kind, desired.key);
      const bound = proposal.names.bound(address);
      return bound === undefined || desired.absent || !concerns(address)
        ? []
        : [{ address, kind, id: bound.id, live: bound.live }];
    }),
  );
}

/** Sets going what is not ready yet, save where only a person can. */
async function startThese(targets: readonly Target[], api: OpenApi): Promise<void> {
  const startable = targets.filter(({ kind, live }) => !['ready', 'person'].includes(kind.readiness?.(live).is ?? 'ready'));
  await Promise.all(startable.map(async ({ kind, live }) => kind.prepare?.(api, live)));
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
    return { address, readiness: live === undefined ? gone : (kind.readiness?.(live) ?? { is: 'ready' }) };
  });
}

function tellChanges(before: readonly Followed[], latest: readonly Followed[], { onChange }: WaitOptions): void {
  const known = new Map(before.map(({ address, readiness }) => [address, JSON.stringify(readiness)]));
  for (const one of latest) if (known.get(one.address) !== JSON.stringify(one.readiness)) onChange(one);
}
