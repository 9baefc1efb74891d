import { looksLikeId } from '../engine/names.ts';
import { memberOf, type Plain } from '../engine/values.ts';
import { listOf, tokenKey, type AccessDocument } from './access-document.ts';
import { botsOf, linkedServers } from './bots.ts';
import { rulesIn } from './rule.ts';

/** Whether everything that the entries mention is there, or is an id; and no group includes itself. */
export const isWhole = (document: AccessDocument): boolean =>
  [...document.policies.values(), ...document.groups.values()].every((entry) => rulesAreKnown(entry, document)) &&
  [...document.groups.keys()].every((key) => !isCircular(key, document, [])) &&
  [...document.servers].every(([key, server]) => isId(key) && policiesAreKnown(server, document)) &&
  [...document.portals].every(
    ([key, portal]) => isId(key) && policiesAreKnown(portal, document) && linksAreKnown(portal, document),
  );

const isId = (key: string): boolean => /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/.test(key);

const allRules = (entry: Plain) => ['include', 'require', 'exclude'].flatMap((list) => rulesIn(entry[list]));

const rulesAreKnown = (entry: Plain, document: AccessDocument): boolean =>
  allRules(entry).every(({ group, service_token: token }) => {
    if (typeof group === 'string') return document.groups.has(group) || looksLikeId(group);
    return typeof token !== 'string' || tokenKey(token, document) !== undefined || looksLikeId(token);
  });

function isCircular(key: string, document: AccessDocument, way: readonly string[]): boolean {
  if (way.includes(key)) return true;
  const inner = allRules(document.groups.get(key) ?? {}).flatMap(({ group }) => (typeof group === 'string' ? [group] : []));
  return inner.some((next) => isCircular(next, document, [...way, key]));
}

const policiesAreKnown = ({ access }: Plain, { policies }: AccessDocument): boolean =>
  listOf(memberOf(access, 'policies')).every((key) => policies.has(String(key)) || looksLikeId(String(key)));

const hasPolicies = (entry: Plain | undefined): boolean => memberOf(entry?.['access'], 'policies') !== undefined;

/** Bots need policies that they can be added to, on both sides. */
function linksAreKnown(portal: Plain, { servers, service_tokens: tokens }: AccessDocument): boolean {
  const [linked, bots] = [linkedServers(portal), botsOf(portal)];
  if (!linked.every((key) => servers.has(key)) || !bots.every((key) => tokens.has(key))) return false;
  return bots.length === 0 || (hasPolicies(portal) && linked.every((key) => hasPolicies(servers.get(key))));
}
