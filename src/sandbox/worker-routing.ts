import { createHash, randomBytes } from 'node:crypto';
import { flag, text } from './check.ts';
import { ok } from './envelope.ts';
import type { JsonObject } from './json.ts';
import { conflict, invalid, missing } from './refusal.ts';
import { type Answer, type Call, type Route, route } from './route.ts';
import { type DomainRow, replaced, row, type RouteRow, type SandboxState, without, type ZoneRow } from './state.ts';
import { foundWorker, saved, scripts } from './worker-row.ts';
import { foundZone } from './zones.ts';

const domains = '/accounts/:account/workers/domains';
const routes = '/zones/:zone/workers/routes';
const subdomain = '/accounts/:account/workers/subdomain';

/** Where Workers are reached: workers.dev, custom domains, routes. */
export const workerRoutingRoutes: readonly Route[] = [
  route('GET', subdomain, ({ state }) => {
    if (state.workers_subdomain === '') throw missing(10007, 'This account has no workers.dev subdomain.');
    return ok({ subdomain: state.workers_subdomain });
  }),
  route('PUT', subdomain, ({ state, body }) => {
    state.workers_subdomain = text(body['subdomain']);
    return ok({ subdomain: state.workers_subdomain });
  }),
  route('GET', `${scripts}/:name/subdomain`, (call) => ok(foundWorker(call).subdomain)),
  route('POST', `${scripts}/:name/subdomain`, (call) => setSubdomain(call)),
  route('DELETE', `${scripts}/:name/subdomain`, (call) =>
    ok(saved(call, { ...foundWorker(call), subdomain: { enabled: false, previews_enabled: false } }).subdomain),
  ),
  route('GET', domains, (call) => listDomains(call)),
  route('PUT', domains, (call) => ok(putDomain(call, call.body))),
  route('GET', `${domains}/:id`, (call) => ok(domainView(foundDomain(call)))),
  route('DELETE', `${domains}/:id`, (call) => deleteDomain(call)),
  route('GET', routes, (call) => ok(inZone(call).map(routeView))),
  route('POST', routes, (call) => createRoute(call)),
  route('PUT', `${routes}/:id`, (call) => changeRoute(call)),
  route('GET', `${routes}/:id`, (call) => ok(routeView(foundRoute(call)))),
  route('DELETE', `${routes}/:id`, (call) => {
    const { id } = foundRoute(call);
    call.state.worker_routes = without(call.state.worker_routes, id);
    return ok({ id });
  }),
];

const setSubdomain = (call: Call): Answer => {
  const worker = foundWorker(call);
  const { state, body } = call;
  if (flag(body['enabled']) && state.workers_subdomain === '')
    throw invalid(10063, 'You need to register a workers.dev subdomain first.');
  const next = {
    enabled: flag(body['enabled']),
    previews_enabled: flag(body['previews_enabled'], worker.subdomain.previews_enabled),
  };
  return ok(saved(call, { ...worker, subdomain: next }).subdomain);
};

const listDomains = ({ state, query }: Call): Answer =>
  ok(
    state.worker_domains
      .map(domainView)
      .filter((domain) =>
        ['hostname', 'service', 'zone_id', 'zone_name'].every(
          (member) => (query.get(member) ?? domain[member]) === domain[member],
        ),
      ),
  );

/**
 * A hostname that another Worker has, or that has a record of somebody's, is refused without the override
 * for it. The record of the domain is made here.
 */
export const putDomain = (call: Call, body: JsonObject): JsonObject => {
  const { state, now } = call;
  const [hostname, service] = [text(body['hostname']).toLowerCase(), text(body['service'])];
  const zone = zoneOf(state, hostname, body);
  if (!state.workers.some(({ id }) => id === service)) throw missing(10007, 'This Worker does not exist on your account.');
  const live = state.worker_domains.find((domain) => domain.body['hostname'] === hostname);
  if (live !== undefined && live.body['service'] !== service && !flag(body['override_existing_origin'])) {
    throw conflict(100116, `Hostname '${hostname}' is already in use by the Worker '${text(live.body['service'])}'.`);
  }
  const records = state.dns_records.filter(
    (each) => each.body['name'] === hostname && ['A', 'AAAA', 'CNAME'].includes(text(each.body['type'])),
  );
  if (live === undefined && records.length > 0 && !flag(body['override_existing_dns_record'])) {
    throw conflict(100117, `Hostname '${hostname}' already has externally managed DNS records (A, CNAME, etc).`);
  }
  const id = live?.id ?? createHash('sha256').update(hostname).digest('hex').slice(0, 32);
  const domain = { ...row(now, id, { hostname, service, environment: 'production', zone_name: zone.name }), zone_id: zone.id };
  state.worker_domains = [...without(state.worker_domains, id), domain];
  const record = { ...row(now, id, { type: 'AAAA', name: hostname, content: '100::', proxied: true, ttl: 1 }), zone_id: zone.id };
  if (live === undefined) state.dns_records = [...state.dns_records.filter((each) => !records.includes(each)), record];
  return domainView(domain);
};

