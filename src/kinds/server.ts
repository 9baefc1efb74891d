import type { Kind } from '../engine/kind.ts';
import { Secret } from '../secrets/secret.ts';
import { credentialsText, type Credentials } from './shared/credentials.ts';
import { linksOf, putLinks, type Portal } from './shared/links.ts';
import { sameUrl } from './shared/network.ts';
import { overrideRules, overridesFromApi, overridesToApi, serverMembers, withoutIdle, type Overrides } from './shared/overrides.ts';
import { withoutUndefined } from './shared/section.ts';
import { serverReadiness } from './shared/server-readiness.ts';
import { serversSection } from './shared/servers-section.ts';

export type ServerState = {
  readonly name?: string;
  readonly url?: string;
  readonly description?: string | null;
  readonly auth?: 'none' | 'oauth' | 'bearer';
  readonly credentials?: Credentials | Secret;
  readonly secure_web_gateway?: boolean;
  readonly shared_oauth_callback?: boolean;
  readonly tools?: Overrides;
  readonly prompts?: Overrides;
};

type Server = {
  readonly id: string;
  readonly name: string;
  readonly hostname: string;
  readonly auth_type: string;
  readonly description?: string | null;
  readonly secure_web_gateway?: boolean;
  readonly is_shared_oauth_callback_enabled?: boolean;
  readonly updated_tools?: unknown;
  readonly updated_prompts?: unknown;
  readonly status?: string;
  readonly authentication_status?: string;
  readonly auth_config_summary?: { readonly auth_mode?: string } | null;
  readonly error?: string | null;
  readonly error_details?: { readonly cause?: string; readonly status_code?: number; readonly retryable?: boolean } | null;
};

const apiWords = { none: 'unauthenticated', oauth: 'oauth', bearer: 'bearer' } as const;

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
  refersTo: [],
  references: () => [],
  prunable: true,

  list: ({ api }) => api.list<Server>(api.path('access', 'ai-controls', 'mcp', 'servers'), { perPage: 100 }),
  identify: (live) => ({ id: live.id, identity: live.id, name: live.id }),
  identities: ({ key }) => [key],
  toState: (live) => toState(live),
  initial: (key, state) => ({ name: key, auth: 'none', ...state }),
  settle: (state, live) => {
    const { tools, prompts, url } = state;
    return withoutUndefined({
      ...state,
      url: url !== undefined && live?.url !== undefined && sameUrl(url, live.url) ? live.url : url,
      tools: tools === undefined ? undefined : withoutIdle(tools, live?.tools, true),
      prompts: prompts === undefined ? undefined : withoutIdle(prompts, live?.prompts, true),
    });
  },
  obstacles: ({ key, state }, bound) => {
    const live = bound?.live;
    const moves = live !== undefined && state.url !== undefined && !sameUrl(state.url, live.hostname);
    if (!moves || live.auth_type !== 'bearer' || state.auth !== undefined) return [];
    const message = `server:${key}: replacing it would lose the credentials that Cloudflare holds for it`;
    return [{ message, ids: [live.id], hint: 'say them in the document: auth: { bearer: REF } or { headers: … }' }];
  },
  impact: (action, live) => {
    if (action === 'delete') return 'its tools disappear from every portal that has it';
    if (action !== 'replace') return undefined;
    const oauth = live.auth === 'oauth' ? '; an administrator and everyone who uses it must sign in to it again' : '';
    return `its tools are gone for some seconds; portals, overrides and its Access application come back as they were${oauth}`;
  },

  create: async ({ api, key, state }) => {
    const body = {
      id: key,
      hostname: state.url,
      auth_type: apiWords[state.auth ?? 'none'],
      ...mutable(state),
      ...credentialsBody(state),
    };
    const path = api.path('access', 'ai-controls', 'mcp', 'servers');
    const find = async () => (await api.get<readonly Server[]>(path, { search: key })).find((live) => live.id === key);
    return { live: await api.post<Server>(path, body, { find }) };
  },
  update: async ({ api, live, state, changed }) => {
    const credentials = changed.some((path) => path.startsWith('credentials')) ? credentialsBody(state) : {};
    const body = { ...mutable({ name: live.name, ...state }), ...credentials };
    return { live: await api.put<Server>(api.path('access', 'ai-controls', 'mcp', 'servers', live.id), body) };
  },
  remove: (api, live) => api.remove(api.path('access', 'ai-controls', 'mcp', 'servers', live.id)),

  /**
   * Detach from every portal, delete, create under the same id, attach again with the same settings:
   * also in portals that the document does not know. The Access application keeps pointing at the id.
   */
  replace: async (write) => {
    const { api, live, peers } = write;
    const portals = peers.existing('portal').map(({ id }) => api.path('access', 'ai-controls', 'mcp', 'portals', id));
    const before = await Promise.all(portals.map(async (path) => ({ path, portal: await api.get<Portal>(path) })));
    const having = before.filter(({ portal }) => linksOf(portal).some((link) => link['server_id'] === live.id));
    for (const { path, portal } of having) await putLinks(api, path, linksOf(portal).filter((link) => link['server_id'] !== live.id));
    await server.remove(api, live);
    const created = await server.create(write);
    for (const { path, portal } of having) await putLinks(api, path, linksOf(portal));
    return created;
  },

  // Discovery trouble shows in the status; the request itself succeeds all the same.
  prepare: async (api, live) => {
    await api.post(api.path('access', 'ai-controls', 'mcp', 'servers', live.id, 'sync'), {});
  },
  readiness: (live) => serverReadiness(live),
  reaches: (existing, peers) => peers.existing('server_app').filter((app) => app.identity === existing.id),
  reachesInto: ['server_app'],
  toEntry: (key, { credentials: _held, auth, ...state }) => {
    // Cloudflare never gives credentials back: the document says where they are to come from.
    const secret = { bearer: `env:${key.toUpperCase().replaceAll('-', '_')}_TOKEN` };
    return { section: 'servers', key, value: withoutUndefined({ ...state, auth: auth === 'bearer' ? secret : auth }) };
  },
};

function toState(live: Server): ServerState {
  const auth = authWord(live.auth_type);
  return withoutUndefined({
    name: live.name,
    url: live.hostname,
    description: live.description ?? undefined,
    auth,
    credentials: auth === 'bearer' ? Secret.held : undefined,
    secure_web_gateway: live.secure_web_gateway,
    shared_oauth_callback: live.is_shared_oauth_callback_enabled,
    tools: overridesFromApi(live.updated_tools, serverMembers, true),
    prompts: overridesFromApi(live.updated_prompts, serverMembers, true),
  });
}

function authWord(type: string): NonNullable<ServerState['auth']> {
  if (type === 'unauthenticated') return 'none';
  return type === 'oauth' ? 'oauth' : 'bearer';
}

const mutable = (state: ServerState) => ({
  name: state.name,
  ...(state.description === undefined ? {} : { description: state.description ?? '' }),
  ...(state.secure_web_gateway === undefined ? {} : { secure_web_gateway: state.secure_web_gateway }),
  ...(state.shared_oauth_callback === undefined ? {} : { is_shared_oauth_callback_enabled: state.shared_oauth_callback }),
  updated_tools: overridesToApi(state.tools, true),
  updated_prompts: overridesToApi(state.prompts, true),
});

const credentialsBody = (state: ServerState) =>
  state.auth !== 'bearer' || state.credentials === undefined || state.credentials instanceof Secret
    ? {}
    : { auth_credentials: credentialsText(state.credentials) };
