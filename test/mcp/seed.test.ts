import { describe, expect, it } from 'vitest';
import { assistant } from './assistant.ts';

const flags = '--auto-approve';

/** The steps of the instructions that assistants are given, in their order. */
async function seed(world: Awaited<ReturnType<typeof assistant>>) {
  const { call } = world;
  const token = await call('cloudflare_create_service_token', { name: 'chittymcp-service-token', duration: '8760h' });
  const app = await call('cloudflare_create_access_application', {
    name: 'ChittyMCP Unified Portal',
    domain: 'mcp.chitty.cc',
    type: 'self_hosted',
    session_duration: '24h',
    cors_headers: {
      enabled: true,
      allowed_origins: ['*'],
      allowed_methods: ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'],
      allow_credentials: true,
    },
  });
  const robots = await call('cloudflare_add_access_policy', {
    app_id: app.value.app_id,
    name: 'ChittyMCP Service Token',
    decision: 'non_identity',
    include: [{ service_token: { token_id: token.value.token_id } }],
    precedence: 1,
  });
  const people = await call('cloudflare_add_access_policy', {
    app_id: app.value.app_id,
    name: 'ChittyMCP User Access',
    decision: 'allow',
    include: [{ email: { email: 'user@example.com' } }],
    precedence: 2,
  });
  const dns = await call('cloudflare_create_dns_record', {
    zone_name: 'chitty.cc',
    type: 'CNAME',
    name: 'mcp',
    content: 'bbf9fcd845e78035b7a135c481e88541.cloudflareaccess.com',
    proxied: true,
  });
  const space = await world.send('POST', '~/storage/kv/namespaces', { title: `S${Math.random()}` });
  const worker = await call('cloudflare_deploy_worker', {
    name: 'chittymcp-worker',
    script: 'export default { async fetch() { return new Response("hello"); } };',
    bindings: { KV: space.id, CHITTY_ID_TOKEN: 'an-unusual-value-123' },
  });
  return { token, app, robots, people, dns, worker };
}

describe('the six tools', () => {
  it('do what their instructions say, one after the other', async () => {
    const world = await assistant({ flags });
    const { token, app, robots, people, dns, worker } = await seed(world);
    for (const step of [token, app, robots, people, dns, worker])
      expect(step).toMatchObject({ isError: false, value: { status: 'applied' } });
    expect(token.value).toMatchObject({
      client_id: expect.stringMatching(/\.access$/),
      credentials: 'file:.mcp-portal-secrets.jsonl',
    });
    expect(app.value.warnings.join()).toContain('cors_headers.enabled');
    expect(dns.value.warnings.join()).toContain('gateway.agents.cloudflare.com');
    expect(worker.value.warnings.join()).toContain('CHITTY_ID_TOKEN');
    const live = await world.send('GET', `~/access/apps/${app.value.app_id}`);
    expect(live.policies.map((policy: { name: string }) => policy.name)).toEqual([
      'ChittyMCP Service Token',
      'ChittyMCP User Access',
    ]);
    const [record] = world.account.state.dns_records ?? [];
    expect(JSON.stringify(record ?? world.account.state)).toContain('gateway.agents.cloudflare.com');
  });

  it('never show the secret, and keep it where only its owner reads', async () => {
    const world = await assistant({ flags });
    const steps = await seed(world);
    const kept = JSON.parse(world.read('.mcp-portal-secrets.jsonl'));
    expect(world.mode('.mcp-portal-secrets.jsonl')).toBe(0o600);
    expect(kept).toMatchObject({ client_id: steps.token.value.client_id, client_secret: expect.stringMatching(/./) });
    const everything = [...Object.values(steps).map(({ raw }) => raw), world.read('journal.jsonl')].join();
    expect(everything).not.toContain(kept.client_secret);
    expect(everything).not.toContain('an-unusual-value-123');
  });

  it('done again make no duplicates', async () => {
    const world = await assistant({ flags });
    const first = await seed(world);
    const second = await seed(world);
    expect(second.token.value).toMatchObject({
      status: 'unchanged',
      token_id: first.token.value.token_id,
      client_id: first.token.value.client_id,
    });
    expect(second.token.value.credentials).toBe('file:.mcp-portal-secrets.jsonl');
    expect(second.app.value).toMatchObject({ status: 'unchanged', app_id: first.app.value.app_id });
    for (const step of [second.robots, second.people, second.dns]) expect(step.value.status).toBe('unchanged');
    const posts = world.writes().filter((write) => write === 'POST /access/apps' || write === 'POST /access/service_tokens');
    expect(posts).toHaveLength(2);
  });

  it('refuse what cannot be: another type, an unknown application, a script of several modules', async () => {
    const { call, writes } = await assistant({ flags });
    const type = await call('cloudflare_create_access_application', { name: 'x', domain: 'x.example.com', type: 'mcp_portal' });
    expect(type).toMatchObject({ isError: true, value: { error: { hint: expect.stringContaining('mcpportal_put_portal') } } });
    const policy = await call('cloudflare_add_access_policy', {
      app_id: 'nope',
      name: 'x',
      decision: 'allow',
      include: [{ everyone: {} }],
    });
    expect(policy).toMatchObject({ isError: true, value: { error: { code: 'not_found' } } });
    const worker = await call('cloudflare_deploy_worker', {
      name: 'w',
      script: 'import x from "/etc/passwd"; export default x;',
    });
    expect(worker).toMatchObject({ isError: true, value: { error: { message: expect.stringContaining('one module') } } });
    expect(writes()).toEqual([]);
  });
});

