import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { UserError } from '../lib/errors.ts';
import type { SandboxAccount } from './account.ts';
import type { DataSide } from './portal/answer.ts';

export type Served = {
  /** What `CLOUDFLARE_BASE_URL` takes: `http://127.0.0.1:PORT/client/v4`. */
  readonly url: string;
  readonly port: number;
  /** Stops at once, also where a request hangs. */
  close(): Promise<void>;
};

type Where = { readonly port?: number; readonly host?: string };

/**
 * Serves the account over HTTP, so that any Cloudflare client can use it. Port 0 takes a free one. With `data`,
 * a request whose Host header is a portal's hostname is for that portal.
 */
export const serveAccount = async (
  account: SandboxAccount,
  { data, ...where }: Where & { readonly data?: DataSide } = {},
): Promise<Served> => {
  const bound = await listen(where, (request, address) => {
    const portal = data?.portalAt(request.headers.get('host') ?? '');
    return portal === undefined || data === undefined ? account.fetch(request) : data.answer(portal, request, address);
  });
  return { ...bound, url: `${bound.origin}/client/v4` };
};

export type ServedPortals = {
  /** The local address of each portal, by id. */
  readonly urls: ReadonlyMap<string, string>;
  /** Gives new portals a port, and takes away those of portals that are gone. `tell` hears of each new one. */
  follow(): Promise<void>;
  close(): Promise<void>;
};

/** Serves each portal at a port of its own. Any Host header will do there. */
export const servePortals = (
  { state }: Pick<SandboxAccount, 'state'>,
  data: DataSide,
  tell: (portal: string, url: string) => void = () => {},
): ServedPortals => {
  const serving = new Map<string, Promise<Bound>>();
  const urls = new Map<string, string>();
  const open = async (id: string): Promise<Bound> => {
    const bound = await listen({}, (request, address) => data.answer(id, request, address));
    urls.set(id, `${bound.origin}/mcp`);
    tell(id, `${bound.origin}/mcp`);
    return bound;
  };
  return {
    urls,
    async follow() {
      const wanted = state.portals.map(({ id }) => id);
      for (const id of wanted) if (!serving.has(id)) serving.set(id, open(id));
      for (const [id, bound] of serving) {
        if (wanted.includes(id)) continue;
        serving.delete(id);
        urls.delete(id);
        await (await bound).close();
      }
      await Promise.all(serving.values());
    },
    async close() {
      await Promise.all([...serving.values()].map(async (bound) => (await bound).close()));
    },
  };
};

type Bound = { readonly port: number; readonly origin: string; close(): Promise<void> };
type Handle = (request: Request, address: string) => Promise<Response>;

const listen = async ({ port = 0, host = '127.0.0.1' }: Where, handle: Handle): Promise<Bound> => {
  const server = createServer((incoming, outgoing) => void answer(handle, incoming, outgoing));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(error, `${host}:${port}`)));
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    port: bound,
    origin: `http://${host}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const cannotListen = (error: NodeJS.ErrnoException, where: string): UserError =>
  new UserError(`cannot listen on ${where}: ${error.message}`, {
    hint: error.code === 'EADDRINUSE' ? 'Another program has this port: choose another one, or 0 for a free one.' : undefined,
    cause: error,
  });

const answer = async (handle: Handle, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  try {
    const response = await handle(await requestOf(incoming, gone.signal), incoming.socket.remoteAddress ?? '');
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    for await (const chunk of response.body ?? []) await sent(outgoing, chunk);
    outgoing.end();
  } catch {
    // A fault broke the connection, or the caller went away: there is nobody to answer.
    outgoing.destroy();
  }
};

/** Writes a chunk and waits until it is on its way, so that a connection that breaks next does not swallow it. */
const sent = (outgoing: ServerResponse, chunk: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    outgoing.write(chunk, (error) => (error ? reject(error) : resolve()));
  });

const requestOf = async (incoming: IncomingMessage, signal: AbortSignal): Promise<Request> => {
  const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? 'localhost'}`);
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const each of [value ?? []].flat()) headers.append(name, each);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const method = incoming.method ?? 'GET';
  const body = chunks.length === 0 ? null : Buffer.concat(chunks);
  return new Request(url, { method, headers, body, signal });
};
