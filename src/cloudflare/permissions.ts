/**
 * Permission groups by path, first match first. Source: the permission lists of the API reference;
 * names as the dashboard's token page shows them.
 */
const groups: readonly (readonly [pattern: RegExp, group: string])[] = [
  [/\/access\/ai-controls\/mcp\//, 'MCP Portals'],
  [/\/access\/(apps|policies)\b/, 'Access: Apps and Policies'],
  [/\/access\/(groups|organizations|identity_providers)\b/, 'Access: Organizations, Identity Providers, and Groups'],
  [/\/access\/service_tokens\b/, 'Access: Service Tokens'],
  [/\/access\/logs\b/, 'Access: Audit Logs'],
  [/\/dns_records\b/, 'DNS'],
  [/\/cfd_tunnel\b/, 'Cloudflare Tunnel'],
  [/\/zones\/[^/]+\/workers\/routes\b/, 'Workers Routes'],
  [/\/workers\//, 'Workers Scripts'],
  [/\/storage\/kv\//, 'Workers KV Storage'],
  [/\/logpush\//, 'Logs'],
  [/^\/zones(\/[^/]+)?$/, 'Zone'],
  [/^\/accounts(\/[^/]+)?$/, 'Account Settings'],
];

/** The permission that a request needs: `Access: Apps and Policies Write`. Undefined for a path not known here. */
export function permissionFor(request: { readonly method: string; readonly path: string }): string | undefined {
  const group = groups.find(([pattern]) => pattern.test(request.path))?.[1];
  return group === undefined ? undefined : `${group} ${request.method === 'GET' ? 'Read' : 'Write'}`;
}

/** Portals belong to a plan: without it Cloudflare answers 403 even to a token that may do everything. */
export const needsPortalEntitlement = (path: string): boolean => path.includes('/access/ai-controls/mcp/');
