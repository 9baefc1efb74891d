import { randomBytes, randomUUID } from 'node:crypto';
import { accessInvalid, foundIn, stamps } from './access.ts';
import { attachedIn, keepOwn } from './application-policies.ts';
import { applicationBody, expandedSettings, linkedDomains } from './application-settings.ts';
import { text, texts } from './check.ts';
import { listed, ok, pagings } from './envelope.ts';
import { isList, type Json, type JsonObject } from './json.ts';
import { policyView } from './policies.ts';
import { invalid } from './refusal.ts';
import { type Answer, type Call, type Route, route } from './route.ts';
import { type ApplicationRow, replaced, row, type SandboxState, without } from './state.ts';

const base = '/accounts/:account/access/apps';

/** Access applications. */
export const applicationRoutes: readonly Route[] = [
  route('POST', base, (call) => create(call)),
  route('GET', base, (call) => list(call)),
  route('GET', `${base}/:id`, (call) => ok(applicationView(call)(found(call)))),
  route('PUT', `${base}/:id`, (call) => update(call)),
  route('DELETE', `${base}/:id`, (call) => remove(call)),
  route('POST', `${base}/:id/revoke_tokens`, (call) => ok({ id: found(call).id }, 202)),
];

const create = (call: Call): Answer => {
  const { state, now, body } = call;
  const settings = checkedBody(state, body);
  const id = randomUUID();
  const { attachments, own } = attachedIn(call, id, isList(body['policies']) ? body['policies'] : []);
  const app: ApplicationRow = {
    ...row(now, id, settings),
    aud: randomBytes(32).toString('hex'),
    policies: attachments,
  };
  state.applications = [...state.applications, app];
  keepOwn(state, id, own);
  return ok(applicationView(call)(app), 201);
};

/** Replaces every member. Only `policies` is left as it is when it is not sent; `[]` detaches all. */
const update = (call: Call): Answer => {
  const { state, now, body } = call;
  const live = found(call);
  const settings = checkedBody(state, body);
  if (settings['type'] !== live.body['type']) {
    throw invalid(accessInvalid, 'access.api.error.invalid_request: type cannot be changed');
  }
  const attached = isList(body['policies']) ? attachedIn(call, live.id, body['policies']) : undefined;
  const next: ApplicationRow = {
    ...live,
    body: settings,
    updated_at: now.toISOString(),
    policies: attached?.attachments ?? live.policies,
  };
  state.applications = replaced(state.applications, next);
  if (attached !== undefined) keepOwn(state, live.id, kept(call, live.id, attached));
  return ok(applicationView(call)(next));
};

/** Own policies that are sent as ids stay as they are. */
const kept = ({ state }: Call, appId: string, { attachments, own }: ReturnType<typeof attachedIn>) => {
  const ids = new Set(attachments.map((each) => each.id));
  const sent = new Set(own.map((each) => each.id));
  const unchanged = state.policies.filter((each) => each.app_id === appId && ids.has(each.id) && !sent.has(each.id));
  return [...unchanged, ...own];
};

const remove = (call: Call): Answer => {
  const { id } = found(call);
  call.state.applications = without(call.state.applications, id);
  keepOwn(call.state, id, []);
  return ok({ id });
};

const checkedBody = (state: SandboxState, sent: JsonObject): JsonObject => {
  const body = applicationBody(sent);
  const known = new Set(state.tags.map((each) => each.id));
  const unknown = texts(body['tags']).find((tag) => !known.has(tag));
  if (unknown !== undefined) throw invalid(accessInvalid, `access.api.error.invalid_request: tag ${unknown} not found`);
  return body;
};

/** `exact=true` makes `name` and `domain` mean the whole of it; `search` looks at both. */
const list = (call: Call): Answer => {
  const { query, state } = call;
  const exact = query.get('exact') === 'true';
  const filters = ['name', 'domain', 'aud', 'search'].flatMap((name) => {
    const wanted = query.get(name);
    return wanted === null ? [] : [{ name, wanted: wanted.toLowerCase() }];
  });
  const rows = state.applications.filter((app) =>
    filters.every(({ name, wanted }) =>
      looked(app, name).some((own) => (exact || name === 'aud' ? own === wanted : own.includes(wanted))),
    ),
  );
  return listed(call, rows, { paging: pagings.access, view: applicationView(call) });
};

const looked = (app: ApplicationRow, filter: string): readonly string[] => {
  const own: Readonly<Record<string, string>> = {
    name: text(app.body['name']).toLowerCase(),
    domain: (linkedDomains(app.body).domain ?? '').toLowerCase(),
    aud: app.aud,
  };
  return filter === 'search' ? [own['name'] ?? '', own['domain'] ?? ''] : [own[filter] ?? ''];
};

const found = (call: Call): ApplicationRow => foundIn(call, call.state.applications, 'application');

/** An application as the API shows it: defaults filled in, policies spelled out. */
const applicationView = (call: Call): ((app: ApplicationRow) => Json) => {
  const policies = new Map(call.state.policies.map((each) => [each.id, each]));
  const view = policyView(call);
  return (app) => ({
    id: app.id,
    uid: app.id,
    aud: app.aud,
    ...expandedSettings(app.body),
    policies: app.policies.flatMap(({ id, precedence }) => {
      const policy = policies.get(id);
      return policy === undefined ? [] : [{ ...view(policy), precedence }];
    }),
    ...stamps(app),
  });
};
