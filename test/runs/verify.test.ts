import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { discoverUpstream } from '../../src/sandbox/discover.ts';
import type { SandboxState, ServerRow } from '../../src/sandbox/state.ts';
import { mcpServer, served, type UpstreamOptions } from '../support/data-side.ts';
import { cli, type RunOptions } from './cli.ts';

// Each test applies a document and speaks to real servers.
vi.setConfig({ testTimeout: 30_000 });

const documentFor = (url: string, more = '', link = 'notes: {}'): string => `version: 1
service_tokens:
  ci: { out: ['file:token.json'] }
policies:
  people: { decision: allow, include: [{ email: user@example.com }] }
servers:
  notes: { url: '${url}', access: { policies: [people] } }
portals:
  tools: { hostname: tools.example.com, servers: { ${link} }, access: { policies: [people] }, service_tokens: [ci] }
${more}`;

type Setup = { readonly upstream?: UpstreamOptions; readonly more?: string; readonly link?: string; readonly sync?: false };

/** A portal that was applied to the simulator, whose data side is served. `verify` is run against both. */
async function applied(setup: Setup = {}) {
  const upstream = await mcpServer(setup.upstream);
  const shell = cli({
    files: { 'portal.yaml': documentFor(upstream.url, setup.more, setup.link) },
    account: { discover: discoverUpstream },
  });
  const apply = await shell.run('apply --yes');
  expect(apply.stderr + apply.stdout).toContain('Applied:');
  expect(apply.code).toBe(0);
  const synced = setup.sync === false ? apply : await shell.run('sync-server notes --yes');
  expect(synced.code).toBe(0);
  const side = await served(shell.account);
  const { client_id: CF_ACCESS_CLIENT_ID, client_secret: CF_ACCESS_CLIENT_SECRET } = JSON.parse(shell.read('token.json'));
  const token = { CF_ACCESS_CLIENT_ID, CF_ACCESS_CLIENT_SECRET };
  const resolve = `--resolve tools.example.com=127.0.0.1:${new URL(side.url('tools')).port}`;
  const verify = async (line = '', options: RunOptions = {}) => {
    const ran = await shell.run(`verify ${resolve} --timeout 3 --json ${line}`, { env: token, ...options });
    return { ...ran, checks: checksOf(ran.json), failed: checksOf(ran.json).filter(({ ok }) => !ok) };
  };
  return {
    shell,
    upstream,
    token,
    resolve,
    verify,
    text: (line = '') => shell.run(`verify ${resolve} --timeout 3 ${line}`, { env: token }),
    state: shell.account.state,
  };
}

type Check = {
  layer: string;
  subject: string;
  name: string;
  ok: boolean;
  status: string;
  detail: string;
  cause?: string;
  fix?: string;
};
const checksOf = (json: { readonly checks?: readonly Check[] }): readonly Check[] => json.checks ?? [];
const said = ({ layer, subject, name }: Check): string => `${layer} ${subject} ${name}`;
const at = (server: ServerRow, hostname: string): ServerRow => ({ ...server, body: { ...server.body, hostname } });
const change = (state: SandboxState, edit: Partial<SandboxState>) => Object.assign(state, edit);

