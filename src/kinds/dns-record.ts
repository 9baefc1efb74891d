import * as z from 'zod/mini';
import type { Kind, Peers } from '../engine/kind.ts';
import { gatewayTarget, ownComment } from './dns/gateway.ts';
import { canonicalHostname } from './document/network.ts';
import { checkRecord } from './dns/record-checks.ts';
import { liveRecords, recordIdentities, recordIdentity, rivals } from './dns/record-identity.ts';
import { listRecords, zoneOf, zoneText, type Listed } from './dns/record-listing.ts';
import {
  canonicalRecord,
  fullName,
  liveContent,
  livePriority,
  recordBody,
  recordTypes,
  type DnsRecord,
  type RecordState,
} from './dns/records.ts';
import { described, wholeNumber } from './document/fragments.ts';
import { desiredFrom, section, withoutUndefined } from './document/section.ts';
import { isRecordOfWorker } from './worker/worker-state.ts';
import { likelyZone } from './dns/zones.ts';
import { contentFor, noTunnel, tunnelIdIn, withContent } from './dns/tunnel-target.ts';
import { isRecordOfTunnel } from './tunnel/former-records.ts';

const entrySchema = () =>
  z.strictObject({
    zone: described(z.optional(z.string()), 'Found from the name when it is left out.'),
    type: z.enum(recordTypes),
    name: described(z.string().check(z.minLength(1)), 'Full, or short with zone:; @ is the zone itself.'),
    content: z.optional(z.string().check(z.minLength(1))),
    proxied: z.optional(z.boolean()),
    ttl: z.optional(
      z.union([
        z.literal('auto'),
        wholeNumber(1, 86_400).check(z.refine((ttl) => ttl === 1 || ttl >= 30, 'a ttl is auto, or 30 to 86400 seconds')),
      ]),
    ),
    comment: z.nullish(z.string()),
    priority: z.optional(wholeNumber(0, 65_535)),
  });

/** A DNS record. API: `dns.records` and `zones` of the official SDK. */
export const dnsRecord: Kind<RecordState, DnsRecord> = {
  kind: 'dns_record',
  title: 'DNS record',
  section: section({
    name: 'dns',
    shape: 'list',
    schema: entrySchema,
    expand: (entry, document) => {
      const { absent: _absent, protect: _protect, zone, ...plain } = entry.value;
      const name = fullName(plain.name, zone);
      const twins = document
        .entries('dns')
        .filter(
          (other) =>
            other.value['type'] === plain.type && fullName(String(other.value['name']), zoneText(other.value['zone'])) === name,
        );
      const key = twins.length > 1 ? `${name}/${plain.type}/${plain.content ?? ''}` : `${name}/${plain.type}`;
      const state = { ...plain, zone: zone === undefined ? undefined : canonicalHostname(zone), name };
      return [desiredFrom(entry, { kind: 'dns_record', key, state })];
    },
    check: (entry) => checkRecord(entry),
  }),
  fields: { ttl: { serverDefault: 'auto' }, proxied: { serverDefault: false } },
  refersTo: ['tunnel'],
  references: ({ tunnel, content }) => {
    const ref = tunnel?.key ?? tunnelIdIn(content);
    return ref === undefined ? [] : [{ kind: 'tunnel', ref }];
  },
  // Nothing answers where a record leads to a tunnel that is gone.
  goesWith: ['tunnel'],
  prunable: true,
  removedBy: ({ name, type }) => `mcp-portal dns remove ${canonicalHostname(name)} ${type}`,

  list: (reading) => listRecords(reading),
  identify: (record) => ({
    id: record.id,
    identity: recordIdentity(record),
    name: `${canonicalHostname(record.name)}/${record.type}`,
  }),
  identities: (desired, peers) => recordIdentities(desired, peers),
  toState: (record) => {
    const { type, ttl, proxied, comment } = record;
    const state = {
      type,
      name: canonicalHostname(record.name),
      content: liveContent(record),
      ttl,
      proxied,
      comment: comment ?? undefined,
      priority: livePriority(record),
    };
    return canonicalRecord(withoutUndefined(state));
  },
  initial: (_key, state) => ({ ttl: 'auto', comment: ownComment, ...state }),
  // The zone is where a record is, not what it says; a proxied record's ttl is always automatic (Q70).
  settle: ({ zone: _zone, tunnel, ...said }, live, peers) => {
    const state = tunnel === undefined ? said : { ...said, content: contentFor(tunnel, peers) };
    const isProxied = state.proxied ?? live?.proxied ?? false;
    return canonicalRecord({ ...state, ...(isProxied && state.ttl !== undefined ? { ttl: 'auto' } : {}) });
  },
  obstacles: ({ key, state }, bound, peers) => [
    ...(bound === undefined ? rivals(key, state, peers) : []),
    ...noTunnel(key, state.tunnel, peers),
  ],
  impact: (action, { name }) => (action === 'delete' ? `${name} does not resolve any more` : undefined),

  create: async ({ api, key, state, peers }) => {
    const wanted = peers.desired('dns_record').find((desired) => desired.key === key)?.state['zone'];
    const around = { known: liveRecords(peers.existing('dns_record')), desired: peers.desired('dns_record') };
    const zone = await zoneOf(api, { ...state, zone: zoneText(wanted) }, around);
    const path = `/zones/${zone.id}/dns_records`;
    const find = async () => {
      const records = await api.get<readonly Listed[]>(path, { 'name.exact': state.name, type: state.type });
      return records.find(
        (record) =>
          recordIdentity({ ...record, zone }) ===
          recordIdentity({ id: '', type: state.type, name: state.name, content: state.content ?? '', zone }),
      );
    };
    const body = recordBody(withContent(state, key, peers));
    const record = await api.post<Listed>(path, body, { find });
    // An answer may be thin: what was sent stands in for what it leaves out.
    return { live: { ...body, ...record, zone } };
  },
  // PATCH keeps what it is not sent: tags, settings and a comment that others wrote.
  update: async ({ api, key, live, state, changed, peers }) => {
    const body = {
      ...recordBody(withContent(state, key, peers)),
      ...(changed.includes('comment') ? { comment: state.comment ?? '' } : {}),
    };
    const record = await api.patch<Listed>(`/zones/${live.zone.id}/dns_records/${live.id}`, body);
    return { live: { ...live, ...body, ...record, zone: live.zone } };
  },
  remove: (api, record) => api.remove(`/zones/${record.zone.id}/dns_records/${record.id}`),
  zones: ({ zone, name }) => {
    if (zone !== undefined) return [canonicalHostname(zone)];
    return name === '' ? [] : [likelyZone(name)];
  },
  toEntry: (_key, state, peers) =>
    recordTypes.some((type) => type === state.type) && !isImplied(state, peers) ? { section: 'dns', value: state } : undefined,
};

/** The record that a portal, a tunnel or a Worker of the account stands for by itself. */
function isImplied(state: RecordState, { existing }: Peers): boolean {
  if (state.type === 'CNAME' && state.proxied === true && isRecordOfTunnel(state.content, state.name, { existing })) return true;
  if (isRecordOfWorker(state.name, { existing })) return true;
  const portals = existing('portal').map(({ live }) =>
    typeof live === 'object' && live !== null && 'hostname' in live ? live.hostname : undefined,
  );
  return state.type === 'CNAME' && state.content === gatewayTarget && state.proxied === true && portals.includes(state.name);
}
