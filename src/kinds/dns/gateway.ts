import type { Peers } from '../../engine/kind.ts';
import { canonicalHostname } from '../document/network.ts';

/** Where the hostname of every portal points. The API makes no record; without it clients get 522 or 530 (Q9). */
export const gatewayTarget = 'gateway.agents.cloudflare.com';

/** The comment of records that we make unasked: what tells them from those of others (Q72). */
export const ownComment = 'managed by mcp-portal';

/** A DNS record with the zone that it was listed in. */
export type ZoneRecord = {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly content?: string;
  readonly ttl?: number;
  readonly proxied?: boolean;
  readonly comment?: string | null;
  readonly priority?: number;
  readonly zone: { readonly id: string; readonly name: string };
};

const isGatewayRecord = (record: ZoneRecord): boolean =>
  record.type === 'CNAME' && canonicalHostname(record.content ?? '') === gatewayTarget;

/** The record that a portal of the document stands for by itself. */
export const isImpliedRecord = (record: ZoneRecord, hostnames: ReadonlySet<unknown>): boolean =>
  isGatewayRecord(record) && record.proxied === true && hostnames.has(canonicalHostname(record.name));

export const isZoneRecord = (live: unknown): live is ZoneRecord =>
  typeof live === 'object' && live !== null && 'zone' in live && 'type' in live && 'name' in live;

/** The hostname of a live portal, or of a desired one's state; empty where there is none. */
export const hostnameIn = (portal: unknown): string =>
  typeof portal === 'object' && portal !== null && 'hostname' in portal && typeof portal.hostname === 'string'
    ? canonicalHostname(portal.hostname)
    : '';

/** The hostnames that portals have after the run. */
export function hostnamesAfter({ existing, desired }: Peers): ReadonlySet<string> {
  const entries = desired('portal');
  const live = existing('portal').filter(({ id }) => {
    const entry = entries.find(({ key }) => key === id);
    return entry === undefined || (!entry.absent && entry.state['hostname'] === undefined);
  });
  const declared = entries.filter(({ absent }) => !absent).map(({ state }) => hostnameIn(state));
  return new Set([...live.map((portal) => hostnameIn(portal.live)), ...declared].filter((name) => name !== ''));
}

/**
 * A record of a hostname that a portal had: the one that this run moves away from, or one of ours
 * that no portal of the account uses any more.
 */
export function isFormerHostname(
  record: ZoneRecord,
  portals: { readonly former: string; readonly present: ReadonlySet<unknown> },
): boolean {
  if (!isGatewayRecord(record)) return false;
  const name = canonicalHostname(record.name);
  return !portals.present.has(name) && (name === portals.former || record.comment === ownComment);
}
