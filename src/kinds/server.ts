import type { Api, Kind, Peers } from '../engine/kind.ts';
import { credentialsText, heldCredentials, type CredentialsState } from './shared/credentials.ts';
import { sameUrl } from './shared/network.ts';
import { busyRows, overrideRules, overridesFromApi, overridesToApi, serverMembers, withoutIdle, type Overrides } from './shared/overrides.ts';
import { listServers, serversPath } from './shared/registrations.ts';
import { withoutUndefined } from './shared/section.ts';
import { serverObstacles } from './shared/server-obstacles.ts';
import { isManual, serverReadiness } from './shared/server-readiness.ts';
import { replaceServer } from './shared/server-replacement.ts';
import { serversSection } from './shared/servers-section.ts';

export type ServerState = CredentialsState & {
  readonly name?: string;
  readonly url?: string;
  readonly description?: string | null;
  readonly auth?: 'none' | 'oauth' | 'bearer';
  readonly secure_web_gateway?: boolean;
  readonly shared_oauth_callback?: boolean;
  readonly tools?: Overrides;
  readonly prompts?: Overrides;
};

export type Server = {
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
  refersTo: ['service_token'],
  references: ({ 'auth.service_token': ref }) => (typeof ref === 'string' ? [{ kind: 'service_token', ref }] : []),
  prunable: true,

  list: ({ api }) => listServers<Server>(api),
  identify: (live) => ({ id: live.id, identity: live.id, name: live.id }),
  identities: ({ key }) => [key],
  toState: (live) => toState(live),
  initial: (key, state) => ({ name: key, auth: 'none', ...state }),
  settle: (state, live, peers) => {
    const { tools, prompts, url, 'auth.service_token': token } = state;
    // The secret of a token that is there already cannot be sent again: nobody knows it.
    const isKnown = typeof token === 'string' && peers.live(`service_token:${token}`) !== undefined;
    return withoutUndefined({
      ...state,
      'auth.service_token': isKnown ? undefined : token,
      url: url !== undefined && live?.url !== undefined && sameUrl(url, live.url) ? live.url : url,
      tools: tools === undefined ? undefined : withoutIdle(tools, live?.tools, () => true),
      prompts: prompts === undefined ? undefined : withoutIdle(prompts, live?.prompts, () => true),
    });
  },
  obstacles: (desired, bound, peers) => serverObstacles(desired, bound?.live, peers),
  impact: (action, live) => {
    if (action === 'delete') return 'its tools disappear from every portal that has it';
    if (action !== 'replace') return undefined;
    const oauth = live.auth === 'oauth' ? '; an administrator and everyone who uses it must sign in to it again' : '';
    return `its tools are gone for some seconds; portals, overrides and its Access application come back as they were${oauth}`;
  },

  create: async ({ api, key, state, peers }) => {
    const body = { id: key, hostname: state.url, auth_type: apiWords[state.auth ?? 'none'], ...mutable(state), ...credentialsBody(state, peers) };
    const path = serversPath(api);
    const find = async () => (await api.get<readonly Server[]>(path, { search: key })).find((live) => live.id === key);
    return { live: await api.post<Server>(path, body, { find }) };
  },
  update: async ({ api, live, state, changed, peers }) => {
    const credentials = changed.some((path) => path.startsWith('auth.')) ? credentialsBody(state, peers) : {};
    const body = { ...mutable({ name: live.name, ...state }), ...credentials };
    return { live: await api.put<Server>(pathOf(api, live), body) };
  },
  remove: (api, live) => api.remove(pathOf(api, live)),
  replace: (write) => {
    const { api, live, peers } = write;
    const former = { ...toState(live), ...givenCredentials(write.state) };
    const isLost = isManual(live) || (former.auth === 'bearer' && credentialsText(former, peers) === undefined);
    return replaceServer<Server>({
      api,
      peers,
      id: live.id,
      remove: () => server.remove(api, live),
      create: () => server.create(write),
      putBack: isLost ? undefined : () => server.create({ ...write, state: former }),
    });
  },

  // Discovery trouble shows in the status; the request itself succeeds all the same.
  prepare: async (api, live) => {
    await api.post(`${pathOf(api, live)}/sync`, {});
  },
  readiness: (live) => serverReadiness(live),
  reaches: (existing, peers) => peers.existing('server_app').filter((app) => app.identity === existing.id),
  reachesInto: ['server_app'],
  toEntry: (key, { 'auth.bearer': _bearer, 'auth.headers': _headers, 'auth.service_token': _token, auth, ...state }) => {
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
    ...(auth === 'bearer' ? heldCredentials : {}),
    secure_web_gateway: live.secure_web_gateway,
    shared_oauth_callback: live.is_shared_oauth_callback_enabled,
    tools: busyRows(overridesFromApi(live.updated_tools, serverMembers)),
    prompts: busyRows(overridesFromApi(live.updated_prompts, serverMembers)),
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

const pathOf = (api: Api, live: Server): string => `${serversPath(api)}/${encodeURIComponent(live.id)}`;

const givenCredentials = (state: ServerState): CredentialsState =>
  withoutUndefined({ 'auth.bearer': state['auth.bearer'], 'auth.headers': state['auth.headers'], 'auth.service_token': state['auth.service_token'] });

function credentialsBody(state: ServerState, peers: Peers): { readonly auth_credentials?: string } {
  const text = state.auth === 'bearer' ? credentialsText(state, peers) : undefined;
  return text === undefined ? {} : { auth_credentials: text };
}
