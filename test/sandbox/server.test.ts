import Cloudflare from 'cloudflare';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openAccount, type SandboxAccount } from '../../src/sandbox/account.ts';
import { type Served, serveAccount } from '../../src/sandbox/server.ts';
import { headers } from './api.ts';

const serving: Served[] = [];
afterEach(async () => {
  await Promise.all(serving.splice(0).map((each) => each.close()));
});

const serve = async (account: SandboxAccount): Promise<Served> => {
  const served = await serveAccount(account);
  serving.push(served);
  return served;
};

describe('the account over HTTP', () => {
  it('serves the official client', async () => {
    const account = openAccount();
    const { url } = await serve(account);
    const client = new Cloudflare({ apiToken: 'x', baseURL: url });
    const account_id = account.accountId;
    const made = await client.zeroTrust.access.aiControls.mcp.servers.create({
      account_id,
      id: 'a',
      name: 'A',
      hostname: 'https://a.example.com/mcp',
      auth_type: 'unauthenticated',
    });
    expect(made.status).toBe('waiting');
    const page = await client.zeroTrust.access.aiControls.mcp.servers.list({ account_id });
    expect(page.result.map((each) => each.id)).toEqual(['a']);
    const zones = await client.zones.list({ name: 'example.com', account: { id: account_id } });
    expect(zones.result).toHaveLength(1);
  });

  it('answers without the base path, and refuses who brings no credentials', async () => {
    const { url } = await serve(openAccount());
    expect((await fetch(url.replace('/client/v4', '/zones'), { headers })).status).toBe(200);
    const refused = await fetch(`${url}/zones`);
    expect(refused.status).toBe(400);
    expect(refused.headers.get('cf-ray')).toMatch(/-FRA$/);
  });

  it('breaks the connection where a fault says so', async () => {
    const account = openAccount();
    const { url } = await serve(account);
    account.faults.fail({ what: 'reset' });
    await expect(fetch(`${url}/zones`, { headers })).rejects.toThrow('fetch failed');
    account.faults.fail({ what: 'truncated' });
    const half = await fetch(`${url}/zones`, { headers });
    await expect(half.text()).rejects.toThrow('terminated');
    expect((await fetch(`${url}/zones`, { headers })).status).toBe(200);
  });

  it('can be closed while a request hangs', async () => {
    const account = openAccount();
    const served = await serveAccount(account);
    account.faults.fail({ what: 'hang' });
    const answer = fetch(`${served.url}/zones`, { headers }).catch((error: Error) => error.message);
    await vi.waitUntil(() => account.requests.length > 0);
    await served.close();
    expect(await answer).toBe('fetch failed');
  });

  it('says when the port is taken', async () => {
    const { port } = await serve(openAccount());
    await expect(serveAccount(openAccount(), { port })).rejects.toThrow(`cannot listen on 127.0.0.1:${port}`);
  });
});
