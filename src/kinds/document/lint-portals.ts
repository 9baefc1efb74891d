import type { Entry, Sections } from '../../engine/kind.ts';
import { isPlain, memberOf } from '../../engine/values.ts';
import { botsOf, linkedServers } from '../mcp/bots.ts';
import { asList } from './fragments.ts';
import { isEmptyList, text, type LintRule, type Remark } from './lint-rule.ts';
import { canonicalHostname } from './network.ts';

/** What to look at in the entries of `portals:`. */
export const portalRules: readonly LintRule[] = [
  {
    code: 'MCP001',
    section: 'portals',
    check: ({ key, value }) => {
      const access = value['access'];
      // Bots without policies to add theirs to are an error of their own; with an empty list they are the ones who get in.
      if (!isPlain(access) || botsOf(value).length > 0) return undefined;
      const hint = 'list who gets in: policies: […]';
      if (access['policies'] === undefined)
        return {
          message: `portals.${key}.access has no policies: unless Cloudflare has some for it already, nobody gets in`,
          hint,
          at: ['access'],
        };
      if (!isEmptyList(access['policies'])) return undefined;
      return { message: `portals.${key}.access.policies is empty: nobody gets in`, hint, at: ['access', 'policies'] };
    },
  },
  {
    code: 'MCP002',
    section: 'portals',
    check: (portal, document) =>
      letsBotsIn(portal, document)
        ? linkedServers(portal.value).flatMap((server) => hiddenFromBots(portal, server, document) ?? [])
        : undefined,
  },
  {
    code: 'MCP003',
    section: 'portals',
    check: ({ key, value }, document) => {
      const hostname = canonicalHostname(text(value['hostname']));
      // Names that Cloudflare gives out have certificates of their own.
      if (hostname === '' || /\.(?:workers|pages)\.dev$/.test(hostname)) return undefined;
      const depth = hostname.split('.').length - zoneLabels(hostname, text(memberOf(value['dns'], 'zone')), document);
      if (depth < 2) return undefined;
      return {
        message: `portals.${key}: ${text(value['hostname'])} is ${depth} labels below its zone, and Universal SSL covers one`,
        hint: 'use a name one label below the zone, or order an advanced certificate',
        at: ['hostname'],
      };
    },
  },
  {
    code: 'MCP005',
    section: 'portals',
    check: ({ key, value }) => {
      if (!/\.cloudflareaccess\.com\.?$/i.test(text(memberOf(value['dns'], 'target')))) return undefined;
      return {
        message: `portals.${key}: a portal does not answer behind cloudflareaccess.com`,
        hint: 'leave target out: the record then points where portals answer',
        at: ['dns', 'target'],
      };
    },
  },
  {
    code: 'MCP015',
    section: 'portals',
    check: ({ key, value }) => {
      const count = linkedServers(value).length;
      if (count <= 80) return undefined;
      return {
        message: `portals.${key} has ${count} servers, and Cloudflare allows 80`,
        hint: 'make a second portal',
        at: ['servers'],
      };
    },
  },
];

/** Whether service tokens get into a portal: by its own list, or by a policy for them. */
const letsBotsIn = ({ value }: Entry, document: Sections): boolean =>
  botsOf(value).length > 0 ||
  asList(memberOf(value['access'], 'policies') ?? []).some((policy) =>
    ['service_auth', 'non_identity'].includes(text(document.entry('policies', text(policy))?.value['decision'])),
  );

/** A link that asks for each person's own login. Left out it stays as it is live, or is made right for bots. */
function hiddenFromBots({ key, value }: Entry, server: string, document: Sections): Remark | undefined {
  const said = memberOf(memberOf(value['servers'], server), 'on_behalf');
  if (said !== true && said !== null) return undefined;
  // The check of what bots need says that already.
  if (botsOf(value).length > 0 && document.entry('servers', server)?.value['auth'] === 'oauth') return undefined;
  return {
    message: `portals.${key}.servers.${server}: on_behalf: true hides the server from service tokens, which get into this portal`,
    hint: 'on_behalf: false makes everybody use the admin credential, and service tokens see the server',
    at: ['servers', server, 'on_behalf'],
  };
}

/**
 * How many labels the zone of a hostname has. Where the document does not name the zone, the last two
 * labels are taken for one, or three under names such as co.uk.
 */
function zoneLabels(hostname: string, said: string, document: Sections): number {
  const zones = [said, ...document.entries('dns').map(({ value }) => text(value['zone']))];
  const [zone] = zones
    .map(canonicalHostname)
    .filter((name) => name !== '' && (hostname === name || hostname.endsWith(`.${name}`)))
    .toSorted((a, b) => b.length - a.length);
  if (zone !== undefined) return zone.split('.').length;
  const labels = hostname.split('.');
  return (labels.at(-1)?.length ?? 0) === 2 && (labels.at(-2)?.length ?? 0) <= 3 ? 3 : 2;
}
