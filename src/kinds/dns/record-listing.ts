import type { Api } from '../../engine/api.ts';
import type { State } from '../../engine/kind.ts';
import type { Reading } from '../../engine/reading.ts';
import { UserError } from '../../lib/errors.ts';
import { hostnameIn } from './gateway.ts';
import { canonicalHostname } from '../document/network.ts';
import { delegationsAround, isDelegation } from './record-identity.ts';
import { listPortals } from '../mcp/registrations.ts';
import { hostnamesIn } from '../tunnel/ingress.ts';
import { configOf, listTunnels, withConfiguration } from '../tunnel/tunnels.ts';
import type { DnsRecord } from './records.ts';
import { mentionIn } from './tunnel-target.ts';
import { allZones, parentsOf, zoneFor, zoneNamed, type Zone } from './zones.ts';

/** A record as the API gives it: it does not say its zone. */
export type Listed = Omit<DnsRecord, 'zone'>;

export const zoneText = (zone: unknown): string | undefined => (typeof zone === 'string' ? zone : undefined);

/** The records of the zones that the document needs, each zone looked up and listed once. */
export async function listRecords({ api, desired: declared, everything }: Reading): Promise<readonly DnsRecord[]> {
  const desired = await withHostnames(api, declared);
  const zones = everything ? await allZones(api) : await zonesOf(api, desired, []);
  const records = await listZones(api, zones);
  if (everything || !records.some(isDelegation)) return records;
  const further = await zonesOf(api, desired, records);
  return [
    ...records,
    ...(await listZones(
      api,
      further.filter(({ id }) => !zones.some((zone) => zone.id === id)),
    )),
  ];
}

/** The desired records, with the live hostnames of those that are named by their portal or their tunnel alone. */
async function withHostnames(api: Api, desired: Reading['desired']): Promise<Reading['desired']> {
  const named = desired.map(async (resource) => {
    if (resource.state['name'] !== '') return [resource];
    return (await liveHostnames(api, resource.state)).map((name) => ({ ...resource, state: { ...resource.state, name } }));
  });
  return (await Promise.all(named)).flat();
}

async function liveHostnames(api: Api, state: State): Promise<readonly string[]> {
  const { name } = mentionIn(state) ?? {};
  if (name === undefined)
    return [hostnameIn((await listPortals(api)).find(({ id }) => id === state['portal']))].filter((found) => found !== '');
  const tunnel = (await listTunnels(api)).find((live) => live.name === name);
  return tunnel === undefined ? [] : hostnamesIn(configOf(await withConfiguration(api, tunnel))['ingress']);
}

async function listZones(api: Api, zones: readonly Zone[]): Promise<readonly DnsRecord[]> {
  const listings = zones.map(async ({ id, name }) => {
    const records = await api.list<Listed>(`/zones/${id}/dns_records`, { perPage: 5000 });
    return records.map((record) => ({ ...record, zone: { id, name } }));
  });
  return (await Promise.all(listings)).flat();
}

/** The zones of desired records, each once. What is to be gone is gone where even its zone is. */
async function zonesOf(api: Api, desired: Reading['desired'], known: readonly DnsRecord[]): Promise<readonly Zone[]> {
  const found = desired.map(async ({ state, absent }) => {
    try {
      return [await zoneOf(api, wantedFrom(state), { known, desired })];
    } catch (error) {
      if (absent && error instanceof UserError && error.code === 'zone_not_found') return [];
      throw error;
    }
  });
  const zones = (await Promise.all(found)).flat();
  return [...new Map(zones.map((zone) => [zone.id, zone])).values()];
}

type Wanted = { readonly type: string; readonly name: string; readonly zone: string | undefined };

const wantedFrom = (state: State): Wanted => ({
  type: String(state['type']),
  name: String(state['name']),
  zone: zoneText(state['zone']),
});

/** What else tells where a record lies: the records that are there, and the document's others. */
export type Around = { readonly known: readonly DnsRecord[]; readonly desired: Reading['desired'] };

export function zoneOf(api: Api, { type, name, zone }: Wanted, { known, desired }: Around): Promise<Zone> {
  if (zone !== undefined) return zoneNamed(api, zone);
  const delegated = delegationsAround({ type, name }, known);
  // Another record's zone is asked for in any case; a delegation (NS) lies in the zone above it.
  const isAsked = type !== 'NS' && desired.some(({ state }) => firstAsked(wantedFrom(state)) === name);
  return zoneFor(api, name, isAsked ? [...delegated, name] : delegated);
}

const firstAsked = ({ name, zone }: Wanted): string | undefined =>
  zone === undefined ? parentsOf(name)[0] : canonicalHostname(zone);
