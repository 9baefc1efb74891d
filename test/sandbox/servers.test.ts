import { describe, expect, it } from 'vitest';
import { newApi, portals, server, servers } from './api.ts';

describe('MCP servers', () => {
  it('starts waiting, without tools, with the defaults filled in', async () => {
    const api = newApi();
    const made = await api.post(servers, server('a'));
    expect(made.status).toBe(201);
    expect(made.result).toMatchObject({
      id: 'a',
      status: 'waiting',
      tools: null,
      prompts: null,
      updated_tools: null,
      authentication_status: 'not_required',
      secure_web_gateway: false,
      is_shared_oauth_callback_enabled: false,
      last_synced: null,
    });
  });

  it('answers 200 to a new hostname or auth_type and keeps the old ones', async () => {
    const api = newApi();
    await api.post(servers, server('a'));
    const changed = await api.put(`${servers}/a`, { hostname: 'https://b.example.com/mcp', auth_type: 'oauth', name: 'New' });
    expect(changed.status).toBe(200);
    expect((await api.get(`${servers}/a`)).result).toMatchObject({
      name: 'New',
      hostname: 'https://a.example.com/mcp',
      auth_type: 'unauthenticated',
    });
  });

  it('keeps what an update leaves out', async () => {
    const api = newApi();
    await api.post(servers, server('a', { description: 'kept', updated_tools: [{ name: 't', alias: 'x' }] }));
    await api.put(`${servers}/a`, { name: 'New' });
    const { result } = await api.get(`${servers}/a`);
    expect(result).toMatchObject({ name: 'New', description: 'kept', updated_tools: [{ name: 't', alias: 'x' }] });
  });

  it('wants credentials as a string and never shows them', async () => {
    const api = newApi();
    const refused = await api.post(servers, server('a', { auth_type: 'bearer', auth_credentials: { headers: {} } }));
    expect(refused.status).toBe(400);
    expect(refused.errors[0]).toMatchObject({ code: 7001, message: expect.stringContaining('Expected string, received object') });
    const made = await api.post(servers, server('a', { auth_type: 'bearer', auth_credentials: 's3cret-value' }));
    expect(JSON.stringify(made.result)).not.toContain('s3cret-value');
    expect(JSON.stringify((await api.get(servers)).result)).not.toContain('s3cret-value');
  });

  it('refuses another auth_type than the three', async () => {
    expect((await newApi().post(servers, server('a', { auth_type: 'header' }))).errors[0]?.code).toBe(7001);
  });

  it('takes an id that is too long for invalid, also when reading', async () => {
    const api = newApi();
    const id = 'x'.repeat(33);
    expect((await api.post(servers, server(id))).status).toBe(400);
    expect(await api.get(`${servers}/${id}`)).toMatchObject({ status: 400, errors: [{ code: 7001 }] });
    expect((await api.get(`${servers}/unknown`)).status).toBe(404);
  });

  it('refuses a second server with the same id', async () => {
    const api = newApi();
    await api.post(servers, server('a'));
    expect((await api.post(servers, server('a'))).status).toBe(409);
  });

  it('gives overrides back in another order', async () => {
    const api = newApi();
    const made = await api.post(servers, server('a', { updated_tools: [{ name: 'one' }, { name: 'two', enabled: false }] }));
    expect(made.result.updated_tools).toEqual([{ name: 'two', enabled: false }, { name: 'one' }]);
  });

  it.each([
    ['a form that is not allowed', [{ name: 'one', alias: '-x' }]],
    ['an alias that is too long', [{ name: 'one', alias: 'x'.repeat(41) }]],
    [
      'the same alias twice',
      [
        { name: 'one', alias: 'x' },
        { name: 'two', alias: 'x' },
      ],
    ],
    ['an alias that is another tool', [{ name: 'one', alias: 'two' }, { name: 'two' }]],
    ['a row without a name', [{ alias: 'x' }]],
  ])('refuses overrides with %s', async (_what, updated_tools) => {
    expect((await newApi().post(servers, server('a', { updated_tools }))).status).toBe(400);
  });

  it('searches id and name', async () => {
    const api = newApi();
    await api.post(servers, server('github', { name: 'Code' }));
    await api.post(servers, server('linear', { name: 'Issues of GitHub' }));
    await api.post(servers, server('other'));
    expect((await api.get(`${servers}?search=github`)).result.map((each: { id: string }) => each.id)).toEqual([
      'github',
      'linear',
    ]);
  });

  it('answers the deleted object, then 404', async () => {
    const api = newApi();
    await api.post(servers, server('a'));
    expect(await api.delete(`${servers}/a`)).toMatchObject({ status: 200, result: { id: 'a' } });
    expect((await api.delete(`${servers}/a`)).status).toBe(404);
  });

  it('does not delete a server that a portal has', async () => {
    const api = newApi();
    await api.post(servers, server('a'));
    await api.post(portals, { id: 'p', name: 'P', hostname: 'mcp.example.com', servers: [{ server_id: 'a' }] });
    expect((await api.delete(`${servers}/a`)).status).toBe(409);
    await api.put(`${portals}/p`, { servers: [] });
    expect((await api.delete(`${servers}/a`)).status).toBe(200);
  });

  it('pages by at most 100 and refuses more', async () => {
    const api = newApi();
    await Promise.all(Array.from({ length: 101 }, (_each, index) => api.post(servers, server(`s${index}`))));
    expect((await api.get(`${servers}?per_page=101`)).status).toBe(400);
    const second = await api.get(`${servers}?per_page=100&page=2`);
    expect(second.result).toHaveLength(1);
    expect(second.info).toEqual({ page: 2, per_page: 100, count: 1, total_count: 101, total_pages: 2 });
    expect((await api.get(`${servers}?per_page=100&page=3`)).result).toEqual([]);
  });

  it('shows manual OAuth without its secret, and counts the rotations', async () => {
    const api = newApi();
    const manual = {
      auth_mode: 'manual',
      config: { authorization_endpoint: 'https://up.example/a', token_endpoint: 'https://up.example/t' },
      registration_info: { client_id: 'me', redirect_uris: ['https://mcp.example.com/servers-callback'] },
    };
    const body = server('a', { auth_type: 'oauth', auth_credentials: JSON.stringify(manual) });
    expect((await api.post(servers, body)).errors[0]?.message).toContain('client_secret');
    const made = await api.post(servers, { ...body, client_secret: 'hidden' });
    expect(made.result).toMatchObject({
      authentication_status: 'manual',
      auth_config_summary: { auth_mode: 'manual', has_client_secret: true, client_secret_version: 1, config: manual.config },
    });
    expect((await api.put(`${servers}/a`, { client_secret: 'other' })).result.auth_config_summary.client_secret_version).toBe(2);
    expect(JSON.stringify(made.result)).not.toContain('hidden');
    expect((await api.post(`${servers}/a/sync`)).result.status).toBe('waiting');
  });

  it('leaves other OAuth servers waiting for a person', async () => {
    const api = newApi();
    const made = await api.post(servers, server('a', { auth_type: 'oauth' }));
    expect(made.result).toMatchObject({ authentication_status: 'required', auth_config_summary: { auth_mode: 'dcr' } });
    await api.post(`${servers}/a/sync`);
    expect((await api.get(`${servers}/a`)).result).toMatchObject({ status: 'waiting', tools: null });
  });
});
