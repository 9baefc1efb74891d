import { addressOf, type Desired, type Obstacle, type Peers } from '../../engine/kind.ts';
import { sameUrl } from '../document/network.ts';
import { tokenToSend } from './credentials.ts';
import type { Server, ServerState } from './server-body.ts';
import { isManual } from './server-readiness.ts';

/** Why a server cannot be made or replaced: credentials that nobody but Cloudflare knows. */
export function serverObstacles(
  { key, state }: Desired<ServerState>,
  live: Server | undefined,
  peers: Peers,
): readonly Obstacle[] {
  const token = state['auth.service_token'];
  const isMade = live === undefined || moves(state, live) || live.auth_type !== 'bearer';
  if (typeof token === 'string' && isMade) return unknownToken(key, token, peers);
  if (live === undefined || !moves(state, live)) return [];
  if (live.auth_type === 'bearer' && state.auth === undefined)
    return [loses(key, live, 'say them in the document: auth: { bearer: REF } or { headers: … }')];
  const staysOauth = state.auth === undefined || state.auth === 'oauth';
  return isManual(live) && staysOauth
    ? [loses(key, live, 'its OAuth client was set up by hand: change the address in the dashboard, then in the document')]
    : [];
}

const moves = (state: ServerState, live: Server): boolean => state.url !== undefined && !sameUrl(state.url, live.hostname);

const loses = (key: string, live: Server, hint: string): Obstacle => ({
  message: `server:${key}: replacing it would lose the credentials that Cloudflare holds for it`,
  ids: [live.id],
  hint,
});

/** A token's secret is shown once: later it is only where a sink has put it, if that can be read back. */
function unknownToken(key: string, token: string, peers: Peers): readonly Obstacle[] {
  const existing = peers.live(addressOf('service_token', token));
  if (existing === undefined || tokenToSend(token, peers) !== undefined) return [];
  const sinks = peers.desired('service_token').find((resource) => resource.key === token)?.sinks ?? [];
  const where = sinks.length === 0 ? 'where its secret was put (out: or --secrets-out)' : sinks.join(', ');
  return [
    {
      message: `server:${key}: the service token ${token} is there already, and its secret was shown only when it was made`,
      ids: [existing.id],
      hint:
        'bring back the dotenv: or file: sink that got it (out:, or --secrets-out); or ' +
        `name the headers, with the values from ${where}: ` +
        'auth: { headers: { CF-Access-Client-Id: REF, CF-Access-Client-Secret: REF } }; or delete the token and apply again: ' +
        `mcp-portal destroy --target service_token:${token} (it removes what uses the token, too)`,
    },
  ];
}
