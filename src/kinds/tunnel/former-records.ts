import type { Existing, Peers } from '../../engine/kind.ts';
import { isZoneRecord, ownComment, type ZoneRecord } from '../dns/gateway.ts';
import { tunnelIdIn } from '../dns/tunnel-target.ts';
import { canonicalHostname } from '../document/network.ts';
import { hostnamesIn } from './ingress.ts';
import { asTunnel, configOf, isLocal } from './tunnels.ts';

/** The records that were read and lead to a tunnel. */
const recordsOf = (id: string, { existing }: Pick<Peers, 'existing'>): readonly (Existing & { readonly live: ZoneRecord })[] =>
  existing('dns_record').flatMap((record) => {
    const { live } = record;
    return isZoneRecord(live) && live.type === 'CNAME' && tunnelIdIn(live.content) === id ? [{ ...record, live }] : [];
  });

/** The hostnames of a live tunnel; none where its configuration was not read. */
const liveHostnames = (live: unknown): readonly string[] => hostnamesIn(configOf(asTunnel(live) ?? {})['ingress']);

/**
 * Records of hostnames that the tunnel had: those that this run takes out of its rules, and those of ours
 * that its rules do not have any more. Nothing is said where the rules are left as they are.
 */
export function formerRecords({ id, live }: Existing, peers: Peers): readonly Existing[] {
  const bound = peers.desired('tunnel').find(({ key }) => peers.live(`tunnel:${key}`)?.id === id);
  const rules = bound?.state['ingress'];
  if (bound === undefined || bound.absent || rules === undefined) return [];
  const [former, present] = [liveHostnames(live), hostnamesIn(rules)];
  return recordsOf(id, peers).flatMap((record) => {
    const name = canonicalHostname(record.live.name);
    const isOurs = former.includes(name) || record.live.comment === ownComment;
    return isOurs && !present.includes(name) ? peers.existing('dns_record').filter((each) => each.id === record.id) : [];
  });
}

/**
 * Whether the records of a live tunnel's hostnames are those that its entry stands for: all of them are
 * there, and proxied. Only then a document does without saying them.
 */
export function hasItsRecords({ id, live }: Pick<Existing, 'id' | 'live'>, peers: Pick<Peers, 'existing'>): boolean {
  const proxied = recordsOf(id, peers).filter((record) => record.live.proxied === true);
  const names = new Set(proxied.map((record) => canonicalHostname(record.live.name)));
  return liveHostnames(live).every((hostname) => names.has(hostname));
}

/** Whether a tunnel's entry stands for the record. */
export function isRecordOfTunnel(content: string | undefined, name: string, peers: Pick<Peers, 'existing'>): boolean {
  const id = tunnelIdIn(content);
  const tunnel = peers.existing('tunnel').find((existing) => existing.id === id);
  const live = asTunnel(tunnel?.live);
  if (tunnel === undefined || live === undefined || isLocal(live)) return false;
  return liveHostnames(live).includes(name) && hasItsRecords(tunnel, peers);
}
