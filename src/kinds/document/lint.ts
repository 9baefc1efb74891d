import type { Entry, Finding, Sections } from '../../engine/kind.ts';
import { isPlain } from '../../engine/values.ts';
import { linkedServers } from '../mcp/bots.ts';
import { warning } from './findings.ts';
import { asList } from './fragments.ts';
import { looksPrivate } from './network.ts';
import { marksOf } from './section-marks.ts';

/** Something that Cloudflare accepts and that seldom is what was meant. */
type LintRule = {
  readonly code: string;
  readonly section: string;
  /** The sentence, and where; undefined when there is nothing to say. */
  check(entry: Entry, document: Sections): Remark | undefined;
};
type Remark = { readonly message: string; readonly hint: string; readonly at?: readonly string[] };

/** The best practices, one small rule each. */
const lintRules: readonly LintRule[] = [
  {
    code: 'MCP003',
    section: 'portals',
    check: ({ key, value }) => {
      const depth = labelsBelowZone(text(value['hostname']), isPlain(value['dns']) ? text(value['dns']['zone']) : '');
      if (depth < 2) return undefined;
      return {
        message: `portals.${key}: ${text(value['hostname'])} is ${depth} labels below its zone, and Universal SSL covers one`,
        hint: 'use a name one label below the zone, or order an advanced certificate',
        at: ['hostname'],
      };
    },
  },
  {
    code: 'MCP006',
    section: 'applications',
    check: ({ key, value }, document) => {
      const portal = document.entries('portals').find((other) => text(other.value['hostname']) === text(value['domain']));
      if (portal === undefined) return undefined;
      return {
        message: `applications.${key} stands before the hostname of portals.${portal.key}, which needs an application of its own type`,
        hint: `say access: in portals.${portal.key} instead`,
        at: ['domain'],
      };
    },
  },
  {
    code: 'MCP007',
    section: 'servers',
    check: ({ key, value }) => {
      if (!/\.workers\.dev$/i.test(hostOf(value['url']))) return undefined;
      return {
        message: `servers.${key}: a Worker of the same account answers error 1042 on workers.dev`,
        hint: 'give the Worker a custom domain',
        at: ['url'],
      };
    },
  },
  {
    code: 'MCP008',
    section: 'servers',
    check: ({ key, value }) => {
      if (!/^http:/i.test(text(value['url'])) || looksPrivate(hostOf(value['url']))) return undefined;
      return { message: `servers.${key}: http sends requests and credentials in the clear`, hint: 'use https', at: ['url'] };
    },
  },
  {
    code: 'MCP009',
    section: 'servers',
    check: ({ key, value }) => {
      if (!/\/sse\/?$/.test(text(value['url']))) return undefined;
      return {
        message: `servers.${key}: HTTP+SSE is deprecated in the protocol`,
        hint: 'register the /mcp address when the server has one',
        at: ['url'],
      };
    },
  },
  {
    code: 'MCP010',
    section: 'servers',
    check: ({ key, value }) => {
      if (hostOf(value['url']) !== 'portal.mcp.cloudflare.com') return undefined;
      return {
        message: `servers.${key}: portal.mcp.cloudflare.com is a page of Cloudflare's, not an MCP server`,
        hint: 'use the address of your own server',
        at: ['url'],
      };
    },
  },
  {
    code: 'MCP011',
    section: 'policies',
    check: ({ key, value }) => {
      if (value['decision'] !== 'allow' || !has(value['include'], 'everyone') || asList(value['require'] ?? []).length > 0)
        return undefined;
      return {
        message: `policies.${key} lets in everyone who can log in at all`,
        hint: 'name emails, domains or groups',
        at: ['include'],
      };
    },
  },
  {
    code: 'MCP012',
    section: 'policies',
    check: ({ key, value }) => {
      if (value['decision'] !== 'bypass') return undefined;
      return {
        message: `policies.${key}: bypass turns Access off, without a login and without logs`,
        hint: 'use allow, or service_auth for bots',
        at: ['decision'],
      };
    },
  },
  {
    code: 'MCP013',
    section: 'policies',
    check: ({ key, value }) => {
      const isForPeople = value['decision'] === 'allow' || value['decision'] === 'deny';
      if (!isForPeople || !['service_token', 'any_valid_service_token'].some((word) => has(value['include'], word)))
        return undefined;
      return {
        message: `policies.${key}: service tokens are matched by policies with decision: service_auth only`,
        hint: 'make a policy of their own for bots',
        at: ['decision'],
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
  {
    code: 'MCP016',
    section: 'servers',
    check: ({ key, value }) => {
      const parameter = secretParameter(text(value['url']));
      if (parameter === undefined) return undefined;
      return {
        message: `servers.${key}: the parameter ${parameter} of the URL looks like a secret, and plans show it`,
        hint: 'give it as auth: { bearer: REF } or auth: { headers: { Name: REF } } when the server takes it there',
        at: ['url'],
      };
    },
  },
];

/** What the rules say about an entry. One that is to be absent needs no advice. */
export function lint(entry: Entry, document: Sections): readonly Finding[] {
  if (marksOf(entry.value).absent === true) return [];
  return lintRules
    .filter((rule) => rule.section === entry.section)
    .flatMap((rule) => {
      const remark = rule.check(entry, document);
      if (remark === undefined) return [];
      return [warning({ code: rule.code, message: remark.message, hint: remark.hint, place: entry.at(...(remark.at ?? [])) })];
    });
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const hostOf = (url: unknown): string => (URL.canParse(text(url)) ? new URL(text(url)).hostname : '');

const secretParameter = (url: string): string | undefined =>
  URL.canParse(url)
    ? [...new URL(url).searchParams.keys()].find((name) =>
        /^(?:key|sig|[\w-]{0,20}(?:token|secret|password|api[-_]?key))$/i.test(name),
      )
    : undefined;

const has = (rules: unknown, word: string): boolean =>
  asList(rules ?? []).some((rule) => isPlain(rule) && rule[word] !== undefined);

/** How deep a hostname is. Without a zone its last two labels are taken for one, or three under names such as co.uk. */
function labelsBelowZone(hostname: string, zone: string): number {
  const labels = hostname.split('.');
  const isShort = (labels.at(-1)?.length ?? 0) === 2 && (labels.at(-2)?.length ?? 0) <= 3;
  return labels.length - (zone === '' ? (isShort ? 3 : 2) : zone.split('.').length);
}
