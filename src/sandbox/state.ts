import { createHash, randomUUID } from 'node:crypto';
import type { Json, JsonObject } from './json.ts';

/** What every stored object has. `body` holds the request members that the API keeps. Times are RFC 3339. */
export type Row = {
  readonly id: string;
  readonly body: JsonObject;
  readonly created_at: string;
  readonly updated_at: string;
};

/** What the last look at the upstream found. */
export type Discovery = {
  readonly status: 'waiting' | 'ready' | 'stale' | 'error';
  readonly error: string;
  readonly error_details: JsonObject | null;
  readonly tools: readonly Json[] | null;
  readonly prompts: readonly Json[] | null;
  readonly last_synced: string | null;
  readonly last_successful_sync: string | null;
};

export type ServerRow = Row & {
  readonly credentials: string | null;
  readonly clientSecret: string | null;
  readonly clientSecretVersion: number;
  readonly discovery: Discovery;
};

/** A server in a portal. Overrides are kept as they were sent. */
export type Mapping = {
  readonly server_id: string;
  readonly default_disabled: boolean;
  readonly on_behalf: boolean;
  readonly updated_tools: readonly JsonObject[];
  readonly updated_prompts: readonly JsonObject[];
};
export type PortalRow = Row & { readonly servers: readonly Mapping[] };

export type Attachment = { readonly id: string; readonly precedence: number };
export type ApplicationRow = Row & { readonly aud: string; readonly policies: readonly Attachment[] };
/** A policy with `app_id` belongs to that application and is no reusable one. */
export type PolicyRow = Row & { readonly app_id?: string };
export type ServiceTokenRow = Row & {
  readonly client_id: string;
  readonly expires_at: string;
  readonly version: number;
  /** What the secret is checked against; the secret itself is shown once and kept nowhere. */
  readonly secret_hash?: string;
  /** The same of the secret before it, which a rotation may let live a while. */
  readonly former_hash?: string;
};
export type ZoneRow = { readonly id: string; readonly name: string; readonly created_at: string };
/** A tunnel, also one that was deleted. `body` holds its name and where its configuration comes from. */
export type TunnelRow = Row & {
  readonly deleted_at: string | null;
  readonly secret: string;
  readonly configuration: { readonly version: number; readonly config: JsonObject; readonly created_at: string } | null;
  readonly connections: readonly JsonObject[];
};
export type DnsRow = Row & { readonly zone_id: string; readonly comment_modified_on?: string };

/** A script. Its `body` has the settings, its `bindings` the secrets, too. */
export type WorkerRow = Row & {
  readonly bindings: readonly JsonObject[];
  readonly code: string;
  readonly etag: string;
  readonly tag: string;
  /** The version that is deployed, and how many there were. */
  readonly version: string;
  readonly number: number;
  readonly subdomain: { readonly enabled: boolean; readonly previews_enabled: boolean };
};
export type DomainRow = Row & { readonly zone_id: string };
export type RouteRow = Row & { readonly zone_id: string };

/** One account as plain JSON. Rows are never changed in place, so a shallow copy is a snapshot. */
export type SandboxState = {
  schema_version: 1;
  account_id: string;
  organization: JsonObject;
  servers: readonly ServerRow[];
  portals: readonly PortalRow[];
  applications: readonly ApplicationRow[];
  policies: readonly PolicyRow[];
  groups: readonly Row[];
  service_tokens: readonly ServiceTokenRow[];
  tags: readonly Row[];
  identity_providers: readonly Row[];
  zones: readonly ZoneRow[];
  dns_records: readonly DnsRow[];
  kv_namespaces: readonly Row[];
  workers: readonly WorkerRow[];
  worker_domains: readonly DomainRow[];
  worker_routes: readonly RouteRow[];
  /** The name below workers.dev; empty while there is none. */
  workers_subdomain: string;
  tunnels: readonly TunnelRow[];
};

const defaultAccount = '8f2e6c1a94b74d0fa3c5e7d91b60428c';

/** An empty account: an organisation, the one-time PIN login, no zone. */
export const newState = (now: Date, accountId: string = defaultAccount): SandboxState => ({
  schema_version: 1,
  account_id: accountId,
  organization: {
    name: 'Sandbox',
    auth_domain: 'sandbox.cloudflareaccess.com',
    is_ui_read_only: false,
    session_duration: '24h',
    strict_service_token_auth: true,
  },
  servers: [],
  portals: [],
  applications: [],
  policies: [],
  groups: [],
  service_tokens: [],
  tags: [],
  identity_providers: [row(now, randomUUID(), { name: 'One-time PIN', type: 'onetimepin', config: {} })],
  zones: [],
  dns_records: [],
  kv_namespaces: [],
  workers: [],
  worker_domains: [],
  worker_routes: [],
  workers_subdomain: 'sandbox',
  tunnels: [],
});

/** A new row, stamped. */
export const row = (now: Date, id: string, body: JsonObject): Row => {
  const at = now.toISOString();
  return { id, body, created_at: at, updated_at: at };
};

/** The list with one row exchanged for its successor; the order of creation stays. */
export const replaced = <R extends { readonly id: string }>(rows: readonly R[], next: R): readonly R[] =>
  rows.map((each) => (each.id === next.id ? next : each));

export const without = <R extends { readonly id: string }>(rows: readonly R[], id: string): readonly R[] =>
  rows.filter((each) => each.id !== id);

/** A zone's id follows from its name, so the same document gives the same ids in every new account. */
export const zoneRow = (state: SandboxState, name: string, now: Date): ZoneRow => ({
  id: createHash('sha256').update(`${state.account_id}/${name}`).digest('hex').slice(0, 32),
  name,
  created_at: now.toISOString(),
});
