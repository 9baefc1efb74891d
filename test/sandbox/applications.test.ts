import { describe, expect, it } from 'vitest';
import { type Api, apps, groups, inTurn, newApi, policies, policy } from './api.ts';

const mcp = (more: object = {}): object => ({
  type: 'mcp',
  name: 'GitHub',
  destinations: [{ type: 'via_mcp_server_portal', mcp_server_id: 'github' }],
  ...more,
});
const portalApp = (more: object = {}): object => ({ type: 'mcp_portal', name: 'P', domain: 'mcp.example.com', ...more });

const newPolicy = async (api: Api, name: string): Promise<string> => (await api.post(policies, policy(name))).result.id;

describe('Access applications', () => {
  it('fills in its defaults', async () => {
    const made = await newApi().post(apps, mcp());
    expect(made.status).toBe(201);
    expect(made.result).toMatchObject({
      allowed_idps: [],
      tags: [],
      policies: [],
      session_duration: '24h',
      http_only_cookie_attribute: true,
      app_launcher_visible: true,
      auto_redirect_to_identity: false,
      enable_binding_cookie: false,
      options_preflight_bypass: false,
      domain: null,
    });
    expect(made.result.aud).toMatch(/^[0-9a-f]{64}$/);
    expect(made.result.uid).toBe(made.result.id);
  });

  it('replaces every member on PUT, but leaves policies that are not sent', async () => {
    const api = newApi();
    const id = await newPolicy(api, 'Staff');
    const made = await api.post(apps, portalApp({ logo_url: 'https://x/y.png', session_duration: '1h', policies: [id] }));
    const changed = await api.put(`${apps}/${made.result.id}`, portalApp());
    expect(changed.result).not.toHaveProperty('logo_url');
    expect(changed.result).toMatchObject({ session_duration: '24h', aud: made.result.aud, policies: [{ id }] });
    expect((await api.put(`${apps}/${made.result.id}`, portalApp({ policies: [] }))).result.policies).toEqual([]);
  });

  it('spells reusable policies out, by precedence', async () => {
    const api = newApi();
    const [first, second] = [await newPolicy(api, 'First'), await newPolicy(api, 'Second')];
    const made = await api.post(
      apps,
      portalApp({
        policies: [
          { id: second, precedence: 2 },
          { id: first, precedence: 1 },
        ],
      }),
    );
    expect(made.result.policies).toMatchObject([
      { id: first, name: 'First', decision: 'allow', include: [{ everyone: {} }], precedence: 1, reusable: true },
      { id: second, name: 'Second', precedence: 2 },
    ]);
    const byOrder = await api.post(apps, mcp({ policies: [second, first] }));
    expect(byOrder.result.policies.map((each: { id: string }) => each.id)).toEqual([second, first]);
  });

  it('keeps inline policies for the application alone, and collects them with it', async () => {
    const api = newApi();
    const made = await api.post(apps, portalApp({ policies: [policy('Inline')] }));
    const inline = made.result.policies[0];
    expect(inline).toMatchObject({ name: 'Inline', reusable: false, precedence: 1 });
    expect((await api.get(policies)).result).toEqual([]);
    expect((await api.get(`${policies}/${inline.id}`)).status).toBe(404);
    const unchanged = await api.put(`${apps}/${made.result.id}`, portalApp());
    expect(unchanged.result.policies).toMatchObject([{ id: inline.id }]);
    await api.put(`${apps}/${made.result.id}`, portalApp({ policies: [] }));
    expect(api.account.state.policies).toEqual([]);
  });

  it('refuses shared and inline policies in one application', async () => {
    const api = newApi();
    const id = await newPolicy(api, 'Staff');
    expect((await api.post(apps, portalApp({ policies: [id, policy('Inline')] }))).status).toBe(400);
  });

  it.each(['enable_binding_cookie', 'options_preflight_bypass'])('refuses %s for mcp, though it shows it', async (member) => {
    const api = newApi();
    expect((await api.post(apps, mcp({ [member]: false }))).status).toBe(400);
    expect((await api.post(apps, mcp())).result[member]).toBe(false);
    expect((await api.post(apps, portalApp({ [member]: false }))).status).toBe(201);
  });

  it('refuses a destination through a portal for the portal itself, with code 12130', async () => {
    const destinations = [{ type: 'via_mcp_server_portal', mcp_server_id: 'github' }];
    expect(await newApi().post(apps, portalApp({ destinations }))).toMatchObject({ status: 400, errors: [{ code: 12130 }] });
  });

  it.each([
    ['domain', { domain: 'a.example.com' }],
    ['destinations', { destinations: [{ type: 'public', uri: 'a.example.com' }] }],
    ['self_hosted_domains', { self_hosted_domains: ['a.example.com'] }],
  ])('derives the two others from %s', async (_member, given) => {
    expect((await newApi().post(apps, { type: 'self_hosted', name: 'A', ...given })).result).toMatchObject({
      domain: 'a.example.com',
      self_hosted_domains: ['a.example.com'],
      destinations: [{ type: 'public', uri: 'a.example.com' }],
    });
  });

  it.each([
    ['no domain', { type: 'self_hosted', name: 'A' }],
    ['an unknown type', { type: 'portal', name: 'A' }],
    ['a tag that does not exist', mcp({ tags: ['nope'] })],
    ['days as duration', mcp({ session_duration: '1d' })],
    ['a redirect to one of several logins', mcp({ auto_redirect_to_identity: true, allowed_idps: ['a', 'b'] })],
    ['the same precedence twice', mcp({ policies: [policy('A', { precedence: 1 }), policy('B', { precedence: 1 })] })],
  ])('refuses %s', async (_what, body) => {
    expect((await newApi().post(apps, body)).status).toBe(400);
  });

  it('gives tags back in alphabetical order', async () => {
    const api = newApi();
    await inTurn(['b', 'a'], (name) => api.post('~/access/tags', { name }));
    expect((await api.post(apps, mcp({ tags: ['b', 'a'] }))).result.tags).toEqual(['a', 'b']);
    expect((await api.get('~/access/tags')).result).toMatchObject([{ name: 'b', app_count: 1 }, { name: 'a' }]);
  });

  it('expands the OAuth settings as soon as there are any', async () => {
    const api = newApi();
    const made = await api.post(apps, mcp({ oauth_configuration: { grant: { session_duration: '168h' } } }));
    expect(made.result.oauth_configuration).toEqual({
      enabled: true,
      dynamic_client_registration: {
        enabled: true,
        allow_any_on_localhost: true,
        allow_any_on_loopback: true,
        allowed_uris: [],
      },
      grant: { access_token_lifetime: '15m', session_duration: '168h' },
    });
    expect((await api.post(apps, mcp())).result).not.toHaveProperty('oauth_configuration');
  });

  it('names the policy that it does not find, and fails on a group in its place', async () => {
    const api = newApi();
    const unknown = await api.post(apps, mcp({ policies: ['7d6b2b5e-1d5f-4f0e-9c0b-3b1f0d9e8a77'] }));
    expect(unknown.status).toBe(400);
    expect(unknown.errors[0]?.message).toContain('policy 7d6b2b5e-1d5f-4f0e-9c0b-3b1f0d9e8a77 not found');
    const group = (await api.post(groups, { name: 'G', include: [{ everyone: {} }] })).result.id;
    expect((await api.post(apps, mcp({ policies: [group] }))).status).toBe(500);
  });

  it('gives a new aud to an application that is made again', async () => {
    const api = newApi();
    const first = await api.post(apps, portalApp());
    expect((await api.delete(`${apps}/${first.result.id}`)).result).toEqual({ id: first.result.id });
    expect((await api.get(`${apps}/${first.result.id}`)).status).toBe(404);
    expect((await api.post(apps, portalApp())).result.aud).not.toBe(first.result.aud);
  });

  it('filters by domain and name', async () => {
    const api = newApi();
    await api.post(apps, mcp());
    await api.post(apps, portalApp());
    expect((await api.get(`${apps}?domain=mcp.example.com&exact=true`)).result).toMatchObject([{ type: 'mcp_portal' }]);
    expect((await api.get(`${apps}?name=git`)).result).toMatchObject([{ type: 'mcp' }]);
    expect((await api.get(`${apps}?name=git&exact=true`)).result).toEqual([]);
  });
});
