/*
 * The guard of `mcp-portal guard` as a Worker: API keys, a rate limit and an audit log in front of an MCP server that is
 * reached over HTTPS. What both do is shared code; `dist/worker.js` holds all of it in one file, ready to deploy.
 */
import { auditLine, type AuditEntry } from '../../src/guard/audit-line.ts';
import { eventStream } from '../../src/guard/event-stream.ts';
import {
  declaredInConnection,
  isEventStream,
  isForCaller,
  isForUpstream,
  locationForCaller,
  streamingHeaders,
  withoutAccessCookies,
} from '../../src/guard/headers.ts';
import { findKey, presentedKeys, type KnownKey } from '../../src/guard/keys.ts';
import { isDiscovery, longestBody, refusalBody, refusals, type Refusal } from '../../src/guard/refusals.ts';
import { otherRequest, readRpc, type Rpc } from '../../src/guard/rpc.ts';
import { knownKeys, sha256 } from './known-keys.ts';
import { passedOn } from './pass-on.ts';

export type Env = {
  /** A secret: keys, or their digests as `sha256:HEX`, parted by commas. */
  readonly API_KEYS?: string;
  /** Where the MCP server is: `https://mcp.example.com`. Paths pass through unchanged. */
  readonly UPSTREAM?: string;
  /** The rate-limit binding. Its memory is one for each of Cloudflare's locations, and so is the limit. */
  readonly LIMITER?: { limit(options: { readonly key: string }): Promise<{ readonly success: boolean }> };
  /** The binding's period in seconds: 10 or 60 (default). */
  readonly RATE_LIMIT_PERIOD?: string;
  /** Secrets: a service token for an upstream behind Cloudflare Access. Without one, callers could go past the Worker. */
  readonly CF_ACCESS_CLIENT_ID?: string;
  readonly CF_ACCESS_CLIENT_SECRET?: string;
  /** `true`: the audit line also shows what tools were called with, secrets blotted out. */
  readonly AUDIT_ARGUMENTS?: string;
};

type Context = { waitUntil(promise: Promise<unknown>): void };

/** What is learned about a request on its way. */
type Exchange = {
  readonly request: Request;
  readonly path: string;
  readonly started: number;
  presented: readonly string[];
  key: KnownKey | undefined;
  rpc: Rpc;
  bytesIn: number;
};

// oxlint-disable-next-line import/no-default-export -- Workers are found this way
export default {
  async fetch(request: Request, env: Env, context: Context): Promise<Response> {
    const { pathname } = new URL(request.url);
    const exchange: Exchange = {
      request,
      path: pathname,
      started: Date.now(),
      presented: [],
      key: undefined,
      rpc: otherRequest,
      bytesIn: 0,
    };
    const admitted = await admit(exchange, env);
    if ('refusal' in admitted) return refuse(exchange, env, admitted);
    const answer = await askUpstream(exchange, env, admitted.body).catch(() => undefined);
    if (answer === undefined) return refuse(exchange, env, { refusal: refusals.unreachable });
    return relay(exchange, { env, context, answer });
  },
};

type Refused = { readonly refusal: Refusal; readonly retryAfter?: string };
type Admission = Refused | { readonly body: Uint8Array<ArrayBuffer> | undefined };

const unready = (message: string): Refused => ({ refusal: { status: 503, type: 'unavailable', message } });

async function admit(exchange: Exchange, env: Env): Promise<Admission> {
  const { request } = exchange;
  if (isDiscovery(exchange.path)) return { refusal: refusals.noDiscovery };
  const keys = await knownKeys(env.API_KEYS ?? '');
  if (keys === undefined) return unready('API_KEYS of this Worker holds no key, or a digest that is none');
  exchange.presented = presentedKeys((name) => request.headers.get(name));
  for (const presented of exchange.presented) exchange.key ??= findKey(keys, await sha256(presented));
  if (exchange.key === undefined) return { refusal: refusals.noKey };
  if (request.headers.get('upgrade')?.toLowerCase() === 'websocket') return { refusal: refusals.noUpgrade };
  if (env.UPSTREAM === undefined || !URL.canParse(env.UPSTREAM)) return unready('UPSTREAM of this Worker is not set to a URL');
  const body = request.body === null ? undefined : await readBody(request);
  if (body === 'too large') return { refusal: refusals.tooLarge };
  exchange.bytesIn = body?.length ?? 0;
  if (request.method === 'POST') exchange.rpc = readRpc(new TextDecoder().decode(body));
  if (await isTooMuch(exchange, env)) return { refusal: refusals.tooMany, retryAfter: env.RATE_LIMIT_PERIOD ?? '60' };
  return { body };
}

