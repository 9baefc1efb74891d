import { text } from './check.ts';
import { upstreamHeaders } from './credentials.ts';
import type { Found } from './discover.ts';
import { ok } from './envelope.ts';
import type { Answer, Call } from './route.ts';
import { mcpTime } from './server-view.ts';
import { type Discovery, replaced, type ServerRow } from './state.ts';

/**
 * Looks at the upstream and keeps what it offers. The answer is 200 whatever came of it: trouble shows
 * in `status`, `error` and `error_details` only. An OAuth server waits for its first login, so a sync
 * of one succeeds and changes nothing.
 */
export const sync = async (call: Call, server: ServerRow): Promise<Answer> => {
  if (server.body['auth_type'] === 'oauth') return outcome(server.discovery);
  const headers = upstreamHeaders(text(server.body['auth_type']), server.credentials);
  const found = await call.discover({ url: text(server.body['hostname']), headers });
  const discovery = after(server.discovery, found, mcpTime(call.now.toISOString()));
  // The server may have been changed or removed while its upstream was asked.
  const live = call.state.servers.find((each) => each.id === server.id);
  if (live !== undefined) call.state.servers = replaced(call.state.servers, { ...live, discovery });
  return outcome(discovery);
};

const after = (before: Discovery, found: Found, at: string): Discovery => {
  if (found.is === 'error') {
    return { ...before, status: 'error', error: found.error, error_details: found.details, last_synced: at };
  }
  return {
    status: 'ready',
    error: '',
    error_details: null,
    tools: found.tools,
    prompts: found.prompts,
    last_synced: at,
    last_successful_sync: at,
  };
};

const outcome = ({ status, error, error_details }: Discovery): Answer => ok({ status, error, error_details });
