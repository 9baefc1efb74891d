import type { Api } from '../../engine/api.ts';
import { ApiError, UnsafePlanError } from '../../lib/errors.ts';
import { canonicalHostname } from '../document/network.ts';
import { allZones, zoneFor, type Zone } from '../dns/zones.ts';
import { explained } from './worker-errors.ts';
import { scriptPath } from './upload.ts';
import type { Domain, Route, Worker, WorkerState } from './worker-state.ts';

const domainsPath = (api: Api): string => api.path('workers', 'domains');
const routesPath = (zone: string): string => `/zones/${zone}/workers/routes`;

export async function listDomains(api: Api): Promise<readonly Domain[]> {
  const domains = await api.list<Partial<Domain> & Pick<Domain, 'id'>>(domainsPath(api), { perPage: 100 });
  return domains.flatMap(({ id, hostname, service }) =>
    hostname === undefined || service === undefined ? [] : [{ id, hostname, service }],
  );
}

/** The routes of the zones that these patterns lie in; of all zones for an empty list, which clears. */
export async function listRoutes(api: Api, patterns: readonly string[] | 'all'): Promise<readonly Route[]> {
  const zones =
    patterns === 'all' ? await allZones(api) : await Promise.all(patterns.map((pattern) => zoneOfPattern(api, pattern)));
  const ids = [...new Set(zones.map(({ id }) => id))];
  const lists = ids.map(async (zone) => {
    const routes = await explained(api.list<Omit<Route, 'zone'>>(routesPath(zone), { perPage: 100 }));
    return routes.map((route) => ({ ...route, zone }));
  });
  return (await Promise.all(lists)).flat();
}

/** The hostname of a pattern: `https://*.example.com/api/*` lies in the zone of example.com. */
export const hostOfPattern = (pattern: string): string =>
  canonicalHostname(
    pattern
      .replace(/^https?:\/\//, '')
      .replace(/\/.*$/s, '')
      .replace(/^\*\.?/, ''),
  );

const zoneOfPattern = (api: Api, pattern: string): Promise<Zone> => zoneFor(api, hostOfPattern(pattern));

/**
 * Refuses a new custom domain on a hostname that has a record of somebody's: Cloudflare makes the record
 * of a custom domain itself. Where records may not be read, Cloudflare refuses it later (100117).
 */
export async function assertFree(api: Api, worker: string, hostname: string): Promise<void> {
  const zone = await zoneFor(api, hostname);
  const records = await recordsOf(api, zone, hostname);
  const inTheWay = records.filter(({ type }) => ['A', 'AAAA', 'CNAME'].includes(type));
  if (inTheWay.length === 0) return;
  const shown = inTheWay.map(({ type, content, id }) => `${type} ${content} (${id})`).join(', ');
  throw new UnsafePlanError(`worker:${worker}: the custom domain ${hostname} has a DNS record already: ${shown}`, {
    code: 'conflict',
    hint: 'remove that record, or choose another hostname; it is not overwritten',
  });
}

type Listed = { readonly id: string; readonly type: string; readonly content: string };

async function recordsOf(api: Api, zone: Zone, hostname: string): Promise<readonly Listed[]> {
  try {
    return await api.get<readonly Listed[]>(`/zones/${zone.id}/dns_records`, { 'name.exact': hostname });
  } catch (error) {
    if (error instanceof ApiError && error.facts.request?.status === 403) return [];
    throw error;
  }
}

type RoutingWrite = {
  readonly api: Api;
  readonly id: string;
  readonly live: Worker | undefined;
  readonly state: WorkerState;
  readonly changed: readonly string[];
};

/** Where the Worker is reached: workers.dev, custom domains, routes. */
export async function writeRouting(write: RoutingWrite): Promise<void> {
  const { changed } = write;
  if (changed.includes('routes.workers_dev')) await writeSubdomain(write);
  if (changed.includes('routes.custom_domains')) await writeDomains(write);
  if (changed.includes('routes.patterns')) await writeRoutes(write);
}

async function writeSubdomain({ api, id, live, state }: RoutingWrite): Promise<void> {
  const previews = live?.subdomain?.previews_enabled;
  const body = { enabled: state.routes?.workers_dev, ...(previews === undefined ? {} : { previews_enabled: previews }) };
  await explained(api.post(scriptPath(api, id, 'subdomain'), body, { find: async () => undefined }));
}

/** What is added comes first: the Worker is never without a hostname that it keeps. */
async function writeDomains({ api, id, live, state }: RoutingWrite): Promise<void> {
  const wanted = new Set(state.routes?.custom_domains ?? []);
  const domains = live?.domains ?? [];
  const present = new Set(domains.map(({ hostname }) => canonicalHostname(hostname)));
  await Promise.all([...wanted].filter((hostname) => !present.has(hostname)).map((hostname) => attach(api, id, hostname)));
  const surplus = domains.filter(({ hostname }) => !wanted.has(canonicalHostname(hostname)));
  await detach(api, surplus);
}

async function writeRoutes({ api, id, live, state }: RoutingWrite): Promise<void> {
  const wanted = new Set(state.routes?.patterns ?? []);
  const routes = live?.routes ?? [];
  const present = new Set(routes.map(({ pattern }) => pattern));
  await Promise.all([...wanted].filter((pattern) => !present.has(pattern)).map((pattern) => addRoute(api, id, pattern)));
  const surplus = routes.filter(({ pattern }) => !wanted.has(pattern));
  await removeRoutes(api, surplus);
}

/** Never with the overrides for what others have on the hostname: a person has to clear that away (Q90). */
async function attach(api: Api, service: string, hostname: string): Promise<void> {
  const zone = await zoneFor(api, hostname);
  await explained(api.put(domainsPath(api), { hostname, service, zone_id: zone.id }));
}

export const detach = (api: Api, domains: readonly Domain[]): Promise<unknown> =>
  Promise.all(domains.map(({ id }) => api.remove(`${domainsPath(api)}/${encodeURIComponent(id)}`)));

async function addRoute(api: Api, script: string, pattern: string): Promise<void> {
  const path = routesPath((await zoneOfPattern(api, pattern)).id);
  const find = async () =>
    (await api.list<Route>(path, { perPage: 100 })).find((route) => route.pattern === pattern && route.script === script);
  await explained(api.post(path, { pattern, script }, { find }));
}

export const removeRoutes = (api: Api, routes: readonly Route[]): Promise<unknown> =>
  Promise.all(routes.map(({ id, zone }) => api.remove(`${routesPath(zone)}/${encodeURIComponent(id)}`)));
