import { describe, expect, it } from 'vitest';
import { apps, groups, newApi, policies, policy, tokens } from './api.ts';

describe('Access policies', () => {
  it.each([
    ['1.1.1.1', '1.1.1.1/32'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['2001:0DB8:0:0::1', '2001:db8::1/128'],
    ['2001:DB8::/32', '2001:db8::/32'],
  ])('keeps the address %s as %s', async (ip, kept) => {
    const made = await newApi().post(policies, policy('P', { include: [{ ip: { ip } }] }));
    expect(made.result.include).toEqual([{ ip: { ip: kept } }]);
  });

  it('drops switches that are off and an empty session duration, and fills in the rule lists', async () => {
    const off = { approval_required: false, isolation_required: false, session_duration: '' };
    const { status, result } = await newApi().post(policies, policy('P', off));
    expect(status).toBe(201);
    expect(Object.keys(result).toSorted()).toEqual([
      'app_count',
      'created_at',
      'decision',
      'exclude',
      'id',
      'include',
      'name',
      'require',
      'reusable',
      'updated_at',
    ]);
    expect(result).toMatchObject({ exclude: [], require: [], reusable: true, app_count: 0 });
  });

  it('replaces the whole policy on PUT', async () => {
    const api = newApi();
    const made = await api.post(policies, policy('P', { require: [{ geo: { country_code: 'DE' } }], session_duration: '1h' }));
    const changed = await api.put(`${policies}/${made.result.id}`, policy('New'));
    expect(changed.result).toMatchObject({ id: made.result.id, name: 'New', require: [] });
    expect(changed.result).not.toHaveProperty('session_duration');
  });

  it.each([
    ['no include', policy('P', { include: [] })],
    ['an unknown selector', policy('P', { include: [{ github_organization: {} }] })],
    ['two selectors in a rule', policy('P', { include: [{ everyone: {}, certificate: {} }] })],
    ['a selector without its value', policy('P', { include: [{ email: {} }] })],
    ['a client id as token_id', policy('P', { include: [{ service_token: { token_id: 'abc.access' } }] })],
    ['no decision', { name: 'P', include: [{ everyone: {} }] }],
    ['no address', policy('P', { include: [{ ip: { ip: 'home' } }] })],
    ['days as duration', policy('P', { session_duration: '1d' })],
  ])('refuses %s', async (_what, body) => {
    expect((await newApi().post(policies, body)).status).toBe(400);
  });

  it('lets two policies have one name', async () => {
    const api = newApi();
    await api.post(policies, policy('P'));
    await api.post(policies, policy('P'));
    expect((await api.get(`${policies}?name=P`)).result).toHaveLength(2);
  });

  it('counts its applications, and stays as long as there are any', async () => {
    const api = newApi();
    const { id } = (await api.post(policies, policy('P'))).result;
    const body = { type: 'mcp_portal', name: 'A', domain: 'mcp.example.com' };
    const app = (await api.post(apps, { ...body, policies: [id] })).result;
    expect((await api.get(`${policies}/${id}`)).result.app_count).toBe(1);
    expect((await api.delete(`${policies}/${id}`)).status).toBe(409);
    await api.put(`${apps}/${app.id}`, { ...body, policies: [] });
    expect((await api.delete(`${policies}/${id}`)).result).toEqual({ id });
    expect((await api.delete(`${policies}/${id}`)).status).toBe(404);
  });
});

describe('Access groups', () => {
  it('can be made, changed and read', async () => {
    const api = newApi();
    const { id } = (await api.post(groups, { name: 'Staff', include: [{ email_domain: { domain: 'example.com' } }] })).result;
    await api.put(`${groups}/${id}`, { name: 'All', include: [{ ip: { ip: '1.1.1.1' } }] });
    expect((await api.get(`${groups}/${id}`)).result).toMatchObject({
      name: 'All',
      include: [{ ip: { ip: '1.1.1.1/32' } }],
      require: [],
    });
    expect((await api.post(groups, { name: 'Empty', include: [] })).status).toBe(400);
  });

  it('stays as long as a policy or another group mentions it', async () => {
    const api = newApi();
    const { id } = (await api.post(groups, { name: 'G', include: [{ everyone: {} }] })).result;
    const outer = (await api.post(groups, { name: 'Outer', include: [{ group: { id } }] })).result.id;
    expect((await api.delete(`${groups}/${id}`)).status).toBe(409);
    await api.delete(`${groups}/${outer}`);
    const user = (await api.post(policies, policy('P', { exclude: [{ group: { id } }] }))).result.id;
    expect((await api.delete(`${groups}/${id}`)).status).toBe(409);
    await api.delete(`${policies}/${user}`);
    expect((await api.delete(`${groups}/${id}`)).status).toBe(200);
  });

  it('comes back with empty selectors when that quirk is on', async () => {
    const api = newApi({ faults: { emptySelectors: true } });
    const { id } = (await api.post(groups, { name: 'G', include: [{ everyone: {} }] })).result;
    expect((await api.get(`${groups}/${id}`)).result).toMatchObject({
      include: [{ everyone: {} }],
      exclude: [{ email: { email: '' } }],
      require: [{ common_name: {} }],
    });
  });
});

describe('service tokens', () => {
  const clock = { now: () => new Date('2026-01-01T00:00:00Z') };

  it('shows the secret when it is made, and never again', async () => {
    const api = newApi(clock);
    const made = await api.post(tokens, { name: 'ci' });
    expect(made.status).toBe(201);
    expect(made.result).toMatchObject({ name: 'ci', duration: '8760h' });
    expect(made.result.client_id).toMatch(/^[0-9a-f]{32}\.access$/);
    expect(made.result.client_secret).toMatch(/^cfast_[A-Za-z0-9]{40}[0-9a-f]{8}$/);
    expect(made.result).not.toHaveProperty('expires_at');
    const read = (await api.get(`${tokens}/${made.result.id}`)).result;
    expect(read).toMatchObject({ client_id: made.result.client_id, expires_at: '2027-01-01T00:00:00Z' });
    expect(JSON.stringify([read, (await api.get(tokens)).result])).not.toContain('cfast_');
  });

  it.each(['365d', '1y', 'soon', '0'])('refuses the duration %s', async (duration) => {
    expect((await newApi().post(tokens, { name: 'ci', duration })).status).toBe(400);
  });

  it('has an end even when it lasts forever', async () => {
    const api = newApi(clock);
    const { id } = (await api.post(tokens, { name: 'ci', duration: 'forever' })).result;
    expect((await api.get(`${tokens}/${id}`)).result.expires_at).toMatch(/^21\d\d-/);
  });

  it('moves its end when a duration is sent, and else not', async () => {
    let now = new Date('2026-01-01T00:00:00Z');
    const api = newApi({ now: () => now });
    const { id } = (await api.post(tokens, { name: 'ci', duration: '24h' })).result;
    now = new Date('2026-01-01T12:00:00Z');
    expect((await api.put(`${tokens}/${id}`, { name: 'CI' })).result).toMatchObject({
      name: 'CI',
      expires_at: '2026-01-02T00:00:00Z',
    });
    expect((await api.put(`${tokens}/${id}`, { duration: '24h' })).result.expires_at).toBe('2026-01-02T12:00:00Z');
    now = new Date('2026-01-02T00:00:00Z');
    expect((await api.post(`${tokens}/${id}/refresh`)).result.expires_at).toBe('2026-01-03T00:00:00Z');
  });

  it('rotates: another secret for the same client id, the old one with an end', async () => {
    const api = newApi(clock);
    const made = (await api.post(tokens, { name: 'ci' })).result;
    const previous_client_secret_expires_at = '2026-01-02T00:00:00Z';
    const rotated = (await api.post(`${tokens}/${made.id}/rotate`, { previous_client_secret_expires_at })).result;
    expect(rotated).toMatchObject({ id: made.id, client_id: made.client_id, previous_client_secret_expires_at });
    expect(rotated.client_secret).toMatch(/^cfast_/);
    expect(rotated.client_secret).not.toBe(made.client_secret);
    const bumped = await api.put(`${tokens}/${made.id}`, { client_secret_version: rotated.client_secret_version + 1 });
    expect(bumped.result.client_secret).toMatch(/^cfast_/);
  });

  it('stays as long as a policy lets it in, with code 12139', async () => {
    const api = newApi();
    const { id } = (await api.post(tokens, { name: 'ci' })).result;
    const include = [{ service_token: { token_id: id } }];
    const user = (await api.post(policies, policy('Bots', { decision: 'non_identity', include }))).result.id;
    expect(await api.delete(`${tokens}/${id}`)).toMatchObject({ status: 409, errors: [{ code: 12139 }] });
    await api.delete(`${policies}/${user}`);
    expect((await api.delete(`${tokens}/${id}`)).status).toBe(200);
    expect((await api.get(`${tokens}/${id}`)).status).toBe(404);
  });
});
