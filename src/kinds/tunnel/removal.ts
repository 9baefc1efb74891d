import type { Api } from '../../engine/api.ts';
import { ApiError } from '../../lib/errors.ts';
import { tunnelsPath, type Tunnel } from './tunnels.ts';

/** What Cloudflare answers while a connector is connected. */
const hasConnections = 1022;

/**
 * Deletes a tunnel, its connections first. Cloudflare remembers those for a while (the client waits for
 * that), and a connector that still runs comes back at once (Q79): that is for a person to end.
 */
export async function removeTunnel(api: Api, { id, name }: Tunnel): Promise<void> {
  const path = `${tunnelsPath(api)}/${encodeURIComponent(id)}`;
  await api.remove(`${path}/connections`);
  try {
    await api.remove(path);
  } catch (error) {
    if (!(error instanceof ApiError) || error.facts.request?.code !== hasConnections) throw error;
    throw new ApiError(`The tunnel ${name} still has a connector that connects again. ${error.message}`, {
      hint: 'stop cloudflared (docker compose stop cloudflared, say), then run again',
      request: error.facts.request,
      cause: error,
    });
  }
}
