import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openApi, type ApiOptions, type OpenApi } from '../../src/cloudflare/client.ts';
import type { Failure } from '../../src/cloudflare/failure.ts';
import { Secret } from '../../src/secrets/secret.ts';

export type Seen = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};
export type Reply = (response: ServerResponse, seen: Seen) => void;
export type Stub = {
  readonly url: string;
  readonly seen: readonly Seen[];
  readonly sockets: () => number;
  readonly busiest: () => number;
  close(): void;
};

/** A server on a real socket: each reply answers one request, the last one all that follow. */
export async function serve(...replies: readonly Reply[]): Promise<Stub> {
  const seen: Seen[] = [];
  const left = [...replies];
  let [sockets, running, busiest] = [0, 0, 0];
  const server = createServer(async (request, response) => {
    busiest = Math.max(busiest, (running += 1));
    response.on('close', () => (running -= 1));
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const entry = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
    seen.push(entry);
    const reply = left.length > 1 ? left.shift() : left[0];
    reply?.(response, entry);
  });
  server.on('connection', () => (sockets += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}/client/v4`, seen, sockets: () => sockets, busiest: () => busiest, close };
}

/** A reply with a JSON body. */
export const json =
  (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Reply =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

export const ok = (result: unknown, info?: unknown): Reply =>
  json({ success: true, errors: [], messages: [], result, result_info: info });

type Refusal = { readonly code?: number; readonly headers?: Readonly<Record<string, string>> };

export const refuse = (status: number, message: string, { code = 1, headers = {} }: Refusal = {}): Reply =>
  json({ success: false, errors: [{ code, message }], messages: [], result: null }, status, headers);

export const page =
  (body = '<!doctype html><h1>secret page</h1>', status = 502): Reply =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'text/html' }).end(body);

/** The connection breaks before an answer. */
export const reset: Reply = (response) => void response.socket?.resetAndDestroy();

/** The connection breaks in the middle of the body. */
export const cut: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
  response.write('{"success":true,"result":{"id":');
  setTimeout(() => response.destroy(), 10);
};

export const hang: Reply = () => undefined;

export type Opened = {
  readonly api: OpenApi;
  readonly slept: number[];
  readonly lines: unknown[];
  readonly abort: AbortController;
};

/** An API whose sleeps take no time. */
export function open(options: Partial<ApiOptions>): Opened {
  const slept: number[] = [];
  const lines: unknown[] = [];
  const abort = new AbortController();
  const api = openApi({
    credentials: { token: Secret.of('env:CLOUDFLARE_API_TOKEN', 'token-value-1234') },
    account: 'acc',
    userAgent: 'mcp-portal/0.0.0',
    sleep: async (ms) => void slept.push(ms),
    signal: abort.signal,
    onRequest: (line) => lines.push(line),
    ...options,
  });
  return { api, slept, lines, abort };
}

export const failure = (facts: Partial<Failure>): Failure => ({
  what: 'refused',
  status: undefined,
  errors: [],
  html: false,
  retryAfterMs: undefined,
  mitigated: false,
  ray: undefined,
  cause: undefined,
  ...facts,
});
