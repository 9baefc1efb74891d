import { checkMembers, flag, type Members, objects, text } from './check.ts';
import { listed, ok, pagings } from './envelope.ts';
import { isList, type JsonObject, pick, said } from './json.ts';
import { overridesIn, portalOverrides } from './overrides.ts';
import { conflict, invalid, missing } from './refusal.ts';
import { type Answer, type Call, type Route, route } from './route.ts';
import { mcpTime, serverView } from './server-view.ts';
import { type Mapping, type PortalRow, replaced, row, type SandboxState, type ServerRow, without } from './state.ts';

const base = '/accounts/:account/access/ai-controls/mcp/portals';
const changeable: Members = {
  name: { type: 'string', max: 350 },
  hostname: { type: 'string' },
  description: { type: 'string', max: 512 },
  code_mode: { type: 'string', oneOf: ['off', 'opt_in', 'default_on', 'enforced'] },
  allow_code_mode: { type: 'boolean' },
  secure_web_gateway: { type: 'boolean' },
  servers: { type: 'array' },
};
const initial: Members = {
  ...changeable,
  id: { type: 'string', required: true, max: 32 },
  name: { type: 'string', required: true, max: 350 },
  hostname: { type: 'string', required: true },
};

/** MCP portals. */
export const portalRoutes: readonly Route[] = [
  route('POST', base, (call) => create(call)),
  route('GET', base, (call) => list(call)),
  route('GET', `${base}/:id`, (call) => ok(portalView(call.state)(found(call)))),
  route('PUT', `${base}/:id`, (call) => update(call)),
  route('DELETE', `${base}/:id`, (call) => remove(call)),
];

const create = ({ state, now, body }: Call): Answer => {
  checkMembers(body, initial, 7001);
  const id = text(body['id']);
  // The status and code of a second object with one id are in no source.
  if (state.portals.some((each) => each.id === id)) throw conflict(7001, `MCP portal "${id}" already exists`);
  const settings = { code_mode: codeModeIn(body, 'opt_in'), ...kept(body) };
  const portal: PortalRow = { ...row(now, id, settings), servers: mappingsIn(state, body) };
  checkHostname(state, portal);
  state.portals = [...state.portals, portal];
  return ok(portalView(state)(portal), 201);
};

/** Members that are left out stay; `servers`, when it is there, replaces every mapping. */
const update = (call: Call): Answer => {
  const { state, now, body } = call;
  const live = found(call);
  checkMembers(body, changeable, 7001);
  const next: PortalRow = {
    ...live,
    body: { ...live.body, ...kept(body), code_mode: codeModeIn(body, text(live.body['code_mode'])) },
    updated_at: now.toISOString(),
    servers: isList(body['servers']) ? mappingsIn(state, body) : live.servers,
  };
  checkHostname(state, next);
  state.portals = replaced(state.portals, next);
  return ok(portalView(state)(next));
};

const remove = (call: Call): Answer => {
  const live = found(call);
  call.state.portals = without(call.state.portals, live.id);
  return ok(portalView(call.state)(live));
};

const list = (call: Call): Answer => {
  const wanted = (call.query.get('search') ?? '').toLowerCase();
  const rows = call.state.portals.filter(({ id, body }) =>
    [id, text(body['name']), text(body['hostname'])].some((each) => each.toLowerCase().includes(wanted)),
  );
  return listed(call, rows, { paging: pagings.mcp, view: portalView(call.state) });
};

const found = ({ state, param }: Call): PortalRow => {
  const id = param('id');
  if (id.length > 32) throw invalid(7001, 'id: String must contain at most 32 character(s)');
  const portal = state.portals.find((each) => each.id === id);
  if (portal === undefined) throw missing(7003, `MCP portal "${id}" not found`);
  return portal;
};

const kept = (body: JsonObject): JsonObject => pick(said(body), ['name', 'hostname', 'description', 'secure_web_gateway']);

/** `allow_code_mode` is the old form of `code_mode`; the two must agree. */
const codeModeIn = (body: JsonObject, before: string): string => {
  const allowed = body['allow_code_mode'] ?? undefined;
  const mode = body['code_mode'] ?? undefined;
  if (mode === undefined) {
    if (allowed === undefined) return before;
    if (!allowed) return 'off';
    return before === 'off' ? 'opt_in' : before;
  }
  if (allowed !== undefined && allowed !== (mode !== 'off')) {
    throw invalid(7001, 'allow_code_mode and code_mode contradict each other');
  }
  return text(mode);
};

const checkHostname = (state: SandboxState, portal: PortalRow): void => {
  const hostname = text(portal.body['hostname']);
  if (!/^[^\s/:]+\.[^\s/:]+$/.test(hostname)) throw invalid(7001, 'hostname: Invalid hostname');
  const taken = state.portals.some((each) => each.id !== portal.id && each.body['hostname'] === hostname);
  if (taken) throw invalid(7001, 'This hostname is already in use in a different MCP Portal');
};

/** The mappings of a request. A row without overrides has none, whatever it had before. */
const mappingsIn = (state: SandboxState, body: JsonObject): readonly Mapping[] => {
  const known = new Set(state.servers.map((each) => each.id));
  const seen = new Set<string>();
  return objects(body['servers']).map((each) => {
    const mapping = mappingIn(each);
    if (!known.has(mapping.server_id)) throw invalid(7001, `MCP server "${mapping.server_id}" not found`);
    if (seen.has(mapping.server_id)) throw invalid(7001, `MCP server "${mapping.server_id}" is mapped twice`);
    seen.add(mapping.server_id);
    return mapping;
  });
};

const mappingMembers: Members = {
  server_id: { type: 'string', required: true },
  default_disabled: { type: 'boolean' },
  on_behalf: { type: 'boolean' },
  updated_tools: { type: 'array' },
  updated_prompts: { type: 'array' },
};

const mappingIn = (sent: JsonObject): Mapping => {
  const each = said(sent);
  checkMembers(each, mappingMembers, 7001);
  return {
    server_id: text(each['server_id']),
    default_disabled: flag(each['default_disabled']),
    on_behalf: flag(each['on_behalf'], true),
    updated_tools: overridesIn(each['updated_tools']),
    updated_prompts: overridesIn(each['updated_prompts']),
  };
};

/** A portal as the API shows it: whole servers, in the order in which they were made. */
const portalView =
  (state: SandboxState) =>
  (portal: PortalRow): JsonObject => {
    const mappings = new Map(portal.servers.map((each) => [each.server_id, each]));
    const servers = state.servers.flatMap((server) => {
      const mapping = mappings.get(server.id);
      return mapping === undefined ? [] : [mappingView(server, mapping)];
    });
    return {
      id: portal.id,
      description: '',
      secure_web_gateway: false,
      ...portal.body,
      allow_code_mode: portal.body['code_mode'] !== 'off',
      servers,
      created_at: mcpTime(portal.created_at),
      created_by: 'sandbox@example.com',
      modified_at: mcpTime(portal.updated_at),
      modified_by: 'sandbox@example.com',
    };
  };

const mappingView = (server: ServerRow, mapping: Mapping): JsonObject => ({
  ...serverView(server),
  server_id: server.id,
  default_disabled: mapping.default_disabled,
  on_behalf: mapping.on_behalf,
  updated_tools: portalOverrides(mapping.updated_tools, server.body['updated_tools'], !mapping.default_disabled),
  updated_prompts: portalOverrides(mapping.updated_prompts, server.body['updated_prompts'], !mapping.default_disabled),
});
