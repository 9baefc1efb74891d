import { isPlain } from '../../engine/values.ts';
import { portalsWithBots } from '../mcp/bots.ts';
import { isEmptyList, text, type LintRule } from './lint-rule.ts';
import { looksPrivate } from './network.ts';

/** What to look at in the entries of `servers:`. */
export const serverRules: readonly LintRule[] = [
  {
    code: 'MCP001',
    section: 'servers',
    check: ({ key, value }, document) => {
      const access = value['access'];
      if (!isPlain(access)) return undefined;
      const hint = 'list who gets in: policies: […]';
      if (access['policies'] === undefined)
        return {
          message: `servers.${key}.access has no policies: unless Cloudflare has some for it already, it is hidden from everybody`,
          hint,
          at: ['access'],
        };
      if (!isEmptyList(access['policies']) || portalsWithBots(key, document).length > 0) return undefined;
      return {
        message: `servers.${key}.access.policies is empty: the server is hidden from everybody`,
        hint,
        at: ['access', 'policies'],
      };
    },
  },
  {
    code: 'MCP007',
    section: 'servers',
    check: ({ key, value }) => {
      if (!partsOf(value['url']).hostname.endsWith('.workers.dev')) return undefined;
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
      const { protocol, hostname } = partsOf(value['url']);
      if (protocol !== 'http:' || looksPrivate(hostname)) return undefined;
      return { message: `servers.${key}: http sends requests and credentials in the clear`, hint: 'use https', at: ['url'] };
    },
  },
  {
    code: 'MCP009',
    section: 'servers',
    check: ({ key, value }) => {
      if (!/\/sse\/?$/i.test(partsOf(value['url']).pathname)) return undefined;
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
      if (partsOf(value['url']).hostname !== 'portal.mcp.cloudflare.com') return undefined;
      return {
        message: `servers.${key}: portal.mcp.cloudflare.com is a page of Cloudflare's, not an MCP server`,
        hint: 'use the address of your own server',
        at: ['url'],
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

type UrlParts = Pick<URL, 'protocol' | 'hostname' | 'pathname'>;

const noUrl: UrlParts = { protocol: '', hostname: '', pathname: '' };

const partsOf = (url: unknown): UrlParts => (URL.canParse(text(url)) ? new URL(text(url)) : noUrl);

/** The parameter of a URL that names a secret. */
export const secretParameter = (url: string): string | undefined =>
  URL.canParse(url)
    ? [...new URL(url).searchParams.keys()].find((name) =>
        /^(?:key|sig|[\w-]{0,20}(?:token|secret|password|api[-_]?key))$/i.test(name),
      )
    : undefined;
