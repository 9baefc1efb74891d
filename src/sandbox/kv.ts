import { randomBytes } from 'node:crypto';
import { text } from './check.ts';
import { listed, ok, pagings } from './envelope.ts';
import type { JsonObject } from './json.ts';
import { invalid, missing } from './refusal.ts';
import { type Answer, type Call, type Route, route } from './route.ts';
import { replaced, type Row, row, without } from './state.ts';

const base = '/accounts/:account/storage/kv/namespaces';

/** KV namespaces: only the namespaces, not what is in them. */
export const kvRoutes: readonly Route[] = [
  route('GET', base, (call) => listed(call, call.state.kv_namespaces, { paging: pagings.kv, view })),
  route('POST', base, (call) => create(call)),
  route('GET', `${base}/:id`, (call) => ok(view(found(call)))),
  route('PUT', `${base}/:id`, (call) => rename(call)),
  route('DELETE', `${base}/:id`, (call) => remove(call)),
];

const create = (call: Call): Answer => {
  const title = freeTitle(call);
  const namespace = row(call.now, randomBytes(16).toString('hex'), { title });
  call.state.kv_namespaces = [...call.state.kv_namespaces, namespace];
  return ok(view(namespace));
};

const rename = (call: Call): Answer => {
  const next = { ...found(call), body: { title: freeTitle(call) } };
  call.state.kv_namespaces = replaced(call.state.kv_namespaces, next);
  return ok(view(next));
};

/** The namespace goes with its data, also where Workers are bound to it. */
const remove = (call: Call): Answer => {
  const { id } = found(call);
  call.state.kv_namespaces = without(call.state.kv_namespaces, id);
  return ok(null);
};

const freeTitle = ({ body, state, param }: Call): string => {
  const title = text(body['title']);
  if (title === '') throw invalid(10019, 'title is missing');
  if (title.length > 512) throw invalid(10019, 'title is too long');
  const isTaken = state.kv_namespaces.some((each) => each.body['title'] === title && each.id !== param('id'));
  if (isTaken) throw invalid(10014, 'a namespace with this account ID and title already exists');
  return title;
};

const found = ({ state, param }: Call): Row => {
  const namespace = state.kv_namespaces.find((each) => each.id === param('id'));
  if (namespace === undefined) throw missing(10013, 'namespace not found');
  return namespace;
};

const view = (namespace: Row): JsonObject => ({ id: namespace.id, ...namespace.body, supports_url_encoding: true });
