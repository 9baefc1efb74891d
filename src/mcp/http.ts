import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { randomBytes } from 'node:crypto';
import type { McpServerFactory } from '@modelcontextprotocol/server';
import { UserError } from '../lib/errors.ts';
import { listenAddress } from '../guard/addresses.ts';
import { refusalFor } from './http-checks.ts';
import { requestFrom, sendResponse } from './http-bridge.ts';
import { createMcpHandler } from './sdk.ts';

export type HttpOptions = {
  readonly factory: McpServerFactory;
  /** `HOST:PORT`, on this machine only. */
  readonly listen: string;
  /** What callers send as a bearer; a new one is made and told where this is left out. */
  readonly key: string | undefined;
  readonly signal: AbortSignal;
  say(line: string): void;
  warn(line: string): void;
};

/** Serves MCP at `/mcp` until the signal. Throws a `UserError` where it cannot listen. */
export async function serveHttp({ factory, listen, key, signal, say, warn }: HttpOptions): Promise<void> {
  const { host, port } = listenAddress(listen, false);
  const bearer = key === undefined || key.trim() === '' ? `mcpk_${randomBytes(32).toString('base64url')}` : key.trim();
  const handler = createMcpHandler(factory, { onerror: (error) => warn(`warning: ${error.message.slice(0, 300)}`) });
  const server = createServer({ headersTimeout: 15_000, requestTimeout: 60_000 }, (incoming, outgoing) => {
    void answer(incoming, outgoing, { bearer, fetch: (request) => handler.fetch(request) });
  });
  await listening(server, { host, port, listen });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  say(`listening on http://${host.includes(':') ? `[${host}]` : host}:${bound}/mcp`);
  if (bearer !== key?.trim()) warn(`key: ${bearer}`);
  await aborted(signal);
  await handler.close();
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

type Answering = { readonly bearer: string; fetch(request: Request): Promise<Response> };

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, { bearer, fetch }: Answering): Promise<void> {
  // What is written to a caller that has just left.
  outgoing.on('error', () => {});
  const refusal = refusalFor(incoming, bearer);
  if (refusal !== undefined) {
    outgoing.writeHead(refusal.status, { 'Content-Type': 'application/json', Connection: 'close', ...refusal.headers });
    outgoing.end(JSON.stringify({ jsonrpc: '2.0', error: { code: -32_000, message: refusal.message }, id: null }));
    return;
  }
  try {
    await sendResponse(await fetch(requestFrom(incoming, outgoing)), outgoing);
  } catch {
    if (!outgoing.headersSent) outgoing.writeHead(500);
    outgoing.end();
  }
}

type Server = ReturnType<typeof createServer>;
type Place = { readonly host: string; readonly port: number; readonly listen: string };

const listening = (server: Server, { host, port, listen }: Place): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause: Error) => reject(new UserError(`cannot listen on ${listen}: ${cause.message}`, { cause })));
    server.listen(port, host, resolve);
  });

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
