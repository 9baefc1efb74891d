import { Refusal } from './refusal.ts';

/**
 * What can go wrong with one request. Before anything happens: `error-500`, `html-502`, `reset` (the
 * connection breaks), `hang` (no answer until the caller gives up), `forbidden` (a permission is
 * missing), `challenge` (a firewall page), `rate-limited`. After the work is done: `lost` (the
 * connection breaks instead of an answer), `truncated` (it breaks in the middle of the answer).
 */
export type FailureKind =
  | 'error-500'
  | 'html-502'
  | 'reset'
  | 'hang'
  | 'forbidden'
  | 'challenge'
  | 'rate-limited'
  | 'lost'
  | 'truncated';

/** Which requests fail: from the `nth` matching one (1 is the next), `times` in a row (default 1). */
export type Failure = {
  readonly what: FailureKind;
  readonly method?: string;
  /** A path without `/client/v4`: equal, or matched. */
  readonly path?: string | RegExp;
  readonly nth?: number;
  readonly times?: number;
  /** For `rate-limited`: the seconds of `Retry-After`. */
  readonly retryAfter?: number;
};

/** Too many requests. */
export class Throttled extends Refusal {
  readonly headers: Readonly<Record<string, string>>;

  constructor(seconds: number) {
    super(429, 971, 'Please wait and consider throttling your request speed');
    this.headers = { 'retry-after': String(seconds), ratelimit: `"default";r=0;t=${seconds}` };
  }
}

/** What the caller gets instead of the work being done; `undefined` when the work goes on. */
export const instead = async (failure: Failure, request: Request): Promise<Response | undefined> => {
  switch (failure.what) {
    case 'error-500':
      throw new Refusal(500, 10001, 'Internal server error');
    case 'forbidden':
      throw new Refusal(403, 10000, 'Authentication error');
    case 'rate-limited':
      throw new Throttled(failure.retryAfter ?? 1);
    case 'html-502':
      return html(502, 'Bad gateway');
    case 'challenge':
      return html(403, 'Just a moment...', { 'cf-mitigated': 'challenge' });
    case 'reset':
      return Response.error();
    case 'hang':
      return untilAborted(request.signal);
    case 'lost':
    case 'truncated':
      return undefined;
  }
};

/** What the caller gets of an answer once the work is done. */
export const afterwards = async (failure: Failure | undefined, response: Response): Promise<Response> => {
  if (failure?.what === 'lost') return Response.error();
  if (failure?.what !== 'truncated') return response;
  const text = await response.text();
  return new Response(broken(text.slice(0, Math.floor(text.length / 2))), {
    status: response.status,
    headers: { 'content-type': 'application/json' },
  });
};

const html = (status: number, title: string, headers: Record<string, string> = {}): Response =>
  new Response(`<!DOCTYPE html><html><head><title>${title}</title></head><body>${title}</body></html>`, {
    status,
    headers: { 'content-type': 'text/html; charset=UTF-8', ...headers },
  });

const broken = (text: string): ReadableStream<Uint8Array> => {
  let sent = false;
  return new ReadableStream({
    pull: (controller) => {
      if (sent) return controller.error(new TypeError('terminated'));
      sent = true;
      controller.enqueue(new TextEncoder().encode(text));
    },
  });
};

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
