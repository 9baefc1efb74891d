import { setupServer } from 'msw/node';
import { describe, expect, it } from 'vitest';
import { openAccount } from '../../src/sandbox/account.ts';
import { headers, inTurn, newApi, policies, policy, server, servers } from './api.ts';

describe('the simulated account', () => {
  it('keeps an older state file usable and adds the zones that are asked for', () => {
    const { state } = openAccount({ zones: ['example.org'] });
    const again = openAccount({ state, zones: ['example.org', 'example.net'] });
    expect(again.state.zones.map((zone) => zone.name)).toEqual(['example.org', 'example.net']);
    again.addZone('example.net');
    expect(again.state.zones).toHaveLength(2);
  });

  it('answers at any origin, with the base path or without', async () => {
    const account = openAccount();
    await inTurn(['https://api.cloudflare.com/client/v4/zones', 'http://127.0.0.1:8787/zones'], async (url) => {
      const response = await account.fetch(new Request(url, { headers }));
      expect(response.status).toBe(200);
      expect(response.headers.get('cf-ray')).toMatch(/^[0-9a-f]{16}-[A-Z]{3}$/);
    });
  });

  it('serves the tests of others through msw', async () => {
    const account = openAccount();
    const msw = setupServer(...account.handlers);
    msw.listen({ onUnhandledRequest: 'error' });
    try {
      const response = await fetch('https://api.cloudflare.com/client/v4/accounts', { headers });
      expect(await response.json()).toMatchObject({ success: true, result: [{ id: account.accountId }] });
      account.faults.fail({ what: 'reset' });
      await expect(fetch('https://api.cloudflare.com/client/v4/accounts', { headers })).rejects.toThrow(TypeError);
    } finally {
      msw.close();
    }
  });

  it.each([
    ['no credentials', {}, { status: 400, code: 9106 }],
    ['an empty token', { authorization: 'Bearer ' }, { status: 401, code: 10000 }],
    ['another scheme', { authorization: 'Basic eDp5' }, { status: 400, code: 6003 }],
    ['a key without its address', { 'x-auth-key': 'k' }, { status: 400, code: 9106 }],
  ])('refuses %s', async (_what, given, { status, code }) => {
    const response = await openAccount().fetch(new Request('https://api.cloudflare.com/client/v4/zones', { headers: given }));
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ success: false, result: null, errors: [{ code }] });
  });

  it('accepts a key with its address', async () => {
    const given = { 'x-auth-key': 'k', 'x-auth-email': 'me@example.com' };
    const response = await openAccount().fetch(new Request('https://api.cloudflare.com/client/v4/accounts', { headers: given }));
    expect(response.status).toBe(200);
  });

  it('knows the tokens of users and those of accounts, each at its own endpoint', async () => {
    const account = openAccount();
    const verify = async (path: string, token: string): Promise<unknown> => {
      const url = `https://api.cloudflare.com/client/v4${path}/tokens/verify`;
      const response = await account.fetch(new Request(url, { headers: { authorization: `Bearer ${token}` } }));
      const { result, errors } = JSON.parse(await response.text());
      return result?.status ?? errors[0].code;
    };
    expect(await verify('/user', 'mine')).toBe('active');
    expect(await verify('/user', 'cfat_ours')).toBe(1000);
    expect(await verify(`/accounts/${account.accountId}`, 'cfat_ours')).toBe('active');
  });

  it('gives the last page of accounts again and again', async () => {
    const api = newApi();
    expect((await api.get('/accounts?page=9')).result).toHaveLength(1);
  });

  it('has an organisation, a login and no other account', async () => {
    const api = newApi();
    expect((await api.get('~/access/organizations')).result.auth_domain).toBe('sandbox.cloudflareaccess.com');
    expect((await api.get('~/access/identity_providers')).result).toMatchObject([{ type: 'onetimepin' }]);
    expect(await api.get(`/accounts/${'0'.repeat(32)}/access/apps`)).toMatchObject({ status: 403, errors: [{ code: 9109 }] });
    expect(await api.get('/accounts/nope/access/apps')).toMatchObject({ status: 404, errors: [{ code: 7003 }] });
  });

  it('answers unknown paths, wrong methods and bodies that are no JSON object', async () => {
    const api = newApi();
    expect(await api.get('~/access/nothing')).toMatchObject({ status: 404, errors: [{ code: 7003 }] });
    expect((await api.patch(`${servers}/a`, {})).status).toBe(404);
    expect((await api.post(servers, [])).errors[0]?.message).toBe('Expected object, received array');
    const broken = new Request(`https://x/accounts/${api.account.accountId}/access/policies`, {
      method: 'POST',
      headers,
      body: '{',
    });
    expect((await api.account.fetch(broken)).status).toBe(400);
  });

  it('logs each request with its status', async () => {
    const api = newApi();
    await api.get(`${servers}?per_page=5`);
    await api.post(servers, {});
    const path = `/accounts/${api.account.accountId}/access/ai-controls/mcp/servers`;
    expect(api.account.requests).toEqual([
      { method: 'GET', path, query: 'per_page=5', status: 200 },
      { method: 'POST', path, query: '', status: 400 },
    ]);
  });

  it('tells of each write that succeeded, and of nothing else', async () => {
    let writes = 0;
    const api = newApi({ onWrite: async () => void (writes += 1) });
    await api.post(servers, server('a'));
    await api.post(servers, server('a'));
    await api.get(servers);
    await api.post(policies, policy('P'));
    expect(writes).toBe(2);
  });

  it('fails a write whose state cannot be kept', async () => {
    const api = newApi({ onWrite: async () => Promise.reject(new Error('disk full')) });
    expect(await api.post(servers, server('a'))).toMatchObject({ status: 500, errors: [{ message: 'disk full' }] });
  });

  it('goes on from a state that was kept as JSON', async () => {
    const first = newApi();
    await first.post(servers, server('a'));
    const again = newApi({ state: JSON.parse(JSON.stringify(first.account.state)) });
    expect((await again.get(`${servers}/a`)).result.name).toBe('A');
  });
});
