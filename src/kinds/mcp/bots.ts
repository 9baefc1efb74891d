import type { Desired, Entry, Sections } from '../../engine/kind.ts';
import { isPlain, type Plain } from '../../engine/values.ts';
import { asList } from '../document/fragments.ts';
import { marksOf } from '../document/section-marks.ts';

/**
 * What a bot needs, decided once: a portal's `service_tokens: [ci]` stands for a Service Auth policy
 * on the portal's application and on that of each linked server, and `on_behalf: false` on the links.
 * (Miss one, and the server silently disappears from the bot's tools; cloudflare-docs PR #31734.)
 */
export const botPolicyKey = (token: string): string => `service-token-${token}`;

/** The portals of the document that bring bots to this server. */
export function portalsWithBots(server: string, document: Sections): readonly Entry[] {
  return document
    .entries('portals')
    .filter(
      (portal) =>
        botsOf(portal.value).length > 0 && !marksOf(portal.value).absent && linkedServers(portal.value).includes(server),
    );
}

/** The servers that a portal entry links, whichever way it is written. */
export function linkedServers(portal: Plain): readonly string[] {
  const servers = portal['servers'];
  if (Array.isArray(servers)) return servers.map(String);
  return isPlain(servers) ? Object.keys(servers) : [];
}

export const botsOf = (portal: Plain): readonly string[] => asList(portal['service_tokens'] ?? []).map(String);

/** The policies that a portal's application needs for its bots, beside the declared ones. */
export function portalBotPolicies(portal: Plain, declared: readonly string[], document: Sections): readonly string[] {
  return botsOf(portal)
    .filter((token) => !letsIn(token, declared, document))
    .map(botPolicyKey);
}

/** The same for a server's application: the bots of every portal that links it. */
export function serverBotPolicies(server: string, declared: readonly string[], document: Sections): readonly string[] {
  const tokens = new Set(portalsWithBots(server, document).flatMap((portal) => botsOf(portal.value)));
  return [...tokens].filter((token) => !letsIn(token, declared, document)).map(botPolicyKey);
}

/** True when one of these policies is a Service Auth one of the document that includes the token. */
function letsIn(token: string, policies: readonly string[], document: Sections): boolean {
  return policies.some((key) => {
    if (key === botPolicyKey(token)) return true;
    const value = document.entry('policies', key)?.value;
    if (value === undefined || !['service_auth', 'non_identity'].includes(String(value['decision']))) return false;
    return asList(value['include'] ?? [])
      .filter(isPlain)
      .some((rule) => includesToken(rule, token, document));
  });
}

function includesToken(rule: Plain, token: string, document: Sections): boolean {
  if (rule['any_valid_service_token'] === true) return true;
  const tokenName = document.entry('service_tokens', token)?.value['name'];
  return asList(rule['service_token'] ?? []).some((ref) => ref === token || ref === tokenName);
}

/** The Service Auth policies that something needs. One that the document declares itself is left to it. */
export function botPolicies(keys: readonly string[], from: Pick<Entry, 'key' | 'place'>, document: Sections): readonly Desired[] {
  return keys
    .filter((key) => document.entry('policies', key) === undefined)
    .map((key) => {
      const token = key.slice(botPolicyKey('').length);
      return {
        kind: 'policy',
        key,
        state: { name: key, decision: 'service_auth', include: [{ service_token: token }] },
        absent: false,
        protect: false,
        sinks: [],
        place: from.place,
        why: `portals.${from.key}.service_tokens lets ${token} in`,
      };
    });
}
