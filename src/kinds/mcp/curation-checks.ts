import type { Entry, Finding, Sections } from '../../engine/kind.ts';
import { memberOf, type Plain } from '../../engine/values.ts';
import { mistake, warning } from '../document/findings.ts';
import { fitting, hasPins, isPinned, patternsIn, plainOf, presetIn } from './curation.ts';
import type { OverrideList } from './links.ts';

type Spot = {
  readonly server: string;
  /** What the entry says of tools and prompts: the server's entry, or a link. */
  readonly said: unknown;
  /** `servers.notes`, or `portals.tools.servers.notes`. */
  readonly where: string;
  at(...path: readonly (string | number)[]): Entry['place'];
};

const lists = ['tools', 'prompts'] as const;
const acceptIt = 'write or renew it: mcp-portal lock --accept';

/** Whether the lock file has what the patterns and presets of an entry need. */
export function checkCuration(spot: Spot, { lock }: Sections): readonly Finding[] {
  return lists.flatMap((list) => {
    const said = memberOf(spot.said, list);
    if (!isPinned(said)) return [];
    if (lock === undefined) return [withoutLock(spot, list)];
    const accepted = lock.servers.get(spot.server);
    const known = accepted?.[list].map(({ name }) => name);
    return known === undefined ? [unknownServer(spot, list)] : [...idlePatterns(spot, list, known), ...sharedAliases(spot, list)];
  });
}

const spelled = (said: unknown): string => (typeof said === 'string' ? said : 'a pattern');

function withoutLock(spot: Spot, list: OverrideList): Finding {
  const message = `${spot.where}.${list}: ${spelled(memberOf(spot.said, list))} needs portal.lock.yaml beside the document, and it is not there`;
  return mistake({ code: 'MCP214', message, place: spot.at(list), hint: acceptIt });
}

/** A server that is new, or that Cloudflare has not read: nothing of it is shown, so nothing can go wrong. */
function unknownServer(spot: Spot, list: OverrideList): Finding {
  const message = `${spot.where}.${list}: the lock file has nothing of the server ${spot.server} yet, so none of its tools is shown`;
  return warning({ code: 'MCP022', message, place: spot.at(list), hint: `once it is there and was read, ${acceptIt}` });
}

const idlePatterns = (spot: Spot, list: OverrideList, known: readonly string[]): readonly Finding[] =>
  patternsIn(memberOf(spot.said, list))
    .filter((pattern) => !known.some((name) => fitting(pattern).test(name)))
    .map((pattern) => {
      const message = `${spot.where}.${list}: nothing in the lock file fits ${pattern}`;
      return warning({ code: 'MCP022', message, place: spot.at(list, pattern), hint: acceptIt });
    });

const sharedAliases = (spot: Spot, list: OverrideList): readonly Finding[] =>
  patternsIn(memberOf(spot.said, list))
    .filter((pattern) => (memberOf(memberOf(memberOf(spot.said, list), pattern), 'alias') ?? '') !== '')
    .map((pattern) => {
      const message = `${spot.where}.${list}: the pattern ${pattern} has an alias, which only one tool can have`;
      return mistake({
        code: 'MCP206',
        message,
        place: spot.at(list, pattern, 'alias'),
        hint: 'name the tool that is to have it',
      });
    });

/** A link that shows what is new, where the entry or the server's says that only accepted tools show. */
export function checkOpenDefault(spot: Spot, beside: unknown): readonly Finding[] {
  const open = memberOf(spot.said, 'default');
  const own = presetIn(spot.said);
  const whose = own ?? (hasPins(beside) ? `${presetIn(beside) ?? 'a pattern'} in servers.${spot.server}` : undefined);
  if ((open !== 'enabled' && open !== null) || whose === undefined) return [];
  const message = `${spot.where}: default: enabled shows every new tool, and ${whose} is to keep them hidden`;
  return [mistake({ code: 'MCP215', message, place: spot.at('default'), hint: 'leave default: out' })];
}

/** A link of a portal's entry as a spot. */
export const linkSpot = (portal: Pick<Entry, 'key' | 'at'> & { readonly value: Plain }, server: string): Spot => ({
  server,
  said: memberOf(plainOf(portal.value['servers']), server),
  where: `portals.${portal.key}.servers.${server}`,
  at: (...path) => portal.at('servers', server, ...path),
});

/** A server's own entry as a spot. */
export const serverSpot = ({ key, value, at }: Pick<Entry, 'key' | 'at'> & { readonly value: Plain }): Spot => ({
  server: key,
  said: value,
  where: `servers.${key}`,
  at,
});
