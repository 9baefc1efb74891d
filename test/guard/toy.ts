import { createServer, request, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { createBuckets } from '../../src/guard/buckets.ts';
import { sha256 } from '../../src/guard/digest.ts';
import { knownKey } from '../../src/guard/keys.ts';
import { openGuard, type Guard, type GuardOptions } from '../../src/guard/server.ts';

export const key = 'dev-abc123';

/** A server that answers as `listener` does, until the test is over. */
export async function serverOf(listener: RequestListener): Promise<{ readonly url: string; readonly port: number }> {
  const server = createServer(listener);
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, port };
}

export type Line = { readonly [name: string]: unknown };
export type Guarded = {
  readonly url: string;
  readonly guard: Guard;
  /** The audit lines so far. */
  readonly lines: readonly Line[];
};

/** A guard in front of `upstream`, without a limit that a test could reach by chance. */
export async function guardOf(upstream: string, options: Partial<GuardOptions> = {}): Promise<Guarded> {
  const lines: Line[] = [];
  const guard = await openGuard({
    upstream: new URL(upstream),
    listen: { host: '127.0.0.1', port: 0 },
    keys: [knownKey(sha256(key)), knownKey(sha256('dev-def456'))],
    buckets: createBuckets({ rps: 0, burst: 5 }, () => 0),
    access: undefined,
    timeoutMs: 10_000,
    now: () => new Date('2026-01-02T03:04:05Z'),
    audit: (line) => void lines.push(JSON.parse(line)),
    ...options,
  });
  onTestFinished(() => guard.close(0));
  return { url: guard.url, guard, lines };
}

export type Call = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array;
};

/** Sends a request with the key, over a connection of its own, and resolves when its head is there. */
export async function open(url: string, { method, headers = {}, body }: Call = {}): Promise<IncomingMessage> {
  const used = method ?? (body === undefined ? 'GET' : 'POST');
  return await new Promise((resolve, reject) => {
    const sent = request(url, { method: used, agent: false, headers: { 'x-api-key': key, ...headers } }, resolve);
    sent.on('error', reject);
    sent.end(body);
  });
}

export type Answer = {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
};

export async function call(url: string, options: Call = {}): Promise<Answer> {
  const response = await open(url, options);
  return { status: response.statusCode, headers: response.headers, text: await text(response) };
}

export const rpc = (method: string, params: object = {}): string => JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
export const notification = (method: string): string => JSON.stringify({ jsonrpc: '2.0', method });

/** An upstream that answers `{}`, and keeps what it was sent. */
export function recorder(): { readonly requests: Seen[]; readonly listener: RequestListener } {
  const requests: Seen[] = [];
  const listener = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await text(incoming);
    requests.push({ method: incoming.method, url: incoming.url, headers: incoming.headers, body });
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  };
  return { requests, listener: (incoming, outgoing) => void listener(incoming, outgoing) };
}
export type Seen = {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};
