import { checkMembers, flag, type Members, text } from './check.ts';
import { isObject, type JsonObject, omit, pick, said } from './json.ts';
import { listed, ok, pagings } from './envelope.ts';
import { overridesIn } from './overrides.ts';
import { conflict, invalid, missing } from './refusal.ts';
import { type Answer, type Call, type Route, route } from './route.ts';
import { authTypes, manualOauth, serverView, undiscovered } from './server-view.ts';
import { replaced, row, type SandboxState, type ServerRow, without } from './state.ts';
import { sync } from './sync.ts';

const base = '/accounts/:account/access/ai-controls/mcp/servers';
const changeable: Members = {
  name: { type: 'string', max: 350 },
  description: { type: 'string', max: 512 },
  auth_credentials: { type: 'string' },
  client_secret: { type: 'string' },
  is_shared_oauth_callback_enabled: { type: 'boolean' },
  secure_web_gateway: { type: 'boolean' },
  updated_tools: { type: 'array' },
  updated_prompts: { type: 'array' },
};
const initial: Members = {
  ...changeable,
  id: { type: 'string', required: true, max: 32 },
  name: { type: 'string', required: true, max: 350 },
  hostname: { type: 'string', required: true },
  auth_type: { type: 'string', required: true, oneOf: authTypes },
};
const secrets = ['auth_credentials', 'client_secret'];

/** MCP servers. */
export const serverRoutes: readonly Route[] = [
  route('POST', base, (call) => create(call)),
  route('GET', base, (call) => list(call)),
  route('GET', `${base}/:id`, (call) => ok(serverView(found(call)))),
  route('PUT', `${base}/:id`, (call) => update(call)),
  route('DELETE', `${base}/:id`, (call) => remove(call)),
  route('POST', `${base}/:id/sync`, (call) => sync(call, found(call))),
];

const create = ({ state, now, body }: Call): Answer => {
  checkMembers(body, initial, 7001);
  const id = text(body['id']);
  if (!URL.canParse(text(body['hostname']))) throw invalid(7001, 'hostname: Invalid url');
  // The status and code of a second object with one id are in no source.
  if (state.servers.some((each) => each.id === id)) throw conflict(7001, `MCP server "${id}" already exists`);
  const server: ServerRow = {
    ...row(now, id, kept(body, Object.keys(initial))),
    credentials: secretIn(body, 'auth_credentials') ?? null,
    clientSecret: secretIn(body, 'client_secret') ?? null,
    clientSecretVersion: secretIn(body, 'client_secret') === undefined ? 0 : 1,
    discovery: undiscovered,
  };
  checkManualOauth(server);
  state.servers = [...state.servers, server];
  return ok(serverView(server), 201);
};

/** `hostname` and `auth_type` are not part of an update: they are ignored, and the answer is 200. */
const update = (call: Call): Answer => {
  const { state, now, body } = call;
  const live = found(call);
  checkMembers(body, changeable, 7001);
  const secret = secretIn(body, 'client_secret');
  const next: ServerRow = {
    ...live,
    body: { ...live.body, ...kept(body, Object.keys(changeable)) },
    updated_at: now.toISOString(),
    credentials: secretIn(body, 'auth_credentials') ?? live.credentials,
    clientSecret: secret ?? live.clientSecret,
    clientSecretVersion: live.clientSecretVersion + (secret === undefined || secret === live.clientSecret ? 0 : 1),
  };
  checkManualOauth(next);
  state.servers = replaced(state.servers, next);
  return ok(serverView(next));
};

/** Refused while a portal has the server: no source tells what the API does then, so nothing is detached silently. */
const remove = (call: Call): Answer => {
  const live = found(call);
  const portal = call.state.portals.find((each) => each.servers.some((mapping) => mapping.server_id === live.id));
  if (portal !== undefined) throw conflict(7001, `MCP server "${live.id}" is still in portal "${portal.id}"`);
  call.state.servers = without(call.state.servers, live.id);
  return ok(serverView(live));
};

const list = (call: Call): Answer => {
  const wanted = (call.query.get('search') ?? '').toLowerCase();
  const rows = call.state.servers.filter(
    ({ id, body }) => id.toLowerCase().includes(wanted) || text(body['name']).toLowerCase().includes(wanted),
  );
  return listed(call, rows, { paging: pagings.mcp, view: serverView });
};

/** Ids that cannot exist are a validation error, not a 404. */
const found = ({ state, param }: Call): ServerRow => serverOf(state, param('id'));

const serverOf = (state: SandboxState, id: string): ServerRow => {
  if (id.length > 32) throw invalid(7001, 'id: String must contain at most 32 character(s)');
  const server = state.servers.find((each) => each.id === id);
  if (server === undefined) throw missing(7003, `MCP server "${id}" not found`);
  return server;
};

const kept = (body: JsonObject, names: readonly string[]): JsonObject => ({
  ...omit(said(pick(body, names)), [...secrets, 'id', 'updated_tools', 'updated_prompts']),
  ...(body['description'] === null ? { description: null } : {}),
  ...('updated_tools' in body ? { updated_tools: overridesIn(body['updated_tools']) } : {}),
  ...('updated_prompts' in body ? { updated_prompts: overridesIn(body['updated_prompts']) } : {}),
});

const secretIn = (body: JsonObject, name: string): string | undefined => text(body[name]) || undefined;

const checkManualOauth = (server: ServerRow): void => {
  const manual = manualOauth(server);
  if (manual === undefined) return;
  const registration = isObject(manual['registration_info']) ? manual['registration_info'] : {};
  if (server.clientSecret === null && registration['token_endpoint_auth_method'] !== 'none') {
    throw invalid(7001, 'client_secret: Required for manual OAuth');
  }
  const redirects = registration['redirect_uris'];
  if (!flag(server.body['is_shared_oauth_callback_enabled']) && !(Array.isArray(redirects) && redirects.length > 0)) {
    throw invalid(7001, 'redirect_uris: Array must contain at least 1 element(s)');
  }
};
