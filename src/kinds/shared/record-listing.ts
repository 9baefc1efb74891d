import type { Api } from '../../engine/api.ts';
import type { Reading } from '../../engine/reading.ts';
import { UserError } from '../../lib/errors.ts';
import { delegationsAround, isDelegation } from './record-identity.ts';
import type { DnsRecord } from './records.ts';
import { allZones, zoneFor, zoneNamed, type Zone } from './zones.ts';

/** A record as the API gives it: it does not say its zone. */
export type Listed = Omit<DnsRecord, 'zone'>;

export const zoneText = (zone: unknown): string | undefined => (typeof zone === 'string' ? zone : undefined);

/** The records of the zones that the document needs, each zone looked up and listed once. */
export async function listRecords({ api, desired, everything }: Reading): Promise<readonly DnsRecord[]> {
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
      return [
        await zoneOf(api, { type: String(state['type']), name: String(state['name']), zone: zoneText(state['zone']) }, known),
      ];
    } catch (error) {
      if (absent && error instanceof UserError && error.code === 'zone_not_found') return [];
      throw error;
    }
  });
  const zones = (await Promise.all(found)).flat();
  return [...new Map(zones.map((zone) => [zone.id, zone])).values()];
}

type Wanted = { readonly type: string; readonly name: string; readonly zone: string | undefined };

export const zoneOf = (api: Api, { type, name, zone }: Wanted, known: readonly DnsRecord[]): Promise<Zone> =>
  zone === undefined ? zoneFor(api, name, delegationsAround({ type, name }, known)) : zoneNamed(api, zone);