const zoneOf = (state: SandboxState, hostname: string, { zone_id: id, zone_name: name }: JsonObject): ZoneRow => {
  const fits = state.zones.filter((zone) => hostname === zone.name || hostname.endsWith(`.${zone.name}`));
  const zone = fits.findLast((each) => (id ?? each.id) === each.id && (name ?? each.name) === each.name);
  if (zone === undefined) throw invalid(100112, `Hostname '${hostname}' does not belong to a zone of this account.`);
  return zone;
};

/** The answer has no body (Q89). */
const deleteDomain = (call: Call): Answer => {
  const { id } = foundDomain(call);
  dropDomain(call.state, id);
  return new Response(null, { status: 200, headers: { 'content-type': 'application/json' } });
};

const dropDomain = (state: SandboxState, id: string): void => {
  state.worker_domains = without(state.worker_domains, id);
  state.dns_records = without(state.dns_records, id);
};

/** What leads to a Worker goes with it. */
export const detachWorker = (state: SandboxState, name: string): void => {
  for (const { id, body } of state.worker_domains) if (body['service'] === name) dropDomain(state, id);
  state.worker_routes = state.worker_routes.filter(({ body }) => body['script'] !== name);
};

const foundDomain = ({ state, param }: Call): DomainRow => {
  const domain = state.worker_domains.find(({ id }) => id === param('id'));
  if (domain === undefined) throw missing(100114, 'Domain not found.');
  return domain;
};

const domainView = ({ id, zone_id, body }: DomainRow): JsonObject => ({
  id,
  zone_id,
  ...body,
  cert_id: `${id.slice(0, 8)}-cert`,
});

const inZone = (call: Call): readonly RouteRow[] => {
  const { id } = foundZone(call);
  return call.state.worker_routes.filter(({ zone_id }) => zone_id === id);
};

const checkedRoute = (call: Call): JsonObject => {
  const zone = foundZone(call);
  const [pattern, script] = [text(call.body['pattern']), text(call.body['script'])];
  const host = pattern.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  if (host === '' || !host.endsWith(zone.name))
    throw invalid(10022, `The pattern '${pattern}' is not valid for the zone ${zone.name}.`);
  if (script !== '' && !call.state.workers.some(({ id }) => id === script))
    throw missing(10007, 'This Worker does not exist on your account.');
  if (inZone(call).some((each) => each.body['pattern'] === pattern && each.id !== call.param('id'))) {
    throw conflict(10020, 'A route with the same pattern already exists.');
  }
  return { pattern, ...(script === '' ? {} : { script }) };
};

const createRoute = (call: Call): Answer => ok(routeView(addRoute(call, checkedRoute(call))));

const addRoute = (call: Call, body: JsonObject): RouteRow => {
  const made = { ...row(call.now, randomBytes(16).toString('hex'), body), zone_id: foundZone(call).id };
  call.state.worker_routes = [...call.state.worker_routes, made];
  return made;
};

const changeRoute = (call: Call): Answer => {
  const next = { ...foundRoute(call), body: checkedRoute(call) };
  call.state.worker_routes = replaced(call.state.worker_routes, next);
  return ok(routeView(next));
};

const foundRoute = (call: Call): RouteRow => {
  const found = inZone(call).find(({ id }) => id === call.param('id'));
  if (found === undefined) throw missing(10009, 'Route not found.');
  return found;
};

const routeView = ({ id, body }: RouteRow): JsonObject => ({ id, ...body });
