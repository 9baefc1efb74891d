import { describe, expect, it } from 'vitest';
import { inTurn, newApi, records } from './api.ts';

const cname = (more: object = {}): object => ({ type: 'CNAME', name: 'mcp', content: 'gateway.agents.cloudflare.com', ...more });

describe('DNS records', () => {
  it.each([
    ['mcp', 'mcp.example.com'],
    ['MCP.example.com', 'mcp.example.com'],
    ['@', 'example.com'],
    ['bücher', 'xn--bcher-kva.example.com'],
    ['_dmarc', '_dmarc.example.com'],
    ['mcp.other.org', 'mcp.other.org.example.com'],
  ])('keeps the name %s as %s', async (name, full) => {
    const api = newApi();
    expect((await api.post(records(api), cname({ name }))).result.name).toBe(full);
  });

  it('forces the automatic TTL on proxied records, and shows settings only there', async () => {
    const api = newApi();
    const proxied = (await api.post(records(api), cname({ ttl: 300, proxied: true }))).result;
    expect(proxied).toMatchObject({ ttl: 1, proxied: true, comment: null, tags: [] });
    expect(proxied.settings).toEqual({ flatten_cname: false, ipv4_only: false, ipv6_only: false });
    const plain = (await api.post(records(api), cname({ name: 'b', ttl: 300 }))).result;
    expect(plain.ttl).toBe(300);
    expect(plain).not.toHaveProperty('settings');
  });

  it('has one spelling for each content', async () => {
    const api = newApi();
    const target = await api.post(records(api), cname({ content: 'Gateway.Agents.Cloudflare.com.' }));
    expect(target.result.content).toBe('gateway.agents.cloudflare.com');
    const address = await api.post(records(api), { type: 'AAAA', name: 'v6', content: '2001:0DB8:0:0:0:0:0:1' });
    expect(address.result.content).toBe('2001:db8::1');
  });

  it('refuses records that cannot stand together, each with its code', async () => {
    const api = newApi();
    const post = async (body: object): Promise<number | undefined> => (await api.post(records(api), body)).errors[0]?.code;
    expect(await post(cname())).toBeUndefined();
    expect(await post(cname())).toBe(81053);
    expect(await post({ type: 'A', name: 'mcp', content: '1.1.1.1' })).toBe(81054);
    expect(await post({ type: 'A', name: 'a', content: '1.1.1.1' })).toBeUndefined();
    expect(await post({ type: 'A', name: 'a', content: '1.1.1.1' })).toBe(81058);
    expect(await post({ type: 'A', name: 'a', content: '1.1.1.2' })).toBeUndefined();
    expect(await post(cname({ name: 'a' }))).toBe(81053);
    expect(await post({ type: 'TXT', name: 't', content: 'x' })).toBeUndefined();
    expect(await post({ type: 'TXT', name: 't', content: 'x' })).toBe(81057);
  });

  it.each([
    ['an A record without an address', { type: 'A', name: 'a', content: 'x' }],
    ['an AAAA record without an address', { type: 'AAAA', name: 'a', content: '1.1.1.1' }],
    ['a TTL that is too short', cname({ ttl: 30 })],
    ['a proxied TXT record', { type: 'TXT', name: 't', content: 'x', proxied: true }],
    ['no content', { type: 'CNAME', name: 'a' }],
  ])('refuses %s', async (_what, body) => {
    const api = newApi();
    expect((await api.post(records(api), body)).status).toBe(400);
  });

  it('clears a comment on PUT and keeps it on PATCH', async () => {
    const api = newApi();
    const { id } = (await api.post(records(api), cname({ comment: 'ours' }))).result;
    const patched = await api.patch(`${records(api)}/${id}`, { content: 'other.example.net' });
    expect(patched.result).toMatchObject({ comment: 'ours', content: 'other.example.net' });
    expect((await api.put(`${records(api)}/${id}`, cname())).result.comment).toBeNull();
  });

  it('filters by name, type and content', async () => {
    const api = newApi();
    await api.post(records(api), cname({ comment: 'ours' }));
    await api.post(records(api), { type: 'TXT', name: 'mcp', content: 'x' });
    await api.post(records(api), { type: 'A', name: 'other', content: '1.1.1.1' });
    const types = async (query: string): Promise<string[]> =>
      (await api.get(`${records(api)}?${query}`)).result.map((each: { type: string }) => each.type);
    expect(await types('name=mcp.example.com')).toEqual(['CNAME', 'TXT']);
    expect(await types('name.exact=mcp.example.com&type=TXT')).toEqual(['TXT']);
    expect(await types('content=1.1.1.1')).toEqual(['A']);
    expect(await types('name.contains=the')).toEqual(['A']);
    expect(await types('comment.startswith=our')).toEqual(['CNAME']);
    expect(await types('match=any&type=A&content=x')).toEqual(['TXT', 'A']);
  });

  it('pages by zone, with the total', async () => {
    const api = newApi({ zones: ['example.com', 'example.org'] });
    await inTurn(['a', 'b', 'c'], (name) => api.post(records(api), cname({ name })));
    const page = await api.get(`${records(api)}?per_page=2&page=2`);
    expect(page.result).toMatchObject([{ name: 'c.example.com' }]);
    expect(page.info).toMatchObject({ total_count: 3, total_pages: 2, count: 1 });
    expect((await api.get(`/zones/${api.account.state.zones[1]?.id}/dns_records`)).result).toEqual([]);
  });

  it('deletes once, then answers 81044', async () => {
    const api = newApi();
    const { id } = (await api.post(records(api), cname())).result;
    expect((await api.delete(`${records(api)}/${id}`)).result).toEqual({ id });
    expect(await api.delete(`${records(api)}/${id}`)).toMatchObject({ status: 404, errors: [{ code: 81044 }] });
  });
});

