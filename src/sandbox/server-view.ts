import { text } from './check.ts';
import { isObject, type JsonObject, pick } from './json.ts';
import { serverOverrides } from './overrides.ts';
import type { Discovery, ServerRow } from './state.ts';

export const authTypes = ['oauth', 'bearer', 'unauthenticated'] as const;

/** A server that nobody has looked at yet: no tools at all, not an empty list. */
export const undiscovered: Discovery = {
  status: 'waiting',
  error: '',
  error_details: null,
  tools: null,
  prompts: null,
  last_synced: null,
  last_successful_sync: null,
};

/** Times of the MCP endpoints: `2026-09-10 12:00:00`, in UTC and without saying so. */
export const mcpTime = (iso: string): string => iso.slice(0, 19).replace('T', ' ');

/** A server as the API shows it: never with its credentials. */
export const serverView = (server: ServerRow): JsonObject => ({
  id: server.id,
  description: null,
  is_shared_oauth_callback_enabled: false,
  secure_web_gateway: false,
  ...server.body,
  updated_tools: serverOverrides(server.body['updated_tools']),
  updated_prompts: serverOverrides(server.body['updated_prompts']),
  ...server.discovery,
  authentication_status: authenticationStatus(server),
  ...authSummary(server),
  created_at: mcpTime(server.created_at),
  created_by: 'sandbox@example.com',
  modified_at: mcpTime(server.updated_at),
  modified_by: 'sandbox@example.com',
});

/** An OAuth server without manual settings waits for a person in the dashboard. */
const authenticationStatus = (server: ServerRow): string => {
  if (server.body['auth_type'] !== 'oauth') return 'not_required';
  return manualOauth(server) === undefined ? 'required' : 'manual';
};

/** The credentials of a server with manual OAuth, opened. */
export const manualOauth = (server: ServerRow): JsonObject | undefined => {
  if (server.body['auth_type'] !== 'oauth' || server.credentials === null) return undefined;
  const value = opened(server.credentials);
  return isObject(value) && text(value['auth_mode']) === 'manual' ? value : undefined;
};

const opened = (credentials: string): unknown => {
  try {
    return JSON.parse(credentials);
  } catch {
    return undefined;
  }
};

/** The only visible part of OAuth credentials. */
const authSummary = (server: ServerRow): JsonObject => {
  if (server.body['auth_type'] !== 'oauth') return {};
  const manual = manualOauth(server);
  const summary = {
    auth_mode: manual === undefined ? 'dcr' : 'manual',
    has_client_secret: server.clientSecret !== null,
    client_secret_version: server.clientSecretVersion,
    ...(manual === undefined ? {} : pick(manual, ['config', 'registration_info'])),
  };
  return { auth_config_summary: summary };
};
