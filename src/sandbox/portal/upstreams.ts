import { attemptsFor, leadsOn } from '../../mcp-client/attempts.ts';
import { connectTo } from '../../mcp-client/connect.ts';
import type { Client } from '../../mcp-client/sdk.ts';
import { text } from '../check.ts';
import { upstreamHeaders } from '../credentials.ts';
import type { ServerRow } from '../state.ts';

/** Connections to the servers behind the portals, each made when it is first needed. */
export type Upstreams = {
  /** Gives the connected client of a server to `work`. A server that has forgotten the session is connected to anew. */
  use<T>(server: ServerRow, work: (client: Client) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

const timeoutMs = 15_000;

export const openUpstreams = (): Upstreams => {
  const open = new Map<string, Promise<Client>>();
  const clientOf = (key: string, server: ServerRow): Promise<Client> => {
    const known = open.get(key) ?? connected(server);
    open.set(key, known);
    known.catch(() => open.delete(key));
    return known;
  };
  return {
    async use(server, work) {
      // Other credentials or another address need a connection of their own.
      const key = JSON.stringify([server.id, server.body['hostname'], server.body['auth_type'], server.credentials]);
      try {
        return await work(await clientOf(key, server));
      } catch (error) {
        if (statusOf(error) === undefined) throw error;
        open.delete(key);
        if (statusOf(error) !== 404) throw error;
        return work(await clientOf(key, server));
      }
    },
    async close() {
      const clients = await Promise.allSettled(open.values());
      await Promise.all(clients.map(async (each) => (each.status === 'fulfilled' ? each.value.close() : undefined)));
    },
  };
};

/** The portal's own credentials go no further: the server gets those that it is registered with, and nothing else. */
const connected = async (server: ServerRow): Promise<Client> => {
  const headers = upstreamHeaders(text(server.body['auth_type']), server.credentials);
  const attempts = attemptsFor(text(server.body['hostname']));
  for (const attempt of attempts) {
    try {
      return await connectTo(attempt, {
        name: 'cloudflare-sandbox',
        headers,
        timeoutMs,
        fetch: (input, init) => fetch(input, init),
      });
    } catch (error) {
      if (attempt === attempts.at(-1) || !leadsOn(statusOf(error))) throw error;
    }
  }
  throw new Error('no way to connect is left');
};

/** The HTTP status that a connection failed with. */
const statusOf = (error: unknown): number | undefined =>
  error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : undefined;
