import type { AccessCheck } from './access.ts';
import { readBody } from './body.ts';
import type { Buckets } from './buckets.ts';
import { sha256 } from './digest.ts';
import { textOf, type Exchange } from './exchange.ts';
import { findKey, presentedKeys, type KnownKey } from './keys.ts';
import { isDiscovery, longestBody, refusals, type Refusal } from './refusals.ts';
import { readRpc } from './rpc.ts';

export type Rules = {
  readonly keys: readonly KnownKey[];
  readonly buckets: Buckets;
  /** Undefined: requests need not come through Cloudflare Access. */
  readonly access: AccessCheck | undefined;
};

export type Admission =
  | { readonly is: 'admitted'; readonly body: Buffer }
  | { readonly is: 'refused'; readonly refusal: Refusal; readonly retryAfter?: number }
  /** The caller left before it had sent everything. */
  | { readonly is: 'gone' };

/** Decides on a request; one that passes has been read whole, and paid. */
export async function admit(exchange: Exchange, rules: Rules): Promise<Admission> {
  const { incoming, outgoing } = exchange;
  const stranger = refusalAtDoor(exchange, rules) ?? (await refusalOfAccess(exchange, rules));
  if (stranger !== undefined) return refused(stranger);
  const body = await readBody(incoming, outgoing, longestBody);
  if (body.is === 'gone') return { is: 'gone' };
  if (body.is === 'too large') return refused(refusals.tooLarge);
  exchange.bytesIn = body.bytes.length;
  if (incoming.method === 'POST') exchange.rpc = readRpc(body.bytes.toString());
  const retryAfter = rules.buckets.take(exchange.key?.hex ?? '', exchange.rpc.cost);
  if (retryAfter > 0) return { is: 'refused', refusal: refusals.tooMany, retryAfter };
  return { is: 'admitted', body: body.bytes };
}

const refused = (refusal: Refusal): Admission => ({ is: 'refused', refusal });

function refusalAtDoor(exchange: Exchange, { keys }: Rules): Refusal | undefined {
  const { incoming, path } = exchange;
  if (isDiscovery(path)) return refusals.noDiscovery;
  exchange.presented = presentedKeys((name) => textOf(incoming.headers[name]));
  for (const presented of exchange.presented) exchange.key ??= findKey(keys, sha256(presented));
  if (exchange.key === undefined) return refusals.noKey;
  if (!path.startsWith('/')) return refusals.badTarget;
  // Other upgrades, such as the h2c that some clients offer, may be left alone: the answer is plain HTTP.
  return incoming.headers.upgrade?.toLowerCase().includes('websocket') === true ? refusals.noUpgrade : undefined;
}

async function refusalOfAccess({ incoming }: Exchange, { access }: Rules): Promise<Refusal | undefined> {
  if (access === undefined) return undefined;
  switch (await access(textOf(incoming.headers['cf-access-jwt-assertion']))) {
    case 'valid':
      return undefined;
    case 'invalid':
      return refusals.noAccess;
    case 'unavailable':
      return refusals.noCerts;
  }
}
