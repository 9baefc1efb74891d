import type * as z from 'zod/mini';
import type { Desired, Entry, Finding, Sections } from '../../engine/kind.ts';
import { isPlain } from '../../engine/values.ts';
import { checkAliases } from './aliases.ts';
import { checkSettings } from '../access/app-schema.ts';
import { checkBots } from './bot-checks.ts';
import { botPolicies, botsOf, linkedServers, portalBotPolicies } from './bots.ts';
import { mistake, warning } from '../document/findings.ts';
import { isId, orDefault } from '../document/fragments.ts';
import { gatewayTarget, hostnameIn } from '../dns/gateway.ts';
import { unlessOauth, type LinkState } from './links.ts';
import { canonicalHostname } from '../document/network.ts';
import { linkRows } from './curation.ts';
import { checkCuration, checkOpenDefault, linkSpot } from './curation-checks.ts';
import { portalSchema, type linkSchema } from './portal-schema.ts';
import { suggestion } from '../access/rule-schema.ts';
import { desiredFrom, section, withoutUndefined, type EntryOf } from '../document/section.ts';
import { marksOf } from '../document/section-marks.ts';

type PortalEntry = EntryOf<ReturnType<typeof portalSchema>>;
type LinkEntry = NonNullable<z.infer<ReturnType<typeof linkSchema>>>;

export const portalsSection = section({
  name: 'portals',
  shape: 'map',
  schema: portalSchema,
  expand: (entry, document) => [portalFrom(entry, document), ...applicationFrom(entry, document), ...recordFrom(entry)],
  check: (entry, document) =>
    marksOf(entry.value).absent === true
      ? checkKey(entry)
      : [
          ...checkKey(entry),
          ...checkNeeds(entry),
          ...checkHostname(entry, document),
          ...checkServers(entry, document),
          ...checkBots(entry, document),
        ],
});

function portalFrom(entry: PortalEntry, document: Sections): Desired {
  const { name, hostname, description, code_mode, secure_web_gateway, servers } = entry.value;
  const links =
    servers === undefined
      ? undefined
      : Object.fromEntries(linkedServers(entry.value).map((key) => [key, linkFrom(entry, key, document)]));
  const host = hostname === undefined ? undefined : canonicalHostname(hostname);
  const settings = { code_mode: orDefault(code_mode, 'opt_in'), secure_web_gateway: orDefault(secure_web_gateway, false) };
  return desiredFrom(entry, { kind: 'portal', state: { name, hostname: host, description, ...settings, servers: links } });
}

/** One link. Where bots use the portal, the admin credential is used, unless the server or the entry says otherwise. */
function linkFrom(entry: PortalEntry, key: string, document: Sections): LinkState {
  const { servers } = entry.value;
  const said: LinkEntry = isPlain(servers) && !Array.isArray(servers) ? (servers[key] ?? {}) : {};
  const forBots = botsOf(entry.value).length > 0 ? unlessOauth : undefined;
  const { on_behalf: onBehalf } = said;
  const beside = document.entry('servers', key)?.value;
  return withoutUndefined({
    on_behalf: onBehalf === undefined ? forBots : orDefault<LinkState['on_behalf']>(onBehalf, true),
    ...linkRows({ server: key, said, beside }, document.lock),
  });
}

function applicationFrom(entry: PortalEntry, document: Sections): readonly Desired[] {
  const { access, absent, hostname = '' } = entry.value;
  const domain = canonicalHostname(hostname);
  const follows = [`portal:${entry.key}`] as const;
  // Without a hostname it is found through the live portal's.
  if (absent === true) return [desiredFrom(entry, { kind: 'portal_app', state: { access: { domain } }, follows })];
  if (access === undefined) return [];
  const declared = access.policies ?? [];
  const bots = portalBotPolicies(entry.value, declared, document);
  const policies = access.policies === undefined ? {} : { policies: [...declared, ...bots] };
  const app = desiredFrom(entry, { kind: 'portal_app', state: { access: { ...access, ...policies, domain } }, follows });
  return [app, ...botPolicies(bots, entry, document)];
}

