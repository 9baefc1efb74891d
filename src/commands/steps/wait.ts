import type { OpenApi } from '../../cloudflare/client.ts';
import { addressOf, type Existing, type Kind, type Readiness } from '../../engine/kind.ts';
import type { Proposal } from '../../engine/plan.ts';
import type { World } from '../../world.ts';

/** What became of the resources that were waited for. */
export type Waited = {
  readonly ok: boolean;
  readonly servers: readonly { readonly address: string; readonly ready: boolean; readonly why?: string; readonly next?: string }[];
  readonly lines: readonly string[];
};

type Waiting = { readonly invocation: { readonly world: World }; readonly api: OpenApi };

/** Cloudflare locks an account out for minutes when it is asked too often (Q96). */
const pollMs = 3000;

/**
 * Follows what the document declares until it is usable. Stops at once where waiting cannot help: a
 * failure that is not retryable, or a person who has to sign in.
 */
export async function waitUntilReady({ invocation: { world }, api }: Waiting, proposal: Proposal, seconds: number): Promise<Waited> {
  const deadline = world.now().getTime() + seconds * 1000;
  const followed = proposal.kinds.filter((kind) => kind.readiness !== undefined);
  const addresses = await started(followed, proposal, api);
  for (;;) {
    const states = await look(followed, addresses, api.fresh());
    const open = states.filter(({ readiness }) => readiness.is === 'waiting' || (readiness.is === 'failed' && readiness.retryable));
    const left = deadline - world.now().getTime();
    if (open.length === 0 || left <= 0 || world.signal.aborted) return verdict(states);
    await world.sleep(Math.min(pollMs, left), world.signal).catch(() => undefined);
  }
}

type Followed = ReadonlyMap<string, string>;

/** Sets going what is not ready yet. Gives the addresses that are followed, by kind and id. */
async function started(followed: readonly Kind[], proposal: Proposal, api: OpenApi): Promise<Followed> {
  const addresses = new Map<string, string>();
  for (const kind of followed) {
    for (const desired of proposal.peers.desired(kind.kind).filter((one) => !one.absent)) {
      const bound = proposal.names.bound(addressOf(kind.kind, desired.key));
      if (bound === undefined) continue;
      addresses.set(`${kind.kind}:${bound.id}`, addressOf(kind.kind, desired.key));
      if (kind.readiness?.(bound.live).is !== 'ready') await kind.prepare?.(api, bound.live);
    }
  }
  return addresses;
}

type State = { readonly address: string; readonly existing: Omit<Existing, 'kind' | 'live'>; readonly readiness: Readiness };

async function look(followed: readonly Kind[], addresses: Followed, api: OpenApi): Promise<readonly State[]> {
  const perKind = followed.map(async (kind) => {
    const lives = await kind.list({ api, desired: [], everything: false });
    return lives.flatMap((live) => {
      const existing = kind.identify(live);
      const address = addresses.get(`${kind.kind}:${existing.id}`);
      const readiness = kind.readiness?.(live);
      return address === undefined || readiness === undefined ? [] : [{ address, existing, readiness }];
    });
  });
  return (await Promise.all(perKind)).flat();
}

function verdict(states: readonly State[]): Waited {
  const servers = states.map(({ address, readiness }) => ({
    address,
    ready: readiness.is === 'ready',
    ...(readiness.is === 'ready' ? {} : { why: readiness.why }),
    ...(readiness.is === 'person' ? { next: readiness.next } : {}),
  }));
  const lines = servers.filter((one) => !one.ready).map(({ address, why, next }) => `? ${address}: ${why}${next === undefined ? '' : `; ${next}`}`);
  return { ok: lines.length === 0, servers, lines };
}
