import { describe, expect, it } from 'vitest';
import { type Api, inTurn, newApi, portals, server, servers } from './api.ts';

const portal = (more: object = {}): object => ({ id: 'p', name: 'P', hostname: 'mcp.example.com', ...more });

const withServers = async (...wanted: readonly string[]): Promise<Api> => {
  const api = newApi();
  await inTurn(wanted, (id) => api.post(servers, server(id)));
  return api;
};

const ids = (result: { servers: { server_id: string }[] }): string[] => result.servers.map((each) => each.server_id);

describe('MCP portals', () => {
  it('fills in its defaults', async () => {
    const api = await withServers('a');
    const made = await api.post(portals, portal({ servers: [{ server_id: 'a' }] }));
    expect(made.status).toBe(201);
    expect(made.result).toMatchObject({ code_mode: 'opt_in', allow_code_mode: true, secure_web_gateway: false });
    expect(made.result.servers[0]).toMatchObject({
      id: 'a',
      server_id: 'a',
      on_behalf: true,
      default_disabled: false,
      hostname: 'https://a.example.com/mcp',
      status: 'waiting',
    });
  });

  it('shows servers in the order in which they were made, also in the list', async () => {
    const api = await withServers('b', 'a', 'c');
    await api.post(portals, portal({ servers: [{ server_id: 'c' }, { server_id: 'a' }, { server_id: 'b' }] }));
    expect(ids((await api.get(`${portals}/p`)).result)).toEqual(['b', 'a', 'c']);
    expect(ids((await api.get(portals)).result[0])).toEqual(['b', 'a', 'c']);
  });

  it('replaces every mapping when servers are sent, and none when they are not', async () => {
    const api = await withServers('a', 'b');
    await api.post(portals, portal({ servers: [{ server_id: 'a', on_behalf: false }, { server_id: 'b' }] }));
    const renamed = await api.put(`${portals}/p`, { name: 'New' });
    expect(renamed.result.servers).toHaveLength(2);
    expect(renamed.result.servers[0].on_behalf).toBe(false);
    const changed = await api.put(`${portals}/p`, { servers: [{ server_id: 'a' }] });
    expect(changed.result).toMatchObject({ name: 'New', servers: [{ server_id: 'a', on_behalf: true }] });
  });

  it('drops the overrides of a mapping that is sent without them', async () => {
    const api = await withServers('a');
    const updated_tools = [{ name: 't', alias: 'x' }];
    await api.post(portals, portal({ servers: [{ server_id: 'a', updated_tools }] }));
    const changed = await api.put(`${portals}/p`, { servers: [{ server_id: 'a' }] });
    expect(changed.result.servers[0].updated_tools).toBeNull();
  });

  it('gives overrides back under other names, and rows for the servers own', async () => {
    const api = newApi();
    await api.post(servers, server('a', { updated_tools: [{ name: 'theirs', alias: 's', enabled: false }] }));
    const updated_tools = [{ name: 'mine', alias: 'm', description: 'D' }];
    const made = await api.post(portals, portal({ servers: [{ server_id: 'a', updated_tools }] }));
    expect(made.result.servers[0].updated_tools).toEqual([
      {
        name: 'theirs',
        enabled: false,
        portal_alias: null,
        portal_description: null,
        server_alias: 's',
        server_description: null,
      },
      {
        name: 'mine',
        enabled: true,
        portal_alias: 'm',
        portal_description: 'D',
        server_alias: null,
        server_description: null,
      },
    ]);
  });

  it('refuses a hostname that another portal has', async () => {
    const api = newApi();
    await api.post(portals, portal());
    const second = await api.post(portals, portal({ id: 'q' }));
    expect(second.status).toBe(400);
    expect(second.errors[0]?.message).toBe('This hostname is already in use in a different MCP Portal');
    expect((await api.put(`${portals}/p`, { hostname: 'mcp.example.com' })).status).toBe(200);
  });

  it.each([
    ['a server that does not exist', { servers: [{ server_id: 'nope' }] }],
    ['a mapping by id', { servers: [{ id: 'a' }] }],
    ['a server twice', { servers: [{ server_id: 'a' }, { server_id: 'a' }] }],
    ['code modes that contradict each other', { code_mode: 'off', allow_code_mode: true }],
    ['an unknown code mode', { code_mode: 'sometimes' }],
    ['a URL as hostname', { hostname: 'https://mcp.example.com' }],
  ])('refuses %s', async (_what, more) => {
    const api = await withServers('a');
    expect((await api.post(portals, portal(more))).status).toBe(400);
    expect((await api.get(portals)).result).toEqual([]);
  });

  it('keeps the code mode that an update leaves out, and understands the old switch', async () => {
    const api = newApi();
    await api.post(portals, portal({ code_mode: 'enforced' }));
    expect((await api.put(`${portals}/p`, { name: 'New' })).result.code_mode).toBe('enforced');
    expect((await api.put(`${portals}/p`, { allow_code_mode: false })).result).toMatchObject({
      code_mode: 'off',
      allow_code_mode: false,
    });
    expect((await api.put(`${portals}/p`, { allow_code_mode: true })).result.code_mode).toBe('opt_in');
  });

  it('searches id, name and hostname', async () => {
    const api = newApi();
    await api.post(portals, portal());
    await api.post(portals, { id: 'q', name: 'Second', hostname: 'ai.example.com' });
    expect((await api.get(`${portals}?search=AI.exam`)).result).toMatchObject([{ id: 'q' }]);
  });

  it('answers the deleted portal, then 404', async () => {
    const api = newApi();
    await api.post(portals, portal());
    expect((await api.delete(`${portals}/p`)).result.id).toBe('p');
    expect((await api.delete(`${portals}/p`)).status).toBe(404);
    expect((await api.post(portals, portal())).status).toBe(201);
    expect((await api.post(portals, portal({ hostname: 'x.example.com' }))).status).toBe(409);
  });
});
