import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { UserError } from '../lib/errors.ts';
import type { SandboxAccount } from './account.ts';

export type Served = {
  /** What `CLOUDFLARE_BASE_URL` takes: `http://127.0.0.1:PORT/client/v4`. */
  readonly url: string;
  readonly port: number;
  /** Stops at once, also where a request hangs. */
  close(): Promise<void>;
};

/** Serves the account over HTTP, so that any Cloudflare client can use it. Port 0 takes a free one. */
export const serveAccount = async (
  account: SandboxAccount,
  { port = 0, host = '127.0.0.1' }: { readonly port?: number; readonly host?: string } = {},
): Promise<Served> => {
  const server = createServer((incoming, outgoing) => void answer(account, incoming, outgoing));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(error, `${host}:${port}`)));
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host}:${bound}/client/v4`,
    port: bound,
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

const answer = async (account: SandboxAccount, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  try {
    const response = await account.fetch(await requestOf(incoming, gone.signal));
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
