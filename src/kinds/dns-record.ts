import * as z from 'zod';
import type { Api, Existing, Kind, Obstacle, Peers, Reading } from '../engine/kind.ts';
import { mistake, warning } from './shared/findings.ts';
import { gatewayTarget, ownComment, type ZoneRecord } from './shared/gateway.ts';
import { canonicalContent, fullName, recordBody, recordTypes, type RecordState } from './shared/records.ts';
import { canonicalHostname } from './shared/network.ts';
import { desiredFrom, section, withoutUndefined } from './shared/section.ts';
import { allZones, likelyZone, zoneFor, zoneNamed, type Zone } from './shared/zones.ts';

const entrySchema = () =>
  z.strictObject({
    zone: z.string().optional().describe('Found from the name when it is left out.'),
    type: z.enum(recordTypes),
    name: z.string().min(1).describe('Full, or short with zone:; @ is the zone itself.'),
    content: z.string().min(1).optional(),
    proxied: z.boolean().optional(),
    ttl: z.union([z.literal('auto'), z.number().int().min(1).max(86_400)]).optional(),
    comment: z.string().nullable().optional(),
    priority: z.number().int().min(0).max(65_535).optional(),
  });

/** A DNS record. API: `dns.records` and `zones` of the official SDK. */
export const dnsRecord: Kind<RecordState, ZoneRecord> = {
  kind: 'dns_record',
  title: 'DNS record',
  section: section({
    name: 'dns',
    shape: 'list',
    schema: entrySchema,
    expand: (entry, document) => {
      const { absent: _absent, protect: _protect, zone, ...plain } = entry.value;
      const name = fullName(plain.name, zone);
      const twins = document.entries('dns').filter((other) => other.value['type'] === plain.type && fullName(String(other.value['name']), zoneText(other.value['zone'])) === name);
      const key = twins.length > 1 ? `${name}/${plain.type}/${plain.content ?? ''}` : `${name}/${plain.type}`;
      const state = { ...plain, zone: zone === undefined ? undefined : canonicalHostname(zone), name };
      return [desiredFrom(entry, { kind: 'dns_record', key, state })];
    },
    check: (entry) => {
      const { content, absent, type, name, zone } = entry.value;
      const noContent = mistake({ code: 'MCP104', message: `dns[${entry.key}] needs content:`, place: entry.place });
      const short = mistake({ code: 'MCP117', message: `dns[${entry.key}]: "${name}" is not a full name`, place: entry.at('name'), hint: 'write the whole name, or add zone:' });
      const wrongTarget = warning({
        code: 'MCP005',
        message: `dns[${entry.key}]: a portal does not answer behind cloudflareaccess.com`,
        place: entry.at('content'),
        hint: 'a portal makes its own record; leave this one out',
      });
      return [
        ...(content === undefined && absent !== true ? [noContent] : []),
        ...(zone === undefined && !name.includes('.') ? [short] : []),
        ...(type === 'CNAME' && /\.cloudflareaccess\.com\.?$/i.test(content ?? '') ? [wrongTarget] : []),
      ];
    },
  }),
  fields: { ttl: { serverDefault: 'auto' }, proxied: { serverDefault: false } },
  refersTo: [],
  references: () => [],
  prunable: true,

  list: (reading) => listRecords(reading),
  identify: (record) => ({ id: record.id, identity: identityOf(record), name: `${canonicalHostname(record.name)}/${record.type}` }),
  identities: ({ state }, peers) => [identityFrom(state), ...onlyOne(state, peers)],
  toState: (record) => {
    const { type, content = '', ttl, proxied, comment, priority } = record;
    const state = { type, name: canonicalHostname(record.name), content, ttl: ttl === 1 ? 'auto' : ttl, proxied, comment: comment ?? undefined, priority };
    return canonical(withoutUndefined(state));
  },
  initial: (_key, state) => ({ ttl: 'auto', comment: ownComment, ...state }),
  // The zone is where a record is, not what it says; a proxied record's ttl is always automatic (Q70).
  settle: ({ zone: _zone, ...state }, live) => {
    const isProxied = state.proxied ?? live?.proxied ?? false;
    return canonical({ ...state, ...(isProxied && state.ttl !== undefined ? { ttl: 'auto' } : {}) });
  },
  obstacles: ({ key, state }, bound, peers) => (bound === undefined ? rivals(key, state, peers) : []),
  impact: (action, { name }) => (action === 'delete' ? `${name} does not resolve any more` : undefined),

  create: async ({ api, key, state, peers }) => {
    const wanted = peers.desired('dns_record').find((desired) => desired.key === key)?.state['zone'];
    const zone = await zoneOf(api, { name: state.name, zone: zoneText(wanted) });
    const path = `/zones/${zone.id}/dns_records`;
    const find = async () => {
      const records = await api.get<readonly ZoneRecord[]>(path, { 'name.exact': state.name, type: state.type });
      return records.find((record) => identityOf(record) === identityFrom(state));
    };
    const record = await api.post<Omit<ZoneRecord, 'zone'>>(path, recordBody(state), { find });
    return { live: { ...record, zone } };
  },
  // PATCH keeps what it is not sent: tags, settings and a comment that others wrote.
  update: async ({ api, live, state, changed }) => {
    const body = { ...recordBody(state), ...(changed.includes('comment') ? { comment: state.comment ?? '' } : {}) };
    const record = await api.patch<Omit<ZoneRecord, 'zone'>>(`/zones/${live.zone.id}/dns_records/${live.id}`, body);
    return { live: { ...record, zone: live.zone } };
  },
  remove: (api, record) => api.remove(`/zones/${record.zone.id}/dns_records/${record.id}`),
  zones: ({ zone, name }) => [zone ?? likelyZone(name)],
  toEntry: (_key, state, { existing }) => {
    const portals = existing('portal').map(({ live }) => (typeof live === 'object' && live !== null && 'hostname' in live ? live.hostname : undefined));
    const isGateway = state.type === 'CNAME' && state.content === gatewayTarget && state.proxied === true;
    return isGateway && portals.includes(state.name) ? undefined : { section: 'dns', value: state };
  },
};

