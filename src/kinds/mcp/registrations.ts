import type { Api } from '../../engine/api.ts';
import { isPlain, type Plain } from '../../engine/values.ts';
import type { Portal } from './links.ts';

export const serversPath = (api: Api): string => api.path('access', 'ai-controls', 'mcp', 'servers');
export const portalsPath = (api: Api): string => api.path('access', 'ai-controls', 'mcp', 'portals');

/** All MCP servers of the account. A second listing in the same reading is the first one's answer. */
export const listServers = <T extends Plain>(api: Api): Promise<readonly T[]> =>
  api.list<T>(serversPath(api), { perPage: 100, keep: withoutCatalogue });

/** All portals of the account, likewise; whether their links are among it depends on the API's version. */
export const listPortals = (api: Api): Promise<readonly Portal[]> =>
  api.list<Portal>(portalsPath(api), { perPage: 100, keep: withoutCatalogues });

/** A server without the schemas of its tools and prompts, which are nearly all of an answer: only their names stay. */
const withoutCatalogue = (server: Plain): Plain => ({
  ...server,
  ...(Array.isArray(server['tools']) ? { tools: namesIn(server['tools']) } : {}),
  ...(Array.isArray(server['prompts']) ? { prompts: namesIn(server['prompts']) } : {}),
});

const namesIn = (items: readonly unknown[]): readonly Plain[] => items.filter(isPlain).map(({ name }) => ({ name }));

/** The same for the servers inside a portal. */
const withoutCatalogues = (portal: Plain): Plain =>
  Array.isArray(portal['servers'])
    ? { ...portal, servers: portal['servers'].map((row: unknown) => (isPlain(row) ? withoutCatalogue(row) : row)) }
    : portal;
