import type { Operation } from '../../engine/operation.ts';
import { serversPath } from './registrations.ts';
import type { Server, ServerState } from './server-body.ts';
import { isManual, serverReadiness } from './server-readiness.ts';

type Synced = Server & { readonly last_synced?: string | null };

/**
 * Has Cloudflare read a server's tools and prompts again. Trouble shows in its status; the request itself
 * succeeds all the same. API: `zeroTrust.access.aiControls.mcp.servers.sync` of the official SDK.
 */
export const syncOperation: Operation<ServerState, Synced> = {
  reason: () => 'its tools and prompts are read again',
  impact: (live) => {
    if (isManual(live))
      return 'none: its OAuth client was set up by hand, and Cloudflare reads its tools only when a person signs in';
    return serverReadiness(live).is === 'person' ? 'none, until an administrator has signed in to it' : undefined;
  },
  fields: ({ status }) => [
    { path: 'status', before: status ?? null, after: '(known after apply)', sensitive: false, forces_replacement: false },
  ],
  run: async ({ api, live }) => {
    const path = `${serversPath(api)}/${encodeURIComponent(live.id)}`;
    const find = async (): Promise<Synced | undefined> => {
      const now = await api.get<Synced>(path);
      return now.last_synced === live.last_synced ? undefined : now;
    };
    return { live: { ...live, ...(await api.post<Partial<Synced>>(`${path}/sync`, {}, { find })) } };
  },
};
