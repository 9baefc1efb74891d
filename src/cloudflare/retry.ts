import { Cancelled } from '../lib/errors.ts';
import { neverSent, untrusted, type Failure } from './failure.ts';
import type { Rate } from './rate.ts';
import type { ApiRequest } from './request.ts';

export const maxAttempts = 3;
const settlingMs = 45_000;

/** What waiting needs. `timeoutMs` also bounds how long one `Retry-After` may be. */
export type Waits = {
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly rate: Rate;
};

/** How often a request was sent, and how long it has waited in all. */
export type Progress = { readonly attempt: number; readonly waitedMs: number };

/** Milliseconds to wait before the same request is sent again; undefined when it is not. */
export function pauseAfter(
  request: ApiRequest,
  failure: Failure,
  { attempt, waitedMs, timeoutMs }: Progress & { readonly timeoutMs: number },
): number | undefined {
  const usual = backoff(attempt);
  if (isSettling(request, failure)) return waitedMs + usual <= settlingMs ? usual : undefined;
  if (attempt >= maxAttempts || !mayRepeat(request, failure)) return undefined;
  const asked = failure.retryAfterMs ?? 0;
  return asked <= timeoutMs ? Math.max(asked, usual) : undefined;
}

function mayRepeat(request: ApiRequest, failure: Failure): boolean {
  if (isThrottled(failure)) return true;
  if (request.method === 'POST' || request.method === 'PATCH') return neverSent(failure);
  return isLost(failure);
}

/** No answer, or one that does not say whether the request was done. */
export function isLost(failure: Failure): boolean {
  if (failure.what === 'connection') return !untrusted(failure);
  if (failure.what === 'timeout' || failure.what === 'unreadable') return true;
  return failure.what === 'refused' && (failure.status === 408 || (failure.status ?? 0) >= 500);
}

/** Refused before it was looked at. Cloudflare throttles with 403 too: a challenge, or words that say so. */
function isThrottled(failure: Failure): boolean {
  if (failure.status === 429) return true;
  if (failure.errors.some(({ code }) => code === 971 || code === 6100)) return true;
  if (failure.status !== 403) return false;
  return failure.mitigated || failure.errors.some(({ message }) => /rate.?limit|throttl|too many requests/i.test(message));
}

/**
 * A policy that was just made or detached is not known everywhere at once: for some seconds it cannot
 * be deleted (409), applications that name it are refused (400), and so is their listing. A tunnel's
 * connectors count for a while after they have gone (1022).
 */
function isSettling({ method, path }: ApiRequest, { status, errors }: Failure): boolean {
  if (method === 'DELETE' && /\/cfd_tunnel\/[^/]+$/.test(path)) return errors.some(({ code }) => code === 1022);
  if (method === 'DELETE') return status === 409 && /\/access\/policies\/[^/]+$/.test(path);
  if (status !== 400 || !/\/access\/apps(\/[^/]+)?$/.test(path)) return false;
  const pattern = method === 'GET' ? /polic(y|ies)/i : /policy.*not found/i;
  return errors.some(({ message }) => pattern.test(message));
}

/** Half a second, doubled up to four, less up to a quarter so that requests do not come back in step. */
export const backoff = (attempt: number): number =>
  Math.round(Math.min(500 * 2 ** (attempt - 1), 4000) * (1 - Math.random() / 4));

/** Waits, and throws `Cancelled` when Ctrl-C ends the wait. After a 429 everybody waits. */
export async function pause(ms: number, failure: Failure, { sleep, signal, rate }: Waits): Promise<void> {
  const waiting = sleepUnless(ms, { sleep, signal });
  if (failure.status === 429) rate.holdWhile(waiting);
  await waiting;
}

async function sleepUnless(ms: number, { sleep, signal }: Pick<Waits, 'sleep' | 'signal'>): Promise<void> {
  try {
    if (!signal.aborted) await sleep(ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (signal.aborted) throw new Cancelled('Interrupted.');
}
