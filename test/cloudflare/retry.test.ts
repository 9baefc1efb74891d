import { describe, expect, it } from 'vitest';
import type { Failure } from '../../src/cloudflare/failure.ts';
import type { ApiRequest, Method } from '../../src/cloudflare/request.ts';
import { backoff, pauseAfter } from '../../src/cloudflare/retry.ts';
import { failure } from './server.ts';

const timeoutMs = 60_000;
const request = (method: Method, path = '/x'): ApiRequest => ({ method, path });
const repeats = (asked: ApiRequest, failed: Partial<Failure>, progress = { attempt: 1, waitedMs: 0 }): boolean =>
  pauseAfter(asked, failure(failed), { ...progress, timeoutMs }) !== undefined;
const status = (code: number): Partial<Failure> => ({ status: code });
const saying = (code: number, message: string): Partial<Failure> => ({ status: code, errors: [{ code: 1, message }] });

describe('a request is sent again', () => {
  it.each([
    { what: 'connection' },
    { what: 'timeout' },
    { what: 'unreadable', status: 200 },
    status(408),
    status(500),
    status(530),
  ] as const)('after %o when sending it twice does no harm', (failed) => {
    expect((['GET', 'PUT', 'DELETE', 'POST', 'PATCH'] as const).map((method) => repeats(request(method), failed))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it.each([status(400), status(401), status(403), status(404), status(409), status(422), { what: 'cancelled' } as const])(
    'not after %o',
    (failed) => {
      expect((['GET', 'PUT', 'DELETE', 'POST'] as const).some((method) => repeats(request(method), failed))).toBe(false);
    },
  );

  it.each([
    status(429),
    { ...status(403), mitigated: true },
    saying(403, 'Please wait: you are being rate limited'),
    { ...status(400), errors: [{ code: 971, message: '' }] },
  ])('after %o whatever it does, because it was not looked at', (failed) =>
    expect((['GET', 'POST', 'PATCH'] as const).every((method) => repeats(request(method), failed))).toBe(true),
  );

  it('when it never left, but not when the certificate is wrong', () => {
    expect(repeats(request('POST'), { what: 'connection', cause: 'ECONNREFUSED' })).toBe(true);
    expect(repeats(request('GET'), { what: 'connection', cause: 'SELF_SIGNED_CERT_IN_CHAIN' })).toBe(false);
  });

  it('at most twice', () => {
    expect(repeats(request('GET'), status(500), { attempt: 2, waitedMs: 0 })).toBe(true);
    expect(repeats(request('GET'), status(500), { attempt: 3, waitedMs: 0 })).toBe(false);
  });

  it('for 45 seconds while a policy settles', () => {
    const apps = '/accounts/a/access/apps';
    const settling: [ApiRequest, Partial<Failure>][] = [
      [request('DELETE', '/accounts/a/access/policies/p'), status(409)],
      [request('POST', apps), saying(400, 'policy 123 not found')],
      [request('PUT', `${apps}/1`), saying(400, 'Policy 123 not found')],
      [request('GET', apps), saying(400, 'could not load policies')],
    ];
    for (const [asked, failed] of settling) {
      expect(repeats(asked, failed, { attempt: 12, waitedMs: 40_000 })).toBe(true);
      expect(repeats(asked, failed, { attempt: 13, waitedMs: 44_000 })).toBe(false);
    }
    expect(repeats(request('PUT', `${apps}/1`), saying(400, 'domain not valid'))).toBe(false);
    expect(repeats(request('DELETE', `${apps}/1`), status(409))).toBe(false);
  });
});

describe('the pause', () => {
  it('grows from half a second to four', () => {
    for (const [attempt, most] of [
      [1, 500],
      [2, 1000],
      [3, 2000],
      [4, 4000],
      [9, 4000],
    ] as const) {
      expect(backoff(attempt)).toBeLessThanOrEqual(most);
      expect(backoff(attempt)).toBeGreaterThanOrEqual(most * 0.75);
    }
  });

  it('is what Cloudflare asks for when that fits into the time limit', () => {
    const asked = (retryAfterMs: number) =>
      pauseAfter(request('GET'), failure({ status: 429, retryAfterMs }), { attempt: 1, waitedMs: 0, timeoutMs });
    expect(asked(7000)).toBe(7000);
    expect(asked(300_000)).toBeUndefined();
  });
});