describe('provision_mcp_portal', () => {
  const wanted = {
    hostname: 'mcp.chitty.cc',
    name: 'ChittyMCP',
    servers: [{ id: 'health-ledger', url: 'https://health-ledger.example.com/mcp' }],
    emails: ['user@example.com'],
    service_token: 'chittymcp-service-token',
  };

  it('makes the whole chain, and says where the portal and the credentials are', async () => {
    const world = await assistant({ flags });
    const { value, isError, text } = await world.call('provision_mcp_portal', wanted);
    expect(value).toMatchObject({
      status: 'applied',
      portal_url: 'https://mcp.chitty.cc/mcp',
      credentials: 'file:.mcp-portal-secrets.jsonl',
    });
    expect(isError).toBe(false);
    expect(text).toContain('portal_url: https://mcp.chitty.cc/mcp');
    const addresses = value.applied.map((outcome: { address: string }) => outcome.address);
    expect(addresses).toEqual(
      expect.arrayContaining([
        'service_token:chittymcp-service-token',
        'server:health-ledger',
        'portal:chittymcp',
        'portal_app:chittymcp',
        'dns_record:mcp.chitty.cc/CNAME',
      ]),
    );
  });

  it('done again changes nothing, also under another name', async () => {
    const world = await assistant({ flags });
    await world.call('provision_mcp_portal', wanted);
    const before = world.writes().length;
    const again = await world.call('provision_mcp_portal', wanted);
    expect(again.value).toMatchObject({
      status: 'unchanged',
      portal_url: 'https://mcp.chitty.cc/mcp',
      credentials: 'file:.mcp-portal-secrets.jsonl',
    });
    expect(world.writes()).toHaveLength(before);
    await world.call('provision_mcp_portal', { ...wanted, name: 'Another name' });
    expect(world.writes().filter((write) => write === 'POST /access/ai-controls/mcp/portals')).toHaveLength(1);
  });

  it('without a way to ask changes nothing, and gives the command', async () => {
    const { call, writes } = await assistant();
    const { isError, value } = await call('provision_mcp_portal', wanted);
    expect(isError).toBe(true);
    expect(value.command).toContain('health-ledger.example.com');
    expect(writes()).toEqual([]);
  });
});
