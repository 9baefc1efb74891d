import { UserError } from '../../lib/errors.ts';
import type { Api } from '../../engine/api.ts';
import { canonicalHostname } from '../document/network.ts';

export type Zone = { readonly id: string; readonly name: string };

/**
 * The zone of the account that fits a hostname best: the longest that ends it. Each name is looked up
 * once, by itself: listings of zones are paged, and a name that is not on the first page is missed (Q73).
 * The parent comes first, because almost every hostname is one label below its zone; only names that the
 * parent's records delegate, or that the run asks for anyway, can be zones of their own below it:
 * `first` are these, and they come before it.
 */
export async function zoneFor(api: Api, hostname: string, first: readonly string[] = []): Promise<Zone> {
  const name = canonicalHostname(hostname);
  for (const candidate of new Set([...first, ...parentsOf(name), name].filter(canBeZone))) {
    const zone = await lookUp(api, candidate);
    if (zone !== undefined) return zone;
  }
  throw new UserError(`no zone of this account fits ${hostname}`, {
    code: 'zone_not_found',
    hint: 'add the zone to the account, name another zone, or set dns: false (--no-dns) and make the record where the zone is; the API token needs Zone Read',
  });
}

/** The names above a hostname, longest first, without the top-level domain. */
export function parentsOf(hostname: string): readonly string[] {
  const labels = hostname.split('.');
  return labels.slice(1, -1).map((_label, index) => labels.slice(index + 1).join('.'));
}

/** `_tcp.example.com` is never a zone: such labels are for services and checks. */
const canBeZone = (name: string): boolean => !/(^|\.)_/.test(name);

/** A zone by its own name. */
export async function zoneNamed(api: Api, name: string): Promise<Zone> {
  const zone = await lookUp(api, canonicalHostname(name));
  if (zone !== undefined) return zone;
  throw new UserError(`this account has no zone ${name}`, {
    code: 'zone_not_found',
    hint: 'check the name, and that the API token may read the zone (Zone Read)',
  });
}

/** Every zone of the account. */
export const allZones = (api: Api): Promise<readonly Zone[]> =>
  api.list<Zone>('/zones', { perPage: 50, query: { 'account.id': api.account } });

async function lookUp(api: Api, name: string): Promise<Zone | undefined> {
  const zones = await api.list<Zone>('/zones', { perPage: 50, query: { name, 'account.id': api.account } });
  return zones.find((zone) => canonicalHostname(zone.name) === name);
}

/** The zone that a hostname needs when none is there yet: its last two labels. */
export const likelyZone = (hostname: string): string => canonicalHostname(hostname).split('.').slice(-2).join('.');
