import { text } from './check.ts';
import { ok } from './envelope.ts';
import { isObject, type JsonObject } from './json.ts';
import { missing } from './refusal.ts';
import { type Answer, type Call, listRoute, type Route, route } from './route.ts';
import { row, type RouteRow, type WorkerRow } from './state.ts';
import { putDomain } from './worker-routing.ts';
import { shownBindings } from './worker-bindings.ts';
import { foundWorker, saved, scripts } from './worker-row.ts';
import { uploaded } from './worker-upload.ts';
import { removeWorker, scriptView } from './workers.ts';

const services = '/accounts/:account/workers/services';

/**
 * What other tools ask on their way: services (the older view of scripts), versions and deployments, and
 * routes and domains of a script as a whole. Only the newest version is kept, and it is deployed at once.
 */
export const workerVersionRoutes: readonly Route[] = [
  route('GET', `${services}/:name`, (call) => ok(serviceView(foundService(call)))),
  route('DELETE', `${services}/:name`, (call) => removeWorker(call)),
  route('GET', `${services}/:name/environments/:environment`, (call) => ok(environmentView(foundService(call)))),
  route('GET', `${scripts}/:name/deployments`, (call) => ok({ deployments: [deploymentView(foundWorker(call))] })),
  route('POST', `${scripts}/:name/deployments`, (call) => ok(deploymentView(foundWorker(call)))),
  route('GET', `${scripts}/:name/versions`, (call) => ok({ items: [versionView(foundWorker(call))] })),
  route('POST', `${scripts}/:name/versions`, async (call) => {
    const worker = foundWorker(call);
    const { subdomain, ...next } = await uploaded(call, worker.id, { live: worker, keeps: ['secret_text', 'secret_key'] });
    // Script-level settings are no part of a version.
    const body = { ...next.body, tags: worker.body['tags'] };
    return ok({ ...versionView(saved(call, { ...next, body, subdomain })), startup_time_ms: 1 });
  }),
  route('GET', `${scripts}/:name/versions/:version`, (call) => ok(versionView(foundWorker(call)))),
  route('GET', '/accounts/:account/workers/tails/by-consumer/:name', () => ok([])),
  listRoute('PUT', `${scripts}/:name/routes`, (call) => replaceRoutes(call)),
  listRoute('POST', `${scripts}/:name/domains/changeset`, () => ok({ added: [], removed: [], updated: [], conflicting: [] })),
  route('PUT', `${scripts}/:name/domains/records`, (call) => putDomains(call)),
];

const foundService = ({ state, param }: Call): WorkerRow => {
  const worker = state.workers.find(({ id }) => id === param('name'));
  if (worker === undefined) throw missing(10090, 'workers.api.error.service_not_found');
  return worker;
};

const environmentView = (worker: WorkerRow): JsonObject => ({
  environment: 'production',
  created_on: worker.created_at,
  modified_on: worker.updated_at,
  script: { ...scriptView(worker), last_deployed_from: 'wrangler' },
});

const serviceView = (worker: WorkerRow): JsonObject => ({
  id: worker.id,
  created_on: worker.created_at,
  modified_on: worker.updated_at,
  default_environment: environmentView(worker),
  environments: [environmentView(worker)],
});

const deploymentView = ({ version, updated_at }: WorkerRow): JsonObject => ({
  id: version,
  source: 'api',
  strategy: 'percentage',
  author_email: 'sandbox@example.com',
  created_on: updated_at,
  annotations: { 'workers/triggered_by': 'deployment' },
  versions: [{ version_id: version, percentage: 100 }],
});

const versionView = (worker: WorkerRow): JsonObject => ({
  id: worker.version,
  number: worker.number,
  metadata: { author_email: 'sandbox@example.com', source: 'api', created_on: worker.updated_at, modified_on: worker.updated_at },
  annotations: { 'workers/triggered_by': 'upload' },
  resources: {
    bindings: shownBindings(worker.bindings),
    script: { etag: worker.etag, handlers: ['fetch'], last_deployed_from: 'api' },
    script_runtime: { compatibility_date: worker.body['compatibility_date'], usage_model: 'standard' },
  },
});

/** The routes of a script, all at once: others that it had are gone. */
const replaceRoutes = (call: Call): Answer => {
  const { state, now, items } = call;
  const { id: script } = foundWorker(call);
  const made = items.filter(isObject).map(({ pattern }, index): RouteRow => {
    const host = text(pattern)
      .replace(/^https?:\/\//, '')
      .replace(/\/.*$/, '');
    const zone = state.zones.find(({ name }) => host.endsWith(name));
    if (zone === undefined) throw missing(10082, `Could not find zone for '${host}'.`);
    return {
      ...row(now, `${state.worker_routes.length}${index}`.padStart(32, '0'), { pattern: text(pattern), script }),
      zone_id: zone.id,
    };
  });
  state.worker_routes = [...state.worker_routes.filter(({ body }) => body['script'] !== script), ...made];
  return ok(made.map(({ body }) => text(body['pattern'])));
};

const putDomains = (call: Call): Answer => {
  const { body } = call;
  const { id: service } = foundWorker(call);
  const origins = Array.isArray(body['origins']) ? body['origins'] : [];
  return ok(origins.map((origin) => putDomain(call, { ...body, ...(isObject(origin) ? origin : {}), service })));
};
