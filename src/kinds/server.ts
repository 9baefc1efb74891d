import type { Api } from '../engine/api.ts';
import type { Kind } from '../engine/kind.ts';
import { tokenToSend } from './mcp/credentials.ts';
import { isLeaving } from './mcp/leaving.ts';
import { sameUrl } from './document/network.ts';
import { orphanedOverrides } from './mcp/orphans.ts';
import { overrideRules, withoutIdle } from './mcp/overrides.ts';
import { listServers, serversPath } from './mcp/registrations.ts';
import { withoutUndefined } from './document/section.ts';
import {
  credentialsBody,
  formerState,
  immutableBody,
  mutableBody,
  serverState,
  type Server,
  type ServerState,
} from './mcp/server-body.ts';
import { serverObstacles } from './mcp/server-obstacles.ts';
import { serverReadiness } from './mcp/server-readiness.ts';
import { replaceServer } from './mcp/server-replacement.ts';
import { serversSection } from './mcp/servers-section.ts';
import { syncOperation } from './mcp/sync-operation.ts';

/** An MCP server registration. API: `zeroTrust.access.aiControls.mcp.servers` of the official SDK. */
export const server: Kind<ServerState, Server> = {
  kind: 'server',
  title: 'MCP server',
  section: serversSection,
  // hostname and auth_type are create-only: a PUT answers 200 and keeps the old value (Q7).
  fields: {
    url: { immutable: true },
    auth: { immutable: true },
    secure_web_gateway: { serverDefault: false },
    shared_oauth_callback: { serverDefault: false },
    ...overrideRules('tools'),
    ...overrideRules('prompts'),
  },
  refersTo: ['service_token'],
  references: ({ 'auth.service_token': ref }) => (typeof ref === 'string' ? [{ kind: 'service_token', ref }] : []),
  prunable: true,

  list: ({ api }) => listServers<Server>(api),
  identify: (live) => ({ id: live.id, identity: live.id, name: live.id }),
  identities: ({ key }) => [key],
  toState: (live) => serverState(live),
  initial: (key, state) => ({ name: key, auth: 'none', ...state }),
  settle: (state, live, peers) => {
    const { tools, prompts, url, 'auth.service_token': token } = state;
    return withoutUndefined({
      ...state,
      'auth.service_token': typeof token === 'string' ? tokenToSend(token, peers) : token,
      url: url !== undefined && live?.url !== undefined && sameUrl(url, live.url) ? live.url : url,
      tools: tools === undefined ? undefined : withoutIdle(tools, live?.tools, () => true),
      prompts: prompts === undefined ? undefined : withoutIdle(prompts, live?.prompts, () => true),
    });
  },
  obstacles: (desired, bound, peers) => serverObstacles(desired, bound?.live, peers),
  remarks: ({ key, state, place }, { live }) =>
    place === undefined ? [] : orphanedOverrides(state, { place, where: `servers.${key}`, server: live }),
  impact: (action, live) => {
    if (action === 'delete') return 'its tools disappear from every portal that has it';
    if (action !== 'replace') return undefined;
    const oauth = live.auth === 'oauth' ? '; an administrator and everyone who uses it must sign in to it again' : '';
    return `its tools are gone for some seconds; portals, overrides and its Access application come back as they were${oauth}`;
  },

  create: async ({ api, key, state, peers }) => {
    const said = { ...immutableBody(key, state), ...mutableBody(state) };
    const body = { ...said, ...credentialsBody(state, peers) };
    const path = serversPath(api);
    const find = async () => (await api.get<readonly Server[]>(path, { search: key })).find((live) => live.id === key);
    // An answer may be thin: what was sent stands in for what it leaves out, without the credentials.
    return { live: { ...said, ...(await api.post<Server>(path, body, { find })) } };
  },
  update: async ({ api, live, state, changed, peers }) => {
    const credentials = changed.some((path) => path.startsWith('auth.')) ? credentialsBody(state, peers) : {};
    const said = mutableBody({ name: live.name, ...state });
    return {
      live: { ...live, ...withoutUndefined(said), ...(await api.put<Server>(pathOf(api, live), { ...said, ...credentials })) },
    };
  },
  remove: (api, live) => api.remove(pathOf(api, live)),
  replace: (write) => {
    const { api, live, peers } = write;
    const former = formerState(live, write.state, peers);
    return replaceServer<Server>({
      api,
      peers,
      id: live.id,
      remove: () => server.remove(api, live),
      create: () => server.create(write),
      putBack: former === undefined ? undefined : () => server.create({ ...write, state: former }),
    });
  },

  // Discovery trouble shows in the status; the request itself succeeds all the same.
  prepare: async (api, live) => {
    await api.post(`${pathOf(api, live)}/sync`, {});
  },
  operations: { sync: syncOperation },
  readiness: (live) => serverReadiness(live),
  reaches: ({ id }, peers) => (isLeaving(id, peers) ? peers.existing('server_app').filter((app) => app.identity === id) : []),
  reachesInto: ['server_app'],
  toEntry: (key, { 'auth.bearer': _bearer, 'auth.headers': _headers, 'auth.service_token': _token, auth, ...state }) => {
    // Cloudflare never gives credentials back: the document says where they are to come from.
    const secret = { bearer: `env:${key.toUpperCase().replaceAll('-', '_')}_TOKEN` };
    return { section: 'servers', key, value: withoutUndefined({ ...state, auth: auth === 'bearer' ? secret : auth }) };
  },
};

const pathOf = (api: Api, live: Server): string => `${serversPath(api)}/${encodeURIComponent(live.id)}`;
