import type { Peers } from '../../engine/kind.ts';
import { credentialsText, heldCredentials, type CredentialsState } from './credentials.ts';
import { busyRows, overridesFromApi, overridesToApi, serverMember, type Overrides } from './overrides.ts';
import { withoutUndefined } from '../document/section.ts';
import { isManual } from './server-readiness.ts';

/** What a document says about a server. */
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

/** A server as the API gives it. */
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

/** A live server in the document's words. */
export function serverState(live: Server): ServerState {
  const auth = authWord(live.auth_type);
  return withoutUndefined({
    name: live.name,
    url: live.hostname,
    description: live.description ?? undefined,
    auth,
    ...(auth === 'bearer' ? heldCredentials : {}),
    secure_web_gateway: live.secure_web_gateway,
    shared_oauth_callback: live.is_shared_oauth_callback_enabled,
    tools: busyRows(overridesFromApi(live.updated_tools, serverMember)),
    prompts: busyRows(overridesFromApi(live.updated_prompts, serverMember)),
  });
}

function authWord(type: string): NonNullable<ServerState['auth']> {
  if (type === 'unauthenticated') return 'none';
  return type === 'oauth' ? 'oauth' : 'bearer';
}

/** The members that an update may send. */
export const mutableBody = (state: ServerState) => ({
  name: state.name,
  ...(state.description === undefined ? {} : { description: state.description ?? '' }),
  ...(state.secure_web_gateway === undefined ? {} : { secure_web_gateway: state.secure_web_gateway }),
  ...(state.shared_oauth_callback === undefined ? {} : { is_shared_oauth_callback_enabled: state.shared_oauth_callback }),
  updated_tools: overridesToApi(state.tools, true),
  updated_prompts: overridesToApi(state.prompts, true),
});

/** The members that only a creation takes. */
export const immutableBody = (id: string, state: ServerState) => ({
  id,
  hostname: state.url,
  auth_type: apiWords[state.auth ?? 'none'],
});

/** Credentials, where the state has any that are not only held by Cloudflare. */
export function credentialsBody(state: ServerState, peers: Peers): { readonly auth_credentials?: string } {
  const text = state.auth === 'bearer' ? credentialsText(state, peers) : undefined;
  return text === undefined ? {} : { auth_credentials: text };
}

/**
 * The state to make the live server from again; undefined where Cloudflare alone knows how it signs in.
 * Credentials of the document are for the new address: another host must not get them.
 */
export function formerState(live: Server, wanted: ServerState, peers: Peers): ServerState | undefined {
  if (isManual(live)) return undefined;
  const former = serverState(live);
  if (former.auth !== 'bearer') return former;
  if (wanted.auth !== 'bearer' || wanted.url === undefined || new URL(wanted.url).host !== new URL(live.hostname).host)
    return undefined;
  const { 'auth.bearer': bearer, 'auth.headers': headers, 'auth.service_token': token } = wanted;
  const known = {
    ...former,
    ...withoutUndefined({ 'auth.bearer': bearer, 'auth.headers': headers, 'auth.service_token': token }),
  };
  return credentialsText(known, peers) === undefined ? undefined : known;
}
