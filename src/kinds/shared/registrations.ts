import type { Api } from '../../engine/kind.ts';
import type { Plain } from '../../engine/values.ts';

export const serversPath = (api: Api): string => api.path('access', 'ai-controls', 'mcp', 'servers');
export const portalsPath = (api: Api): string => api.path('access', 'ai-controls', 'mcp', 'portals');

/** All MCP servers of the account. A second listing in the same reading is the first one's answer. */
export const listServers = <T extends Plain>(api: Api): Promise<readonly T[]> => api.list<T>(serversPath(api), { perPage: 100 });
