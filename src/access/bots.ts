import { isPlain, memberOf, type Plain } from '../engine/values.ts';
import { listOf, tokenKey, type AccessDocument } from './access-document.ts';
import { rulesIn } from './rule.ts';

/*
 * What `service_tokens:` of a portal stands for, as `kinds/mcp/bots.ts` spells it out for a plan. Said
 * again here because that needs the whole schema library, and this has to start at once; a test holds
 * the two together.
 */
const prefix = 'service-token-';

/** The token that a policy is for which the program makes itself. */
export const botOfPolicy = (key: string): string | undefined => (key.startsWith(prefix) ? key.slice(prefix.length) : undefined);

export const botsOf = (portal: Plain): readonly string[] => listOf(portal['service_tokens']).map(String);

export function linkedServers({ servers }: Plain): readonly string[] {
  if (Array.isArray(servers)) return servers.map(String);
  return isPlain(servers) ? Object.keys(servers) : [];
}

/** The policies of a portal's application; undefined where the document leaves them as they are. */
export const portalPolicies = (portal: Plain, document: AccessDocument): readonly string[] | undefined =>
  withBots(memberOf(portal['access'], 'policies'), botsOf(portal), document);

/** The bots that portals bring to each server. */
export function botsByServer({ portals }: AccessDocument): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const portal of portals.values()) {
    const bots = botsOf(portal);
    if (bots.length === 0) continue;
    for (const key of linkedServers(portal)) found.set(key, [...(found.get(key) ?? []), ...bots]);
  }
  return found;
}

/** The policies of a server's application, with those for its bots. */
export const serverPolicies = (server: Plain, bots: readonly string[], document: AccessDocument): readonly string[] | undefined =>
  withBots(memberOf(server['access'], 'policies'), [...new Set(bots)], document);

function withBots(stated: unknown, bots: readonly string[], document: AccessDocument): readonly string[] | undefined {
  if (stated === undefined) return undefined;
  const policies = listOf(stated).map(String);
  const missing = bots.filter((token) => !policies.some((key) => letsIn(token, key, document)));
  return [...policies, ...missing.map((token) => `${prefix}${token}`)];
}

/** True for a Service Auth policy of the document that includes the token. */
function letsIn(token: string, key: string, document: AccessDocument): boolean {
  if (key === `${prefix}${token}`) return true;
  const policy = document.policies.get(key);
  if (policy === undefined || !['service_auth', 'non_identity'].includes(String(policy['decision']))) return false;
  return rulesIn(policy['include']).some(
    ({ any_valid_service_token: any, service_token: name }) =>
      any === true || (typeof name === 'string' && tokenKey(name, document) === token),
  );
}

/** Whether a bot sees a server through a link: only where nobody's own login upstream is used. */
export function botSees(link: unknown, spot: { readonly portal: Plain; readonly server: Plain }): boolean | undefined {
  const onBehalf = memberOf(link, 'on_behalf');
  if (typeof onBehalf === 'boolean') return !onBehalf;
  if (onBehalf === null) return false;
  if (spot.server['auth'] === 'oauth') return false;
  return botsOf(spot.portal).length > 0 ? true : undefined;
}