describe('a batch of DNS records', () => {
  it('deletes before it posts, so that a record can change its type', async () => {
    const api = newApi();
    const { id } = (await api.post(records(api), { type: 'A', name: 'mcp', content: '1.1.1.1' })).result;
    const done = await api.post(`${records(api)}/batch`, { posts: [cname()], deletes: [{ id }] });
    expect(done.result).toMatchObject({ deletes: [{ id }], posts: [{ type: 'CNAME' }], puts: [], patches: [] });
    expect((await api.get(records(api))).result).toMatchObject([{ type: 'CNAME' }]);
  });

  it('changes nothing when one of them is refused', async () => {
    const api = newApi();
    const { id } = (await api.post(records(api), { type: 'A', name: 'mcp', content: '1.1.1.1' })).result;
    const refused = await api.post(`${records(api)}/batch`, { deletes: [{ id }], posts: [cname(), cname()] });
    expect(refused.errors[0]?.code).toBe(81053);
    expect((await api.get(records(api))).result).toMatchObject([{ id, type: 'A' }]);
  });
});

describe('zones', () => {
  it('are found by name and account', async () => {
    const api = newApi({ zones: ['example.com', 'example.org'] });
    const found = await api.get(`/zones?name=example.org&account.id=${api.account.accountId}`);
    expect(found.result).toMatchObject([{ name: 'example.org', status: 'active', account: { id: api.account.accountId } }]);
    expect((await api.get(`/zones?account.id=${'0'.repeat(32)}`)).result).toEqual([]);
    expect((await api.get('/zones?name=mcp.example.org')).result).toEqual([]);
  });

  it('can be added once', async () => {
    const api = newApi();
    const made = await api.post('/zones', { name: 'Example.NET', account: { id: api.account.accountId }, type: 'full' });
    expect(made.result).toMatchObject({ name: 'example.net', status: 'active' });
    expect(made.result.id).toMatch(/^[0-9a-f]{32}$/);
    expect((await api.post('/zones', { name: 'example.net' })).errors[0]?.code).toBe(1061);
    expect((await api.get(`/zones/${made.result.id}`)).result.name).toBe('example.net');
  });

  it('have the same id in every new account, and page by at most 50', async () => {
    const [one, other] = [newApi(), newApi()];
    expect(one.account.state.zones[0]?.id).toBe(other.account.state.zones[0]?.id);
    expect((await one.get('/zones?per_page=51')).status).toBe(400);
  });

  it('lead nowhere when they do not exist', async () => {
    expect(await newApi().get(`/zones/${'0'.repeat(32)}/dns_records`)).toMatchObject({ status: 404, errors: [{ code: 7003 }] });
  });
});
