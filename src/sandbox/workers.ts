import { randomUUID } from 'node:crypto';
import { text } from './check.ts';
import { ok } from './envelope.ts';
import { type Json, type JsonObject, omit, pick } from './json.ts';
import { conflict, invalid, missing } from './refusal.ts';
import { type Answer, type Call, type Route, route } from './route.ts';
import { type SandboxState, without, type WorkerRow } from './state.ts';
import { bindingsFrom, scriptInvalid, shownBindings } from './worker-bindings.ts';
import { detachWorker } from './worker-routing.ts';
import { foundWorker, saved, scripts } from './worker-row.ts';
import { formOf, jsonPart, settingsIn, uploaded } from './worker-upload.ts';

/** Scripts, their settings and their secrets. */
export const workerRoutes: readonly Route[] = [
  route('GET', scripts, ({ state }) => ok(state.workers.map(scriptView))),
  route('PUT', `${scripts}/:name`, (call) => upload(call)),
  route('GET', `${scripts}/:name`, (call) => content(foundWorker(call))),
  route('GET', `${scripts}/:name/content/v2`, (call) => content(foundWorker(call))),
  route('DELETE', `${scripts}/:name`, (call) => removeWorker(call)),
  route('GET', `${scripts}/:name/settings`, (call) => ok(settingsView(foundWorker(call)))),
  route('PATCH', `${scripts}/:name/settings`, (call) => patchSettings(call)),
  route('GET', `${scripts}/:name/script-settings`, (call) => ok(scriptSettings(foundWorker(call)))),
  route('PATCH', `${scripts}/:name/script-settings`, (call) => {
    const worker = foundWorker(call);
    return ok(scriptSettings(saved(call, { ...worker, body: { ...worker.body, ...settingsIn(call.body) } })));
  }),
  route('GET', `${scripts}/:name/secrets`, (call) => ok(foundWorker(call).bindings.filter(isSecret).map(secretView))),
  route('PUT', `${scripts}/:name/secrets`, (call) => putSecret(call)),
  route('DELETE', `${scripts}/:name/secrets/:secret`, (call) => removeSecret(call)),
  route('GET', `${scripts}/:name/references`, (call) => ok(references(call))),
];

const upload = async (call: Call): Promise<Answer> => {
  const name = call.param('name');
  const before = call.state.workers.find(({ id }) => id === name);
  const worker = await uploaded(call, name, { live: before });
  if (before === undefined) call.state.workers = [...call.state.workers, worker];
  return ok({ ...scriptView(saved(call, worker)), startup_time_ms: 1, deployment_id: worker.version.replaceAll('-', '') });
};

const newVersion = (worker: WorkerRow): WorkerRow => ({ ...worker, version: randomUUID(), number: worker.number + 1 });

const patchSettings = async (call: Call): Promise<Answer> => {
  const worker = foundWorker(call);
  const form = await formOf(call);
  const sent = form === undefined ? undefined : await jsonPart(form, 'settings');
  if (sent === undefined) throw invalid(10201, 'Missing settings part in multipart upload.');
  const bindings = sent['bindings'] === undefined ? worker.bindings : bindingsFrom(sent, worker.bindings, call.state);
  const next = newVersion({ ...worker, body: { ...worker.body, ...settingsIn(sent) }, bindings });
  return ok(settingsView(saved(call, next)));
};

const isSecret = (binding: JsonObject): boolean => text(binding['type']).startsWith('secret_');
const secretView = (binding: JsonObject): JsonObject => pick(binding, ['name', 'type']);

const putSecret = (call: Call): Answer => {
  const worker = foundWorker(call);
  const { name, text: value, type } = call.body;
  if (typeof name !== 'string' || name === '' || typeof value !== 'string')
    throw invalid(scriptInvalid, 'name and text are required.');
  const others = worker.bindings.filter((binding) => binding['name'] !== name);
  const live = worker.bindings.find((binding) => binding['name'] === name);
  if (live !== undefined && !isSecret(live))
    throw conflict(10053, `Binding name '${name}' already in use. Please use a different name and try again.`);
  const secret = { name, text: value, type: text(type, 'secret_text') };
  saved(call, newVersion({ ...worker, bindings: [...others, secret] }));
  return ok(secretView(secret));
};

const removeSecret = (call: Call): Answer => {
  const worker = foundWorker(call);
  const name = call.param('secret');
  const bindings = worker.bindings.filter((binding) => !(isSecret(binding) && binding['name'] === name));
  if (bindings.length === worker.bindings.length) throw missing(10056, `Secret binding '${name}' not found.`);
  saved(call, newVersion({ ...worker, bindings }));
  return ok(null);
};

/** Workers that others are bound to, and those with Durable Objects, go only by force. */
export const removeWorker = (call: Call): Answer => {
  const { state, query } = call;
  const { id, bindings } = foundWorker(call);
  const isNeeded = usersOf(state, id).length > 0 || bindings.some((binding) => binding['type'] === 'durable_object_namespace');
  if (isNeeded && query.get('force') !== 'true')
    throw invalid(10064, 'Cannot delete this Worker as it is still referenced by other resources.');
  state.workers = without(state.workers, id).map((worker) => ({
    ...worker,
    bindings: worker.bindings.filter((binding) => !(binding['type'] === 'service' && binding['service'] === id)),
  }));
  detachWorker(state, id);
  return ok(null);
};

const usersOf = (state: SandboxState, name: string): readonly WorkerRow[] =>
  state.workers.filter(
    ({ id, bindings }) => id !== name && bindings.some((binding) => binding['type'] === 'service' && binding['service'] === name),
  );

const references = (call: Call): Json => {
  const { id, bindings } = foundWorker(call);
  const incoming = usersOf(call.state, id).map((worker) => ({ service: worker.id, environment: 'production', name: worker.id }));
  const objects = bindings.filter((binding) => binding['type'] === 'durable_object_namespace');
  return {
    services: { incoming, outgoing: [], pages_function: false },
    durable_objects: objects.map((binding) => ({
      service: id,
      environment: 'production',
      durable_object_namespace_name: `${id}_${text(binding['class_name'])}`,
    })),
    dispatch_outbounds: [],
  };
};

const content = ({ code, etag }: WorkerRow): Response =>
  new Response(code, { headers: { 'content-type': 'application/javascript', etag: `"${etag}"` } });

export const scriptView = (worker: WorkerRow): JsonObject => ({
  id: worker.id,
  tag: worker.tag,
  tags: worker.body['tags'] ?? [],
  etag: worker.etag,
  handlers: ['fetch'],
  has_assets: false,
  has_modules: true,
  compatibility_date: worker.body['compatibility_date'],
  usage_model: 'standard',
  last_deployed_from: 'api',
  created_on: worker.created_at,
  modified_on: worker.updated_at,
});

const settingsView = (worker: WorkerRow): JsonObject => ({
  placement: {},
  compatibility_date: '2021-11-02',
  compatibility_flags: [],
  usage_model: 'standard',
  tags: [],
  tail_consumers: [],
  logpush: false,
  ...worker.body,
  bindings: shownBindings(worker.bindings),
  annotations: { 'workers/triggered_by': 'upload' },
});

const scriptSettings = ({ body }: WorkerRow): JsonObject => ({
  logpush: false,
  tags: [],
  tail_consumers: [],
  ...omit(pick(body, ['logpush', 'tags', 'tail_consumers', 'observability']), []),
});