async function readBody(request: Request): Promise<Uint8Array<ArrayBuffer> | 'too large'> {
  if (Number(request.headers.get('content-length') ?? 0) > longestBody) return 'too large';
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > longestBody) return 'too large';
    chunks.push(chunk);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** Each request of a batch counts. */
async function isTooMuch({ key, rpc }: Exchange, { LIMITER: limiter }: Env): Promise<boolean> {
  if (limiter === undefined || key === undefined) return false;
  for (let at = 0; at < Math.min(rpc.cost, 100); at += 1) {
    if (!(await limiter.limit({ key: key.hex })).success) return true;
  }
  return false;
}

async function askUpstream({ request }: Exchange, env: Env, body: Uint8Array<ArrayBuffer> | undefined): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const url = `${new URL(env.UPSTREAM ?? '').origin}${pathname}${search}`;
  const headers = new Headers();
  const declared = declaredInConnection(request.headers.get('connection') ?? '');
  for (const [name, value] of request.headers) {
    const passed = name === 'cookie' ? withoutAccessCookies(value) : value;
    if (isForUpstream(name) && !declared.includes(name) && passed !== '') headers.set(name, passed);
  }
  if (env.CF_ACCESS_CLIENT_ID !== undefined) headers.set('CF-Access-Client-Id', env.CF_ACCESS_CLIENT_ID);
  if (env.CF_ACCESS_CLIENT_SECRET !== undefined) headers.set('CF-Access-Client-Secret', env.CF_ACCESS_CLIENT_SECRET);
  const sent = body === undefined ? {} : { body };
  return await fetch(url, { method: request.method, headers, redirect: 'manual', signal: request.signal, ...sent });
}

function refuse(exchange: Exchange, env: Env, { refusal, retryAfter }: Refused): Response {
  const body = refusalBody(refusal);
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  audit(exchange, env, { status: refusal.status, bytesOut: body.length, reason: refusal.type });
  return new Response(body, {
    status: refusal.status,
    headers: retryAfter === undefined ? headers : { ...headers, 'Retry-After': retryAfter },
  });
}

type Relayed = { readonly env: Env; readonly context: Context; readonly answer: Response };

/** The upstream's answer as it comes. Its audit line is written when it ends. */
function relay(exchange: Exchange, { env, context, answer }: Relayed): Response {
  const { status, statusText } = answer;
  const headers = headersForCaller(answer.headers, new URL(env.UPSTREAM ?? '').origin);
  if (answer.body === null) {
    audit(exchange, env, { status, bytesOut: 0 });
    return new Response(null, { status, statusText, headers });
  }
  const isStream = isEventStream(headers.get('content-type')) && !headers.has('content-length');
  const events = isStream ? eventStream({ rewriteEndpoint: exchange.request.method === 'GET' }) : undefined;
  const { readable, done } = passedOn(answer.body, events);
  context.waitUntil(done.then(({ bytesOut, reason }) => audit(exchange, env, { status, bytesOut, reason })));
  return new Response(readable, { status, statusText, headers });
}

function headersForCaller(from: Headers, upstreamOrigin: string): Headers {
  const headers = new Headers();
  const declared = declaredInConnection(from.get('connection') ?? '');
  for (const [name, value] of from) {
    if (isForCaller(name) && !declared.includes(name)) {
      headers.append(name, name === 'location' ? locationForCaller(value, upstreamOrigin) : value);
    }
  }
  if (isEventStream(from.get('content-type'))) {
    for (const [name, value] of streamingHeaders(from.get('cache-control') ?? undefined)) headers.set(name, value);
  }
  return headers;
}

function audit(
  exchange: Exchange,
  env: Env,
  outcome: Pick<AuditEntry, 'status' | 'bytesOut'> & { readonly reason?: string | undefined },
): void {
  const { request, path, started, key, rpc, bytesIn, presented } = exchange;
  const line = auditLine({
    time: new Date(started),
    key,
    httpMethod: request.method,
    path,
    rpc,
    durationMs: Date.now() - started,
    bytesIn,
    ray: request.headers.get('cf-ray') ?? undefined,
    client: request.headers.get('cf-connecting-ip') ?? undefined,
    reason: undefined,
    secrets: env.AUDIT_ARGUMENTS === 'true' ? presented : undefined,
    ...outcome,
  });
  // oxlint-disable-next-line no-console -- where Workers log
  console.log(line.trimEnd());
}
