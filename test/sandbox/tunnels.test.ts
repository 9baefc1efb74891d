import { describe, expect, it } from 'vitest';
import { inTurn, newApi, type Api } from './api.ts';

const tunnels = '~/cfd_tunnel';
const made = async (api: Api, name = 'home', more: object = {}) =>
  (await api.post(tunnels, { name, config_src: 'cloudflare', ...more })).result;
const rule = { hostname: 'a.example.com', service: 'http://server:8000' };
const catchAll = { service: 'http_status:404' };

/** One connector with two connections. */
function connect(api: Api): void {
  const { state } = api.account;
  const connections = ['x', 'y'].map((id) => ({ id, client_id: 'c', colo_name: 'fra01', is_pending_reconnect: false }));
  state.tunnels = state.tunnels.map((tunnel) => ({ ...tunnel, connections }));
}

describe('tunnels', () => {
  it('show their credentials when they are made, and a token at any time', async () => {
    const api = newApi();
    const { id, token, credentials_file: file, ...rest } = await made(api);
    expect(rest).toMatchObject({ name: 'home', status: 'inactive', remote_config: true, deleted_at: null, connections: [] });
    expect(file).toMatchObject({ AccountTag: api.account.accountId, TunnelID: id, TunnelName: 'home' });
    expect(JSON.parse(Buffer.from(token, 'base64').toString())).toEqual({
      a: api.account.accountId,
      t: id,
      s: file.TunnelSecret,
    });
    expect((await api.get(`${tunnels}/${id}/token`)).result).toBe(token);
    expect(JSON.stringify((await api.get(`${tunnels}/${id}`)).result)).not.toContain(file.TunnelSecret);
  });

  it('are managed locally unless they are made otherwise', async () => {
    const api = newApi();
    const { id } = (await api.post(tunnels, { name: 'old' })).result;
    expect((await api.get(`${tunnels}/${id}`)).result).toMatchObject({ config_src: 'local', remote_config: false });
    expect((await api.get(`${tunnels}/${id}/configurations`)).result).toMatchObject({
      source: 'local',
      config: null,
      version: 0,
    });
  });

  it('have names of their own, which a deleted one gives up', async () => {
    const api = newApi();
    const { id } = await made(api);
    expect(await api.post(tunnels, { name: 'home' })).toMatchObject({ status: 409, errors: [{ code: 1013 }] });
    const other = await made(api, 'other');
    expect(await api.patch(`${tunnels}/${other.id}`, { name: 'home' })).toMatchObject({ status: 409 });
    await api.delete(`${tunnels}/${id}`);
    expect((await api.patch(`${tunnels}/${other.id}`, { name: 'home' })).result.name).toBe('home');
  });

  it('stay when they are deleted, and are listed unless the others are asked for', async () => {
    const api = newApi();
    const { id } = await made(api);
    expect((await api.delete(`${tunnels}/${id}`)).result.deleted_at).toEqual(expect.any(String));
    const names = async (query: string) =>
      (await api.get(`${tunnels}${query}`)).result.map((each: { name: string }) => each.name);
    expect([await names(''), await names('?is_deleted=false'), await names('?is_deleted=true')]).toEqual([
      ['home'],
      [],
      ['home'],
    ]);
    expect((await api.get(`${tunnels}/${id}`)).result.deleted_at).toEqual(expect.any(String));
    expect(await api.get(`${tunnels}/${id}/configurations`)).toMatchObject({ status: 404, errors: [{ code: 1003 }] });
    expect(await api.delete(`${tunnels}/${id}`)).toMatchObject({ status: 404 });
  });

  it('are not deleted while connected', async () => {
    const api = newApi();
    const { id } = await made(api);
    connect(api);
    expect((await api.get(`${tunnels}/${id}`)).result.status).toBe('healthy');
    expect((await api.get(`${tunnels}/${id}/connections`)).result).toMatchObject([
      { id: 'c', conns: [{ id: 'x' }, { id: 'y' }] },
    ]);
    expect(await api.delete(`${tunnels}/${id}`)).toMatchObject({ status: 400, errors: [{ code: 1022 }] });
    await api.delete(`${tunnels}/${id}/connections?client_id=other`);
    expect((await api.delete(`${tunnels}/${id}`)).status).toBe(400);
    await api.delete(`${tunnels}/${id}/connections`);
    expect((await api.delete(`${tunnels}/${id}`)).status).toBe(200);
  });

  it('are filtered by name, id, status and prefix, in pages', async () => {
    const api = newApi();
    await inTurn(['web-a', 'web-b', 'db'], (name) => made(api, name));
    const [{ id }] = (await api.get(`${tunnels}?name=db`)).result;
    const count = async (query: string) => (await api.get(`${tunnels}?${query}`)).info.total_count;
    expect(await count(`uuid=${id}`)).toBe(1);
    expect(await count('status=healthy')).toBe(0);
    expect(await count('include_prefix=web')).toBe(2);
    expect(await count('exclude_prefix=web')).toBe(1);
    expect((await api.get(`${tunnels}?per_page=2&page=2`)).result).toHaveLength(1);
  });

  it.each([
    ['no name', {}],
    ['an unknown source', { name: 'x', config_src: 'file' }],
    ['a short secret', { name: 'x', tunnel_secret: 'c2hvcnQ=' }],
  ])('are refused with %s', async (_what, body) => {
    expect((await newApi().post(tunnels, body)).status).toBe(400);
  });
});

describe('the configuration of a tunnel', () => {
  it('is replaced whole, and each one has a version', async () => {
    const api = newApi();
    const { id } = await made(api);
    const path = `${tunnels}/${id}/configurations`;
    const put = async (config: object) => (await api.put(path, { config })).result;
    expect(await put({ ingress: [rule, catchAll], 'warp-routing': { enabled: true } })).toMatchObject({
      tunnel_id: id,
      version: 1,
      source: 'cloudflare',
      config: { 'warp-routing': { enabled: true } },
    });
    expect(await put({ ingress: [catchAll] })).toMatchObject({ version: 2, config: { 'warp-routing': { enabled: false } } });
    expect((await api.get(path)).result).toMatchObject({ version: 2, config: { ingress: [catchAll] } });
  });

  it.each([
    ['nothing', {}],
    ['no rule', { config: { ingress: [] } }],
    ['no rule for everything else', { config: { ingress: [rule] } }],
    ['a rule behind that', { config: { ingress: [catchAll, rule, catchAll] } }],
    ['a rule without a service', { config: { ingress: [{ hostname: 'a.example.com' }, catchAll] } }],
    ['a service with a path', { config: { ingress: [{ ...rule, service: 'http://server:8000/mcp' }, catchAll] } }],
  ])('is refused with %s', async (_what, body) => {
    const api = newApi();
    const { id } = await made(api);
    expect((await api.put(`${tunnels}/${id}/configurations`, body)).status).toBe(400);
    expect((await api.get(`${tunnels}/${id}/configurations`)).result.version).toBe(0);
  });
});
