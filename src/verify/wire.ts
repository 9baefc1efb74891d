import type { IncomingMessage, RequestOptions } from 'node:http';
import { httpsProxyOf } from '../cloudflare/proxy.ts';
import type { Secret } from '../secrets/secret.ts';
import { version } from '../version.ts';
import { agents, type Agents } from './agents.ts';
import type { Exchange } from './exchange.ts';
import { deadline } from './deadline.ts';
import { errorOf, newNote, responseOf, type Note } from './response.ts';

/** Where a hostname is really asked for, instead of where DNS leads. */
export type Resolved = { readonly address: string; readonly port: number };

export type WireOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly resolve: ReadonlyMap<string, Resolved>;
  /** The limit of one request, up to the end of its body. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

/** Credentials, and the only host that they are sent to. */
export type SignIn = { readonly host: string; readonly headers: Readonly<Record<string, Secret>> };

/** Requests of one chain of checks, with a note of each. */
export type Line = {
  readonly exchanges: Exchange[];
  /** For the MCP client. Redirects are never followed. */
  fetch(input: string | URL, init?: RequestInit): Promise<Response>;
  /** One request, read to its end. Does not throw: what went wrong stands in the exchange. */
  ask(url: string, init?: RequestInit): Promise<Exchange>;
};

export type Wire = {
  line(signIn?: SignIn): Line;
  /** Whether a proxy asks for this host, which then resolves its name, too. */
  isProxied(hostname: string): boolean;
  close(): void;
};

type Open = WireOptions & {
  readonly agents: Agents;
  /** Hosts that did not answer at all: they cost their timeout once. */
  readonly dead: Map<string, Error>;
  readonly alive: Set<string>;
  /** What ends the requests that are under way. */
  readonly running: Set<() => void>;
};

export function openWire(options: WireOptions): Wire {
  const open: Open = { ...options, agents: agents(options.env), dead: new Map(), alive: new Set(), running: new Set() };
  options.signal.addEventListener('abort', () => open.running.forEach((breakOff) => breakOff()), { once: true });
  return {
    line(signIn) {
      const exchanges: Exchange[] = [];
      const fetch: Line['fetch'] = (input, init = {}) => send(open, { url: new URL(input), init, signIn, exchanges });
      const ask: Line['ask'] = async (url, init) => {
        const before = exchanges.length;
        await fetch(url, init)
          .then((response) => response.text())
          .catch(() => undefined);
        return exchanges[before] ?? newNote(url, init);
      };
      return { exchanges, fetch, ask };
    },
    isProxied: (hostname) => httpsProxyOf(options.env, `https://${hostname}`) !== undefined,
    close: () => open.agents.close(),
  };
}

type Sending = {
  readonly url: URL;
  readonly init: RequestInit;
  readonly signIn: SignIn | undefined;
  readonly exchanges: Exchange[];
};
async function send(open: Open, { url, init, signIn, exchanges }: Sending): Promise<Response> {
  const started = performance.now();
  const signedIn = signIn?.host === url.host;
  const note: Note = { ...newNote(url.href, init), signedIn };
  exchanges.push(note);
  const dead = open.dead.get(url.host);
  const limit = deadline(open.timeoutMs, init.signal);
  open.running.add(limit.breakOff);
  const end = (): void => {
    limit.end();
    open.running.delete(limit.breakOff);
  };
  const explain = (error: unknown): unknown => {
    if (limit.isOver()) return timedOut(open.timeoutMs);
    return init.signal?.aborted === true || open.signal.aborted ? undefined : error;
  };
  try {
    if (dead !== undefined) throw dead;
    const headers = headersOf({ url, init, signIn });
    const incoming = await answered(open, { url, init, headers, signal: limit.signal });
    incoming.once('close', end);
    open.alive.add(url.host);
    note.status = incoming.statusCode;
    note.ms = performance.now() - started;
    note.headers = Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, [value ?? []].flat().join(', ')]),
    );
    return responseOf(incoming, note, { secrets: signedIn ? secretsOf(signIn) : [], explain });
  } catch (thrown) {
    end();
    const error = dead ?? explain(thrown);
    note.ms = performance.now() - started;
    if (error instanceof Error && !open.alive.has(url.host)) open.dead.set(url.host, error);
    note.error ??= error === undefined ? undefined : errorOf(error);
    throw thrown;
  }
}

const secretsOf = ({ headers }: SignIn): readonly string[] => Object.values(headers).map((secret) => secret.reveal());

const timedOut = (ms: number): Error => Object.assign(new Error(`no answer within ${ms / 1000} s`), { code: 'ETIMEDOUT' });

function headersOf({ url, init, signIn }: Pick<Sending, 'url' | 'init' | 'signIn'>): Record<string, string> {
  const said = Object.fromEntries(new Headers(init.headers));
  const revealed = signIn?.host === url.host ? Object.entries(signIn.headers).map(([name, value]) => [name, value.reveal()]) : [];
  return {
    'user-agent': `mcp-portal/${version}`,
    'accept-encoding': 'gzip, deflate, br',
    ...said,
    host: url.host,
    ...Object.fromEntries(revealed),
  };
}

type Prepared = {
  readonly url: URL;
  readonly init: RequestInit;
  readonly headers: Record<string, string>;
  readonly signal: AbortSignal;
};

/** Sends a request, to where `--resolve` says. Plain HTTP on this machine. */
async function answered({ resolve, agents: pool }: Open, { url, init, headers, signal }: Prepared): Promise<IncomingMessage> {
  const place = resolve.get(url.hostname);
  const isPlain = place === undefined ? url.protocol === 'http:' : isLoopback(place.address);
  signal.throwIfAborted();
  const { request, agent } = await pool.to(isPlain, url);
  const body = typeof init.body === 'string' ? init.body : undefined;
  const options: RequestOptions & { servername?: string } = {
    host: place?.address ?? url.hostname.replace(/^\[|\]$/g, ''),
    port: place?.port ?? (url.port === '' ? (isPlain ? 80 : 443) : Number(url.port)),
    method: init.method ?? 'GET',
    path: `${url.pathname}${url.search}`,
    headers: body === undefined ? headers : { ...headers, 'content-length': String(Buffer.byteLength(body)) },
    agent,
    signal,
    ...(isPlain ? {} : { servername: url.hostname }),
  };
  return new Promise((done, failed) => {
    request(options, done).on('error', failed).end(body);
  });
}

export const isLoopback = (address: string): boolean => /^(127\.|::1$|localhost$)/.test(address);
