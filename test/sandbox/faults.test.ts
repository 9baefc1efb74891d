import { describe, expect, it } from 'vitest';
import type { FailureKind } from '../../src/sandbox/failures.ts';
import { inTurn, newApi, policies, policy, requestTo, server, servers } from './api.ts';

const names = (rows: readonly { name: string }[]): string[] => rows.map((each) => each.name);

describe('the faults of the simulated account', () => {
  it('fail the n-th matching request, as often as told, then it works again', async () => {
    const api = newApi();
    api.account.faults.fail({ what: 'error-500', method: 'GET', path: '/zones', nth: 2, times: 2 });
    const statuses: number[] = [];
    await inTurn(['/accounts', '/zones', '/zones', '/accounts', '/zones', '/zones'], async (path) => {
      const { status } = await api.get(path);
      if (path === '/zones') statuses.push(status);
    });
    expect(statuses).toEqual([200, 500, 500, 200]);
  });

  it.each<[FailureKind, boolean]>([
    ['reset', false],
    ['lost', true],
  ])('break the connection: %s, work done: %s', async (what, done) => {
    const api = newApi();
    api.account.faults.fail({ what, method: 'POST' });
    await expect(api.post(policies, policy('P'))).rejects.toThrow('fetch failed');
    expect((await api.get(policies)).result).toHaveLength(done ? 1 : 0);
    expect(api.account.requests[0]?.status).toBe(0);
  });

  it('break off in the middle of an answer', async () => {
    const api = newApi();
    api.account.faults.fail({ what: 'truncated' });
    const response = await api.account.fetch(requestTo(api.account, ['POST', policies], policy('P')));
    expect(response.status).toBe(201);
    await expect(response.text()).rejects.toThrow('terminated');
    expect((await api.get(policies)).result).toHaveLength(1);
  });

  it.each<[FailureKind, number, string | null]>([
    ['html-502', 502, null],
    ['challenge', 403, 'challenge'],
  ])('answer a page instead of JSON: %s', async (what, status, mitigated) => {
    const api = newApi();
    api.account.faults.fail({ what });
    const response = await api.account.fetch(requestTo(api.account, ['POST', policies], policy('P')));
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(response.headers.get('cf-mitigated')).toBe(mitigated);
    expect((await api.get(policies)).result).toEqual([]);
  });

  it('hang until the caller gives up', async () => {
    const api = newApi();
    api.account.faults.fail({ what: 'hang' });
    const caller = new AbortController();
    const request = new Request('https://x/zones', { headers: { authorization: 'Bearer x' }, signal: caller.signal });
    const answer = api.account.fetch(request);
    caller.abort(new Error('gave up'));
    await expect(answer).rejects.toThrow('gave up');
  });

  it('forbid what the token has no permission for', async () => {
    const api = newApi();
    api.account.faults.fail({ what: 'forbidden', path: /mcp\/servers/, times: Number.POSITIVE_INFINITY });
    expect(await api.get(servers)).toMatchObject({ status: 403, errors: [{ code: 10000, message: 'Authentication error' }] });
    expect((await api.get(policies)).status).toBe(200);
    api.account.faults.clear();
    expect((await api.get(servers)).status).toBe(200);
  });

  it('limit the requests of a window and say when it ends', async () => {
    let now = Date.parse('2026-01-01T00:00:00Z');
    const api = newApi({ now: () => new Date(now), faults: { rateLimit: { requests: 2, windowMs: 300_000 } } });
    const first = await api.get('/zones');
    expect(first.headers.get('ratelimit')).toBe('"default";r=1;t=300');
    expect(first.headers.get('ratelimit-policy')).toBe('"default";q=2;w=300');
    await api.get('/zones');
    now += 100_000;
    const third = await api.get('/zones');
    expect(third.status).toBe(429);
    expect(third.headers.get('retry-after')).toBe('200');
    now += 200_000;
    expect((await api.get('/zones')).status).toBe(200);
  });

  it('throttle one request', async () => {
    const api = newApi();
    api.account.faults.fail({ what: 'rate-limited', retryAfter: 7 });
    const refused = await api.get('/zones');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7']);
  });

  it('let reads see an older state for a while', async () => {
    let now = 0;
    const api = newApi({ now: () => new Date(now), faults: { staleReadsMs: 1000 } });
    await api.post(policies, policy('First'));
    now += 600;
    await api.post(policies, policy('Second'));
    expect(names((await api.get(policies)).result)).toEqual([]);
    now += 600;
    expect(names((await api.get(policies)).result)).toEqual(['First']);
    now += 600;
    expect(names((await api.get(policies)).result)).toEqual(['First', 'Second']);
  });

  it('let a new policy be unknown to applications for a while', async () => {
    let now = 0;
    const api = newApi({ now: () => new Date(now), faults: { policyDelayMs: 1000 } });
    const { id } = (await api.post(policies, policy('P'))).result;
    const app = { type: 'mcp_portal', name: 'A', domain: 'mcp.example.com', policies: [id] };
    expect((await api.post('~/access/apps', app)).errors[0]?.message).toContain(`policy ${id} not found`);
    now += 1000;
    expect((await api.post('~/access/apps', app)).status).toBe(201);
  });

  it('delay every answer by the latency, and none when the caller has given up', async () => {
    const api = newApi({ latencyMs: 60_000 });
    const caller = new AbortController();
    const request = new Request('https://x/zones', { headers: { authorization: 'Bearer x' }, signal: caller.signal });
    const answer = api.account.fetch(request);
    caller.abort();
    await expect(answer).rejects.toThrow('abort');
    api.account.faults.latencyMs = 0;
    expect((await api.post(servers, server('a'))).status).toBe(201);
  });
});