/** The record that brings the hostname to the portal. On workers.dev and pages.dev Cloudflare has it already. */
function recordFrom(entry: PortalEntry): readonly Desired[] {
  const { dns = true, hostname, absent } = entry.value;
  if (dns === false) return [];
  const { target = gatewayTarget, zone, comment } = dns === true ? {} : dns;
  if (hostname === undefined) return absent === true ? [recordOfAbsent(entry, { zone, content: canonicalHostname(target) })] : [];
  if (/\.(workers|pages)\.dev$/i.test(hostname)) return [];
  const name = canonicalHostname(hostname);
  const state = { zone, type: 'CNAME', name, content: canonicalHostname(target), proxied: true, comment };
  return [desiredFrom(entry, { kind: 'dns_record', key: `${name}/CNAME`, state, follows: [`portal:${entry.key}`] })];
}

/** The record of a portal that goes away, found through the live portal's hostname. */
function recordOfAbsent(entry: PortalEntry, said: { readonly zone: string | undefined; readonly content: string }): Desired {
  const state = { ...said, portal: entry.key, type: 'CNAME', name: '' };
  const why = `it brings clients to portal:${entry.key}, which goes away`;
  return desiredFrom(entry, { kind: 'dns_record', key: `${entry.key}/CNAME`, state, why, follows: [`portal:${entry.key}`] });
}

function checkKey(entry: PortalEntry): readonly Finding[] {
  if (isId(entry.key)) return [];
  const message = `portals.${entry.key}: an id has at most 32 characters: a-z, 0-9 and hyphens inside`;
  return [mistake({ code: 'MCP204', message, place: entry.place })];
}

function checkNeeds(entry: PortalEntry): readonly Finding[] {
  const { hostname, access, service_tokens: bots } = entry.value;
  const hint = 'add access: { policies: […] }';
  const wantsBots = (bots ?? []).length > 0 && access?.policies === undefined;
  const findings: Finding[] = [];
  if (hostname === undefined)
    findings.push(mistake({ code: 'MCP104', message: `portals.${entry.key} needs hostname:`, place: entry.place }));
  if (wantsBots) {
    const message = `portals.${entry.key} has service_tokens, and no access.policies to add them to`;
    findings.push(mistake({ code: 'MCP207', message, place: entry.at('service_tokens'), hint }));
  } else if (access === undefined) {
    const message = `portals.${entry.key} has no access: without an Access application nobody can log in`;
    findings.push(warning({ code: 'MCP001', message, place: entry.place, hint }));
  }
  return findings;
}

/** Two portals cannot have one hostname. Where both have access, their two applications say so already. */
function checkHostname(entry: PortalEntry, document: Sections): readonly Finding[] {
  const { hostname, access } = entry.value;
  const portals = document.entries('portals');
  const before = portals.slice(
    0,
    portals.findIndex((portal) => portal.key === entry.key),
  );
  const other = before.find(
    ({ value }) =>
      marksOf(value).absent !== true &&
      hostnameIn(value) === hostnameIn(entry.value) &&
      (access === undefined || value['access'] === undefined),
  );
  if (other === undefined || hostname === undefined) return [];
  const message = `portal:${entry.key} and portal:${other.key} have the same hostname (${canonicalHostname(hostname)})`;
  return [mistake({ code: 'MCP210', message, place: entry.at('hostname'), hint: 'give them different hostnames, or keep one' })];
}

function checkServers(entry: PortalEntry, document: Sections): readonly Finding[] {
  const known = document.entries('servers').map((server) => server.key);
  const isList = Array.isArray(entry.value.servers);
  const unknown = linkedServers(entry.value).flatMap((key, index) => {
    const server = document.entry('servers', key);
    if (server !== undefined && !marksOf(server.value).absent) return checkLink(entry, server, document);
    const place = entry.at('servers', isList ? index : key);
    if (server === undefined)
      return [
        mistake({ code: 'MCP201', message: `there is no server "${key}"`, hint: suggestion(key, known, 'servers'), place }),
      ];
    return [mistake({ code: 'MCP202', message: `servers.${key} is absent: true and cannot be linked`, place })];
  });
  const settings =
    entry.value.access === undefined ? [] : checkSettings(entry.value.access, { entry, document, path: ['access'] });
  return [...unknown, ...settings];
}

function checkLink(entry: PortalEntry, server: Entry, document: Sections): readonly Finding[] {
  const spot = linkSpot(entry, server.key);
  return [
    ...checkAliases(entry, 'servers', server.key),
    ...checkCuration(spot, document),
    ...checkOpenDefault(spot, server.value),
  ];
}