const zoneText = (zone: unknown): string | undefined => (typeof zone === 'string' ? zone : undefined);

const canonical = (state: RecordState): RecordState =>
  withoutUndefined({ ...state, content: state.content === undefined ? undefined : canonicalContent(state.type, state.content) });

/** The records of the zones that the document needs, each zone looked up and listed once. */
async function listRecords({ api, desired, everything }: Reading): Promise<readonly ZoneRecord[]> {
  const wanted = desired.map(({ state }) => zoneOf(api, { name: String(state['name']), zone: zoneText(state['zone']) }));
  const zones = everything ? await allZones(api) : await Promise.all(wanted);
  const byId = new Map(zones.map((zone) => [zone.id, zone]));
  const listings = [...byId.values()].map(async (zone) => {
    const records = await api.list<Omit<ZoneRecord, 'zone'>>(`/zones/${zone.id}/dns_records`, { perPage: 5000 });
    return records.map((record) => ({ ...record, zone: { id: zone.id, name: zone.name } }));
  });
  return (await Promise.all(listings)).flat();
}

const zoneOf = (api: Api, record: { readonly name: string; readonly zone: string | undefined }): Promise<Zone> =>
  record.zone === undefined ? zoneFor(api, record.name) : zoneNamed(api, record.zone);

/** A name has one CNAME; of the other types it may have several, told apart by their content. */
function identityFrom(state: RecordState): string {
  const content = state.type === 'CNAME' ? '' : canonicalContent(state.type, state.content ?? '');
  return `${state.name} ${state.type} ${content}`;
}

const identityOf = (record: ZoneRecord): string =>
  identityFrom({ type: record.type, name: canonicalHostname(record.name), content: record.content ?? '' });

/** Where one address record is wanted and one is there, it is the same one with another address. */
function onlyOne(state: RecordState, { existing, desired }: Peers): readonly string[] {
  if (state.type !== 'A' && state.type !== 'AAAA') return [];
  const live = recordsNamed(state, existing('dns_record')).filter((record) => record.type === state.type);
  const wanted = desired('dns_record').filter((other) => other.state['name'] === state.name && other.state['type'] === state.type);
  const [record] = live;
  return record !== undefined && live.length === 1 && wanted.length === 1 ? [identityOf(record)] : [];
}

const recordsNamed = (state: RecordState, existing: readonly Existing[]): readonly ZoneRecord[] =>
  existing.flatMap(({ live }) => (isRecord(live) && canonicalHostname(live.name) === state.name ? [live] : []));

const isRecord = (live: unknown): live is ZoneRecord => typeof live === 'object' && live !== null && 'zone' in live;

/** A CNAME stands alone: beside an address record of the same name it cannot be made (81053, 81054). */
function rivals(key: string, state: RecordState, { existing }: Peers): readonly Obstacle[] {
  const isAddress = state.type === 'A' || state.type === 'AAAA';
  const inTheWay = recordsNamed(state, existing('dns_record')).filter((record) =>
    state.type === 'CNAME' ? record.type === 'A' || record.type === 'AAAA' : isAddress && record.type === 'CNAME',
  );
  if (inTheWay.length === 0) return [];
  const names = inTheWay.map((record) => `${record.type} ${record.content ?? ''} (${record.id})`).join(', ');
  const message = `dns_record:${key}: ${state.name} has a record that we did not make: ${names}`;
  return [{ message, ids: inTheWay.map((record) => record.id), hint: 'remove that record, or choose another name; it is not overwritten' }];
}

