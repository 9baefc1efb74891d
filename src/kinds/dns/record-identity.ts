import type { Desired, Existing, Obstacle, Peers } from '../../engine/kind.ts';
import { UnsafePlanError } from '../../lib/errors.ts';
import { hostnameIn, hostnamesAfter } from './gateway.ts';
import { canonicalHostname } from '../document/network.ts';
import { canonicalContent, liveContent, type DnsRecord, type RecordState } from './records.ts';
import { tunnelIdNow, tunnelTarget, type TunnelMention } from './tunnel-target.ts';

/** A name has one CNAME; of the other types it may have several, told apart by their content. */
function identityFrom({ type, name, content }: Pick<RecordState, 'type' | 'name' | 'content'>): string {
  return `${name} ${type} ${type === 'CNAME' ? '' : canonicalContent(type, content ?? '')}`;
}

export const recordIdentity = (record: DnsRecord): string =>
  identityFrom({ type: record.type, name: canonicalHostname(record.name), content: liveContent(record) });

/** The live records that a desired one may be, best first. */
export function recordIdentities({ key, state, absent }: Desired<RecordState>, peers: Peers): readonly string[] {
  if (state.portal !== undefined) return recordOfPortal(key, { ...state, portal: state.portal }, peers).map(recordIdentity);
  if (absent && state.tunnel !== undefined)
    return recordOfTunnel(key, { ...state, tunnel: state.tunnel }, peers).map(recordIdentity);
  if (absent) return goners(key, state, peers).map(recordIdentity);
  return [identityFrom(state), ...onlyOne(state, peers)];
}

/** The record of a portal that goes away, unless something else of the document or the account has its hostname. */
function recordOfPortal(key: string, state: RecordState & { readonly portal: string }, peers: Peers): readonly DnsRecord[] {
  const name = hostnameIn(peers.live(`portal:${state.portal}`)?.live);
  const isDeclared = peers.desired('dns_record').some((other) => other.key !== key && other.state['name'] === name);
  return name === '' || isDeclared || hostnamesAfter(peers).has(name) ? [] : goners(key, { ...state, name }, peers);
}

/** The record that leads to a tunnel which is there. Without a name it stands for whatever goes with the tunnel. */
function recordOfTunnel(
  key: string,
  state: RecordState & { readonly tunnel: TunnelMention },
  peers: Peers,
): readonly DnsRecord[] {
  const id = tunnelIdNow(state.tunnel, peers);
  return id === undefined || state.name === '' ? [] : goners(key, { ...state, content: tunnelTarget(id) }, peers);
}

/** What has to be gone: never a record with other content, and never a choice between several. */
function goners(key: string, state: RecordState, { existing }: Peers): readonly DnsRecord[] {
  const { type, content } = state;
  const live = recordsNamed(state, existing('dns_record')).filter((record) => record.type === type);
  if (content !== undefined)
    return live.filter((record) => canonicalContent(type, liveContent(record)) === canonicalContent(type, content));
  if (live.length < 2) return live;
  throw new UnsafePlanError(
    `dns_record:${key}: ${live.length} live records have this name and type: ${live.map(shown).join(', ')}`,
    {
      code: 'conflict',
      hint: 'say with content: which one has to be gone',
    },
  );
}

/** Where one address record is wanted and one is there, it is the same one with another address. */
function onlyOne(state: RecordState, { existing, desired }: Peers): readonly string[] {
  if (!isAddress(state.type)) return [];
  const live = recordsNamed(state, existing('dns_record')).filter((record) => record.type === state.type);
  const wanted = desired('dns_record').filter(
    (other) => other.state['name'] === state.name && other.state['type'] === state.type,
  );
  const [record] = live;
  return record !== undefined && live.length === 1 && wanted.length === 1 ? [recordIdentity(record)] : [];
}

/** A CNAME stands alone: beside an address record of the same name it cannot be made (81053, 81054). */
export function rivals(key: string, state: RecordState, { existing }: Peers): readonly Obstacle[] {
  const inTheWay = recordsNamed(state, existing('dns_record')).filter((record) =>
    state.type === 'CNAME' ? isAddress(record.type) : isAddress(state.type) && record.type === 'CNAME',
  );
  if (inTheWay.length === 0) return [];
  const message = `dns_record:${key}: ${state.name} has a record that stands in the way: ${inTheWay.map(shown).join(', ')}`;
  return [
    {
      message,
      ids: inTheWay.map((record) => record.id),
      hint: 'remove that record, or choose another name; it is not overwritten',
    },
  ];
}

const isAddress = (type: string): boolean => type === 'A' || type === 'AAAA';

const shown = (record: DnsRecord): string => `${record.type} ${liveContent(record)} (${record.id})`;

const recordsNamed = (state: RecordState, existing: readonly Existing[]): readonly DnsRecord[] =>
  liveRecords(existing).filter((record) => canonicalHostname(record.name) === state.name);

export const liveRecords = (existing: readonly Existing[]): readonly DnsRecord[] =>
  existing.flatMap(({ live }) => (isRecord(live) ? [live] : []));

const isRecord = (live: unknown): live is DnsRecord => typeof live === 'object' && live !== null && 'zone' in live;

/** A name below its zone that has name servers of its own: that part may be a zone of the account too. */
export const isDelegation = ({ type, name, zone }: DnsRecord): boolean =>
  type === 'NS' && canonicalHostname(name) !== canonicalHostname(zone.name);

/** The delegated names that a record lies in, longest first. A delegation itself lies in the zone above. */
export function delegationsAround(
  { type, name }: Pick<RecordState, 'type' | 'name'>,
  known: readonly DnsRecord[],
): readonly string[] {
  return known
    .filter(isDelegation)
    .map((record) => canonicalHostname(record.name))
    .filter((delegated) => name.endsWith(`.${delegated}`) || (name === delegated && type !== 'NS'))
    .toSorted((a, b) => b.length - a.length);
}