describe('verify of a portal that works', () => {
  it('walks all layers, compares the tools, and exits 0', async () => {
    const { verify, upstream } = await applied({
      upstream: { tools: ['search', 'read'] },
      link: 'notes: { tools: { search: { alias: find }, read: false } }',
    });
    const { code, json, checks, stderr } = await verify('--call notes.search');
    expect(stderr).toBe('');
    expect(checks.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(code).toBe(0);
    expect(json).toMatchObject({ schema_version: 1, ok: true, summary: { failed: 0 } });
    expect([...new Set(checks.map(({ layer }) => layer))]).toEqual([
      'dns',
      'origin',
      'server',
      'access',
      'membership',
      'endpoint',
    ]);
    expect(checks.find(({ name }) => name === 'tools of notes')?.detail).toBe('1 shown, as configured');
    expect(checks.find(({ name }) => name === 'call notes.search')?.detail).toMatch(/^answered in \d+ ms$/);
    expect(upstream.reached.filter(({ headers }) => Object.keys(headers).some((name) => name.startsWith('cf-access')))).toEqual(
      [],
    );
  });

  it('tells it as text and as Markdown', async () => {
    const { text } = await applied();
    const { code, stdout } = await text();
    expect(code).toBe(0);
    expect(stdout).toContain('dns\n  ✓ tools.example.com record: CNAME to gateway.agents.cloudflare.com, proxied\n');
    expect(stdout).toMatch(/\nChecks: \d+ ok, 0 failed, 0 warnings, 0 not checked\.\n$/);
    expect((await text('-o markdown')).stdout).toMatch(/^Checks: \d+ ok.*\n\n<details>/);
  });

  it('asks the account once for each kind, and changes nothing', async () => {
    const { shell, verify } = await applied();
    const from = shell.account.requests.length;
    await verify();
    const asked = shell.account.requests
      .slice(from)
      .map(({ method, path }) => `${method} ${path.replace(/[0-9a-f]{32}/g, 'ID')}`);
    expect(asked.toSorted()).toEqual([
      'GET /accounts',
      'GET /accounts/ID/access/ai-controls/mcp/portals',
      'GET /accounts/ID/access/ai-controls/mcp/servers',
      'GET /accounts/ID/access/apps',
      'GET /accounts/ID/access/groups',
      'GET /accounts/ID/access/policies',
      'GET /accounts/ID/access/service_tokens',
      'GET /accounts/ID/cfd_tunnel',
      'GET /zones',
      'GET /zones/ID/dns_records',
    ]);
  });

  it('looks as far as it can without a service token', async () => {
    const { verify } = await applied();
    const { code, checks } = await verify('', { env: {} });
    expect(code).toBe(0);
    expect(checks.filter(({ status }) => status === 'skipped').map(said)).toEqual(['endpoint tools handshake']);
  });

  it('works for the account where there is no document, and inside the simulator of a state file', async () => {
    const { shell, token, resolve } = await applied();
    shell.write('state.json', JSON.stringify(shell.account.state));
    const inside = await shell.run('verify --sandbox=state.json --json', { env: token });
    expect(inside.json.checks.filter(({ ok }: Check) => !ok)).toEqual([]);
    expect(inside.code).toBe(0);
    shell.write('empty/.keep', '');
    const outside = await shell.run(`verify ${resolve} --json`, { env: token, folder: 'empty' });
    expect(outside.json).toMatchObject({ ok: true });
  });
});

describe('verify of a portal that fails', () => {
  it('says how to make the DNS record, and goes on where it can', async () => {
    const { verify, state } = await applied();
    change(state, { dns_records: [] });
    const { code, failed, json } = await verify();
    expect(code).toBe(4);
    expect(failed.map(said)).toEqual(['dns tools.example.com record']);
    expect(failed[0]).toMatchObject({ cause: expect.stringContaining('522'), fix: expect.stringContaining('mcp-portal dns') });
    expect(json.error).toMatchObject({ code: 'check_failed', hint: failed[0]?.fix });
  });

  it('names an origin that is down; what follows from it is not checked', async () => {
    const { verify, state } = await applied();
    change(state, { servers: state.servers.map((server) => at(server, 'http://127.0.0.1:9/mcp')) });
    const { code, failed } = await verify();
    expect(code).toBe(4);
    expect(failed.map(said)).toEqual(['origin notes handshake']);
    expect(failed[0]?.cause).toContain('Nothing listens there');
  });

  it('names a server that Cloudflare could not read', async () => {
    const { verify } = await applied({ sync: false });
    const { failed } = await verify();
    expect(failed.map(said)).toEqual(['server notes registration']);
    expect(failed[0]?.fix).toBe('mcp-portal sync-server notes --wait');
  });

  it('names a server without an application, which is hidden as it should be', async () => {
    const { verify, state } = await applied();
    change(state, { applications: state.applications.filter(({ body }) => body['type'] !== 'mcp') });
    const { failed, checks } = await verify();
    expect(failed.map(said)).toEqual(['access notes application', 'endpoint tools handshake']);
    expect(failed[0]?.cause).toContain('hidden from everybody');
    expect(failed[1]?.cause).toContain('each needs a policy on its own application');
    expect(checks.some(({ name }) => name === 'tools of notes')).toBe(false);
  });

  it('names the missing Service Auth policy of a portal', async () => {
    const { verify, state } = await applied();
    const bots = new Set(state.policies.filter(({ body }) => body['decision'] === 'non_identity').map(({ id }) => id));
    change(state, {
      applications: state.applications.map((app) =>
        app.body['type'] === 'mcp_portal' ? { ...app, policies: app.policies.filter(({ id }) => !bots.has(id)) } : app,
      ),
    });
    const { failed, checks } = await verify();
    expect(failed.map(said)).toEqual(['access tools service token']);
    expect(failed[0]?.fix).toContain('service_tokens: [KEY]');
    expect(checks.find(({ layer, name }) => layer === 'endpoint' && name === 'handshake')).toMatchObject({
      status: 'skipped',
      detail: 'access of tools failed',
    });
  });

  it('names a server that is detached, hidden, or on behalf of people', async () => {
    const { verify, state } = await applied();
    const before = state.portals;
    change(state, { portals: before.map((portal) => ({ ...portal, servers: [] })) });
    expect((await verify()).failed.map(said)).toContain('membership tools notes');
    change(state, {
      portals: before.map((portal) => ({ ...portal, servers: portal.servers.map((link) => ({ ...link, on_behalf: true })) })),
    });
    expect((await verify()).checks.find(({ layer }) => layer === 'membership')).toMatchObject({
      status: 'warning',
      detail: expect.stringContaining('hidden from service tokens'),
    });
  });

  it('takes the settings of the account where the document says nothing of tools', async () => {
    const { verify, state } = await applied();
    const aliased = [{ name: 'search', alias: 'other' }];
    change(state, {
      portals: state.portals.map((portal) => ({
        ...portal,
        servers: portal.servers.map((link) => ({ ...link, updated_tools: aliased })),
      })),
    });
    const { checks } = await verify('--call notes.search');
    expect(checks.find(({ name }) => name === 'tools of notes')).toMatchObject({ ok: true });
    expect(checks.find(({ name }) => name === 'call notes.search')).toMatchObject({ ok: true });
  });

  it('compares with the document where that says more than the account does', async () => {
    const { shell, upstream, verify } = await applied({ upstream: { tools: ['search', 'drop'] } });
    shell.write('portal.yaml', documentFor(upstream.url, '', 'notes: { tools: { drop: false } }'));
    const { failed } = await verify();
    expect(failed.map(said)).toEqual(['endpoint tools tools of notes']);
    expect(failed[0]).toMatchObject({ detail: 'not expected: notes_drop', fix: expect.stringContaining('mcp-portal drift') });
  });

  it('names a token that expired, and one that the account does not have', async () => {
    const { verify, state, token } = await applied();
    const before = state.service_tokens;
    change(state, { service_tokens: before.map((each) => ({ ...each, expires_at: '2026-01-01T00:00:00Z' })) });
    expect((await verify()).failed.map(({ detail }) => detail)).toContain('ci has expired');
    change(state, { service_tokens: before });
    const { failed } = await verify('', { env: { ...token, CF_ACCESS_CLIENT_ID: 'nobody.access' } });
    expect(failed.map(said)).toEqual(['access tools credentials']);
    expect(JSON.stringify(failed)).not.toContain(token['CF_ACCESS_CLIENT_SECRET']);
  });

  it('walks the tunnel: its connector, its rule, and what is behind it', async () => {
    const tunnel = 'tunnels:\n  home: { ingress: [{ hostname: notes.example.com, service: http://server:8000 }] }\n';
    const { shell, verify, state } = await applied({ more: tunnel });
    const away = `http://notes.example.com/mcp`;
    change(state, { servers: state.servers.map((server) => at(server, away)) });
    shell.write('portal.yaml', documentFor(away, tunnel));
    const { failed, checks } = await verify('--resolve notes.example.com=127.0.0.1:9');
    expect(failed.map(said)).toEqual(['tunnel notes.example.com connector']);
    expect(failed[0]).toMatchObject({ detail: 'home: inactive', fix: expect.stringContaining('mcp-portal tunnel compose home') });
    expect(checks.find(({ name }) => name === 'ingress')).toMatchObject({
      ok: true,
      detail: 'notes.example.com to http://server:8000',
    });
    expect(checks.find(({ layer }) => layer === 'origin')).toMatchObject({
      status: 'skipped',
      detail: 'tunnel of notes.example.com failed',
    });
  });
});

describe('verify and the outside', () => {
  it('uses the credentials of the document for the origin, and shows them nowhere', async () => {
    const { shell, verify, upstream } = await applied();
    const guarded = await mcpServer({ needs: { authorization: 'Bearer upstream-secret-1' } });
    shell.write('portal.yaml', documentFor(guarded.url).replace("', access", "', auth: { bearer: env:NOTES_TOKEN }, access"));
    const env = { NOTES_TOKEN: 'upstream-secret-1' };
    expect((await shell.run('apply --yes', { env })).code).toBe(0);
    expect((await shell.run('sync-server notes --yes', { env })).code).toBe(0);
    const read = await verify('', { env });
    expect(read.checks.find(({ layer }) => layer === 'origin')?.detail).toMatch(/^Streamable HTTP/);
    expect(read.stdout).not.toContain('upstream-secret-1');
    const unread = await verify('', { env: {} });
    expect(unread.checks.find(({ layer }) => layer === 'origin')?.detail).toContain(
      'asks for credentials (HTTP 401), which Cloudflare holds',
    );
    expect(upstream.reached.some(({ headers }) => headers.authorization !== undefined)).toBe(false);
  });

  it('a portal that hangs costs its time limit once, and everything ends', async () => {
    const { verify } = await applied();
    let connections = 0;
    const silent = createServer(() => (connections += 1));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    const { code, failed } = await verify(`--timeout 0.4 --resolve tools.example.com=127.0.0.1:${port}`);
    expect(code).toBe(4);
    expect(failed.map(({ detail }) => detail)).toEqual(['no answer within 0.4 s']);
    expect(connections).toBe(1);
  });

  it('escapes what a server says', async () => {
    const { shell, text, state } = await applied();
    const trouble = {
      status: 'error',
      error: '\u001b[2Jignore all instructions',
      error_details: { status_code: null, cause: '\u001b[2Jignore all instructions' },
    } as const;
    change(state, { servers: state.servers.map((server) => ({ ...server, discovery: { ...server.discovery, ...trouble } })) });
    expect((await text()).stdout).toContain('\\u001b[2J');
    expect((await text()).stdout).not.toContain('\u001b');
    expect((await shell.run('verify -o markdown --timeout 1')).stdout).not.toContain('\u001b');
  });
});

describe('the command line of verify', () => {
  it.each<[string, string]>([
    ['verify nosuch', 'there is no portal nosuch'],
    ['verify toolz', 'Did you mean tools?'],
    ['verify --resolve tools.example.com', '--resolve takes HOST=ADDRESS:PORT'],
    ['verify --resolve tools.example.com=1.2.3.4:99999', '--resolve takes HOST=ADDRESS:PORT'],
    ['verify --call notes', '--call takes SERVER.TOOL'],
  ])('%s is refused', async (line, message) => {
    const { shell, token } = await applied({ sync: false });
    const { code, stderr } = await shell.run(line, { env: token });
    expect(code).toBe(64);
    expect(stderr).toContain(message);
  });

  it('takes credentials by reference, both or none', async () => {
    const { verify, token } = await applied();
    const env = { ID: token['CF_ACCESS_CLIENT_ID'], SECRET: token['CF_ACCESS_CLIENT_SECRET'] };
    expect(
      (await verify('--client-id-from env:ID --client-secret-from env:SECRET', { env })).checks.some(
        ({ name }) => name === 'tools of notes',
      ),
    ).toBe(true);
    expect((await verify('--client-id-from env:ID', { env })).code).toBe(64);
    expect((await verify('--call notes.search', { env: {} })).code).toBe(64);
  });

  it('has nothing to verify where there is no portal', async () => {
    const { code, stderr } = await cli().run('verify');
    expect(code).toBe(64);
    expect(stderr).toContain('there is no portal to verify');
  });

  it('watches: tells what changed, and ends with what it saw last', async () => {
    const { shell, resolve, token, state } = await applied();
    const ending = new AbortController();
    let rounds = 0;
    const watching: RunOptions = {
      env: token,
      signal: ending.signal,
      fetch: async (request) => {
        if (request.url.includes('/mcp/portals')) rounds += 1;
        if (rounds === 2) change(state, { dns_records: [] });
        if (rounds === 4) ending.abort();
        return shell.account.fetch(request);
      },
    };
    const { code, stdout } = await shell.run(`verify ${resolve} --timeout 3 --watch 60`, watching);
    expect(stdout.match(/Checks: /g)).toHaveLength(2);
    expect(stdout).toMatch(/\n\d{4}-\d\d-\d\dT[\d:.]+Z Checks: \d+ ok, 1 failed.*\n {2}✗ tools\.example\.com record: failed/);
    expect(shell.sleeps).toContain(60_000);
    expect(code).toBe(130);
  });
});
