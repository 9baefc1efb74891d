import type * as Http from 'node:http';
import type * as Https from 'node:https';
import { cutOffCode } from './failure.ts';
import { tunnelThrough } from './proxy.ts';

/** As much of a `Response` as the SDK and `connection.ts` read. The body is here in full. */
export type PlainResponse = {
  readonly ok: boolean;
  readonly status: number;
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  readonly body: null;
  text(): Promise<string>;
};
type Transport = (url: string, init: RequestInit) => Promise<PlainResponse>;
type Fetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * A `fetch` for the SDK on Node's own HTTP client: the global one takes Node 20 four times as long to
 * load, and opens twice as many sockets. Redirects are not followed: the credentials would go along.
 */
export function createFetch(options: TransportOptions): Fetch {
  const client = createClientLoader(options);
  return asFetch(async (url, init) => await exchange(await client(url), { url, init, payload: await payloadOf(init) }));
}

export type TransportOptions = {
  readonly maxSockets: number;
  /** Where to tunnel https requests through. */
  readonly httpsProxy?: URL | undefined;
};

/** The same for a function that answers instead of the network. */
export const fetchThrough = (answer: (request: Request) => Promise<Response>): Fetch =>
  asFetch(async (url, init) => {
    const response = await untilAborted(answer(new Request(url, init)), init.signal);
    return await untilAborted(readWhole(response, url), init.signal);
  });

// The SDK's type asks for a whole `Response`; it reads no more of it than `PlainResponse` has.
const asFetch = (transport: Transport): Fetch =>
  ((url: string | URL | Request, init: RequestInit = {}) => transport(addressOf(url), init)) as unknown as Fetch;

/** Not by `instanceof`: the mention of the global `Request` would load Node's fetch stack. */
function addressOf(url: string | URL | Request): string {
  if (typeof url === 'string') return url;
  return 'href' in url ? url.href : url.url;
}

type Client = { readonly request: typeof Http.request; readonly agent: Http.Agent };

/** One keep-alive agent per protocol, loaded when it is first used. */
function createClientLoader({ maxSockets, httpsProxy }: TransportOptions): (url: string) => Promise<Client> {
  const clients = new Map<string, Promise<Client>>();
  const load = async (secure: boolean): Promise<Client> => {
    const { request, Agent } = secure ? await builtin('node:https') : await builtin('node:http');
    const agent = new Agent({ keepAlive: true, maxSockets });
    if (secure && httpsProxy !== undefined) await tunnelThrough(httpsProxy, agent);
    return { request, agent };
  };
  return async (url) => {
    const protocol = new URL(url).protocol;
    const client = clients.get(protocol) ?? load(protocol === 'https:');
    clients.set(protocol, client);
    return await client;
  };
}

// An `import` of node:http reads all its exports, and on Node 22 one of them loads the fetch stack.
async function builtin(name: 'node:http' | 'node:https'): Promise<typeof Http | typeof Https> {
  const loaded = process.getBuiltinModule?.(name);
  return loaded ?? (name === 'node:https' ? await import('node:https') : await import('node:http'));
}

type Payload = { readonly body?: string | Buffer; readonly headers: Readonly<Record<string, string>> };
type Outgoing = { readonly url: string; readonly init: RequestInit; readonly payload: Payload };

/** A form is encoded by a `Response` that goes nowhere. */
async function payloadOf({ body, headers }: RequestInit): Promise<Payload> {
  if (body === undefined || body === null) return { headers: headersOf(headers) };
  if (typeof body === 'string') return { body, headers: headersOf(headers) };
  const encoded = new Response(body);
  const type = encoded.headers.get('content-type') ?? 'application/octet-stream';
  return { body: Buffer.from(await encoded.arrayBuffer()), headers: { ...headersOf(headers), 'content-type': type } };
}

async function exchange({ request, agent }: Client, { url, init, payload }: Outgoing): Promise<PlainResponse> {
  const options: Http.RequestOptions = {
    agent,
    method: init.method ?? 'GET',
    headers: { ...payload.headers, 'accept-encoding': 'gzip, br' },
    ...(init.signal ? { signal: init.signal } : {}),
  };
  try {
    const incoming = await new Promise<Http.IncomingMessage>((resolve, reject) => {
      request(url, options).on('error', reject).on('response', resolve).end(payload.body);
    });
    return plain(incoming, { url, text: await whole(decoded(incoming)) });
  } catch (error) {
    if (init.signal?.aborted === true) throw aborted();
    throw error;
  }
}

async function decoded(incoming: Http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const encoding = incoming.headers['content-encoding'];
  if (bytes.length === 0 || (encoding !== 'gzip' && encoding !== 'br')) return bytes.toString('utf8');
  const { gunzipSync, brotliDecompressSync } = await import('node:zlib');
  return (encoding === 'gzip' ? gunzipSync(bytes) : brotliDecompressSync(bytes)).toString('utf8');
}

function plain(incoming: Http.IncomingMessage, { url, text }: { readonly url: string; readonly text: string }): PlainResponse {
  const status = incoming.statusCode ?? 0;
  const get = (name: string): string | null => {
    const value = incoming.headers[name.toLowerCase()];
    return value === undefined ? null : String(value);
  };
  return { ok: status >= 200 && status < 300, status, url, headers: { get }, body: null, text: async () => text };
}

const headersOf = (headers: RequestInit['headers']): Record<string, string> => {
  const pairs = headers !== undefined && Symbol.iterator in headers ? [...headers] : Object.entries(headers ?? {});
  return Object.fromEntries(pairs.map(([name, value]) => [name, String(value)]));
};

async function readWhole(response: Response, url: string): Promise<PlainResponse> {
  const text = await whole(response.text());
  const { ok, status, headers } = response;
  return { ok, status, url, headers, body: null, text: async () => text };
}

/** The status was there, so an answer came: only its body did not arrive in full. */
async function whole(body: Promise<string>): Promise<string> {
  try {
    return await body;
  } catch (cause) {
    throw Object.assign(new Error('The answer was cut off.', { cause }), { code: cutOffCode });
  }
}

/** What answers in place of the network need not know about signals. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (signal === undefined || signal === null) return await work;
  return await new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(aborted());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

const aborted = (): Error => Object.assign(new Error('The request was aborted.'), { name: 'AbortError' });
