import { createClient } from 'cloudflare/tree-shakable';
import type { BaseCloudflare, ClientOptions } from 'cloudflare/client';
import { parseEnvelope, type Envelope } from './envelope.ts';
import { failureOf, refusal, unreadable, type Failure } from './failure.ts';
import { withoutQuery } from './path.ts';
import type { Rate } from './rate.ts';
import { isForm, type ApiRequest } from './request.ts';

/** One request's line for `--debug`. Without an answer there is no status. */
export type RequestLine = {
  readonly method: string;
  readonly path: string;
  readonly status: number | undefined;
  readonly ms: number;
};

/** The outcome of one attempt. `envelope` is undefined where the answer has no body, as a 204. */
export type Answer =
  | { readonly ok: true; readonly status: number; readonly envelope: Envelope | undefined }
  | { readonly ok: false; readonly failure: Failure };

/** Sends a request once. */
export type Send = (request: ApiRequest, signal?: AbortSignal) => Promise<Answer>;

export type ConnectionOptions = {
  /** Exactly one kind of credentials; the other is `null`, or the SDK would take it from the environment. */
  readonly auth: Pick<ClientOptions, 'apiToken' | 'apiKey' | 'apiEmail'>;
  readonly baseUrl: string;
  readonly timeoutMs: number;
  readonly userAgent: string;
  readonly fetch: NonNullable<ClientOptions['fetch']>;
  readonly rate: Rate;
  readonly onRequest: ((line: RequestLine) => void) | undefined;
};

/**
 * The official SDK without its resource classes: it knows the credentials, the headers and the URLs.
 * Its own retries are off (they repeat POSTs), its log would go to standard output, and it would send
 * today's date as the API's version.
 */
export function connect(options: ConnectionOptions): Send {
  const client: BaseCloudflare = createClient({
    resources: [],
    ...options.auth,
    userServiceKey: null,
    baseURL: options.baseUrl,
    timeout: options.timeoutMs,
    maxRetries: 0,
    fetch: options.fetch,
    logLevel: 'off',
    apiVersion: '2026-11-01',
    defaultHeaders: { 'User-Agent': options.userAgent },
  });

  async function attempt(request: ApiRequest, signal?: AbortSignal): Promise<Answer> {
    try {
      const { method, path, query, body } = request;
      const response = await client.request({ method: verbs[method], path, query, signal, ...payload(body) }).asResponse();
      return judge(request, response, await response.text());
    } catch (error) {
      return { ok: false, failure: failureOf(error) };
    }
  }

  return (request, signal) =>
    options.rate.run(async () => {
      const start = performance.now();
      const answer = await attempt(request, signal);
      options.onRequest?.({
        method: request.method,
        path: withoutQuery(request.path),
        status: answer.ok ? answer.status : answer.failure.status,
        ms: Math.round(performance.now() - start),
      });
      return answer;
    });
}

const verbs = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const;

/** JSON as text with its type, which the SDK passes on as it is; a form gets its type from its boundary. */
function payload(body: unknown): { body?: unknown; headers?: Record<string, string | null> } {
  if (body === undefined) return {};
  if (isForm(body)) return { body, headers: { 'Content-Type': null } };
  return { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
}

/** Some endpoints answer 200 with nothing at all: enough for a change, not for a reading or a creation. */
function judge(request: ApiRequest, response: Response, text: string): Answer {
  const { status, headers } = response;
  const mayBeEmpty = status === 204 || !['GET', 'POST'].includes(request.method);
  if (text.trim() === '' && mayBeEmpty) return { ok: true, status, envelope: undefined };
  const envelope = parseEnvelope(text);
  if (envelope === undefined) return { ok: false, failure: unreadable({ status, headers }) };
  if (!envelope.success) return { ok: false, failure: refusal({ status, headers, envelope }) };
  return { ok: true, status, envelope };
}
