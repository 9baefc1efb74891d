import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { cli, portal, type Cli } from './cli.ts';

const document = `${portal}tunnels:
  home:
    name: cfpb-mcp
    ingress:
      - { hostname: cfpb-mcp.example.com, service: http://server:8000 }
`;
const behind = document.replace('url: https://notes.example.com/mcp', 'tunnel: home');

/** An account where the document was applied, and the token of its tunnel. */
async function applied(text = document): Promise<{ readonly user: Cli; readonly id: string; readonly token: string }> {
  const user = cli({ files: { 'portal.yaml': text } });
  expect((await user.run('apply --yes')).code).toBe(0);
  const { id } = user.account.state.tunnels[0] ?? { id: '' };
  return { user, id, token: await user.send('GET', `~/cfd_tunnel/${id}/token`) };
}

describe('a document with a tunnel', () => {
  it('is planned, applied, exported and destroyed as a whole', async () => {
    const { user } = await applied(behind);
    expect((await user.run('plan')).stdout).toMatch(/^No changes\./);
    const exported = await user.run('export --all');
    expect(parse(exported.stdout)).toMatchObject({
      tunnels: { 'cfpb-mcp': { ingress: [{ hostname: 'cfpb-mcp.example.com', service: 'http://server:8000' }] } },
      servers: { notes: { url: 'https://cfpb-mcp.example.com/mcp' } },
    });
    expect(parse(exported.stdout)).not.toHaveProperty('dns');
    user.write('exported.yaml', exported.stdout);
    expect((await user.run('plan -f exported.yaml')).stdout).toMatch(/^No changes\./);
    expect((await user.run('destroy --yes')).code).toBe(0);
    expect(user.account.state.tunnels).toMatchObject([{ deleted_at: expect.any(String) }]);
    expect(user.account.state.dns_records).toEqual([]);
  });

  it('is exported with dns: false where a record is missing, and without what a document cannot say', async () => {
    const { user, id } = await applied(
      document.replace('    ingress:\n', '    ingress:\n      - { hostname: b.example.com, service: http://b:1 }\n'),
    );
    const first = user.account.state.dns_records.find(({ body }) => body['name'] === 'b.example.com');
    await user.send('DELETE', `/zones/${first?.zone_id}/dns_records/${first?.id}`);
    await user.send('POST', '~/cfd_tunnel', { name: 'old', config_src: 'local' });
    const exported = parse((await user.run('export --all')).stdout);
    expect(exported.tunnels).toEqual({ 'cfpb-mcp': { ingress: expect.any(Array), dns: false } });
    expect(exported.dns).toEqual([expect.objectContaining({ type: 'CNAME', content: `${id}.cfargotunnel.com` })]);
    user.write('exported.yaml', (await user.run('export --all')).stdout);
    expect((await user.run('plan -f exported.yaml')).stdout).toMatch(/^No changes\./);
  });

  it('has its server added alone, with the tunnel that it needs', async () => {
    const user = cli({ files: { 'portal.yaml': behind } });
    const { json } = await user.run('add-server notes --yes --json');
    expect(json.applied.map(({ address }: { address: string }) => address)).toEqual([
      'policy:people',
      'tunnel:home',
      'dns_record:cfpb-mcp.example.com/CNAME',
      'server:notes',
      'server_app:notes',
    ]);
    expect((await user.run('update-server notes --description New --yes')).code).toBe(0);
  });

  it('has its records made alone once the tunnel is there, and not before', async () => {
    const user = cli({ files: { 'portal.yaml': document } });
    const before = await user.run('dns --yes');
    expect(before).toMatchObject({ code: 3, stderr: expect.stringContaining('the account has no tunnel "cfpb-mcp" yet') });
    await user.send('POST', '~/cfd_tunnel', { name: 'cfpb-mcp', config_src: 'cloudflare' });
    expect((await user.run('dns --yes')).code).toBe(0);
    expect(user.writes().filter((line) => line.startsWith('POST /zones'))).toHaveLength(2);
  });

  it('shows each value in the plan that is not known yet', async () => {
    const { json } = await cli({ files: { 'portal.yaml': document } }).run('plan --json');
    const record = json.changes.find(({ address }: { address: string }) => address === 'dns_record:cfpb-mcp.example.com/CNAME');
    expect(record.fields).toContainEqual(expect.objectContaining({ path: 'content', after: '(known after apply)' }));
  });
});

describe('tunnel list', () => {
  it('tells each tunnel with its rules', async () => {
    const { user, id } = await applied();
    expect((await user.run('tunnel list --json')).json).toEqual({
      schema_version: 1,
      ok: true,
      tunnels: [
        {
          id,
          name: 'cfpb-mcp',
          status: 'inactive',
          ingress: [{ hostname: 'cfpb-mcp.example.com', service: 'http://server:8000' }, { service: 'http_status:404' }],
        },
      ],
    });
    expect((await user.run('tunnel list')).stdout).toBe(
      'NAME      CONNECTOR                   ID                                    INGRESS\n' +
        `cfpb-mcp  inactive (never connected)  ${id}  cfpb-mcp.example.com -> http://server:8000\n`,
    );
  });

  it('leaves deleted ones out', async () => {
    const { user } = await applied();
    await user.run('destroy --yes');
    expect((await user.run('tunnel list')).stdout).toBe('No tunnels.\n');
  });
});

describe('tunnel token', () => {
  it('brings the token to a file, as variables or as JSON, and shows it nowhere', async () => {
    const { user, id, token } = await applied();
    user.write('.env', 'OTHER=1\n');
    const before = user.writes().length;
    const ran = await user.run('tunnel token home --out dotenv:.env --out file:t.json --debug');
    expect(ran).toMatchObject({ code: 0, stdout: 'The token of cfpb-mcp is in dotenv:.env, file:t.json.\n' });
    expect(ran.stderr).not.toContain(token);
    expect(user.read('.env')).toBe(`OTHER=1\nTUNNEL_TOKEN=${token}\n`);
    expect(JSON.parse(user.read('t.json'))).toEqual({ name: 'cfpb-mcp', tunnel_id: id, token });
    expect(user.mode('t.json')).toBe(0o600);
    expect(user.writes()).toHaveLength(before);
  });

  it('gives it to a command, and to standard output where that is asked for', async () => {
    const { user, id, token } = await applied();
    expect((await user.run(['tunnel', 'token', 'cfpb-mcp', '--out', 'cmd:cat > got.json'])).code).toBe(0);
    expect(JSON.parse(user.read('got.json'))).toEqual({ name: 'cfpb-mcp', tunnel_id: id, token });
    expect((await user.run(`tunnel token ${id} --out stdout`)).json).toEqual({ name: 'cfpb-mcp', tunnel_id: id, token });
    const { json } = await user.run('tunnel token home --out stdout --json');
    expect(json).toMatchObject({ ok: true, tunnel: { id, name: 'cfpb-mcp' }, secrets: [{ token }] });
    expect(JSON.stringify((await user.run('tunnel token home --out file:x.json --json')).json)).not.toContain(token);
  });

  it('costs one listing and the token, once the place is known to take it', async () => {
    const { user } = await applied();
    const reads = async (line: string) => {
      const from = user.account.requests.length;
      const { code, stderr } = await user.run(line, { env: { CLOUDFLARE_ACCOUNT_ID: user.account.accountId } });
      return [code, user.account.requests.slice(from).map(({ path }) => path.split('/').at(-1)), stderr] as const;
    };
    expect((await reads('tunnel token home --out file:t.json')).slice(0, 2)).toEqual([0, ['cfd_tunnel', 'token']]);
    expect(await reads('tunnel token home')).toEqual([3, ['cfd_tunnel'], expect.stringContaining('add --out dotenv:.env')]);
    expect(await reads('tunnel token home --out file:no/such/t.json')).toEqual([
      3,
      ['cfd_tunnel'],
      expect.stringContaining('does not exist'),
    ]);
    expect(await reads('tunnel token home --out nowhere')).toEqual([
      64,
      [],
      expect.stringContaining('a place for the secret is needed'),
    ]);
    expect(await reads('tunnel token home --out file:portal.yaml')).toEqual([
      3,
      ['cfd_tunnel'],
      expect.stringContaining('which this run reads'),
    ]);
    expect(await reads('tunnel token home --out file:x --out dotenv:x')).toEqual([
      3,
      ['cfd_tunnel'],
      expect.stringContaining('cannot be both'),
    ]);
  });

  it('says that a place failed, without the token, and that it can be asked for again', async () => {
    const { user, token } = await applied();
    const { code, stderr } = await user.run(['tunnel', 'token', 'home', '--out', 'cmd:cat >&2; exit 7']);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/failed with exit code 7[^]*hint: .*the token stays the same/)]);
    expect(stderr).not.toMatch(/lost|--secrets-out/);
    expect(stderr).not.toContain(token);
  });

  it('suggests the nearest name, and refuses a tunnel that runs another way', async () => {
    const { user } = await applied();
    await user.send('POST', '~/cfd_tunnel', { name: 'old', config_src: 'local' });
    expect(await user.run('tunnel token hoem --out stdout')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('did you mean home?'),
    });
    expect(await user.run('tunnel token old --out stdout')).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringContaining('the two ways do not mix'),
    });
  });
});

describe('tunnel compose', () => {
  const plain = `cloudflared:
  image: cloudflare/cloudflared:latest
  restart: unless-stopped
  command: tunnel run
  environment:
   - TUNNEL_TOKEN=\${TUNNEL_TOKEN}
  depends_on:
   - server
`;

  it('prints the service offline, as YAML that Compose reads', async () => {
    const user = cli({ files: { 'portal.yaml': document } });
    const ran = await user.run('tunnel compose home', { env: { CLOUDFLARE_API_TOKEN: undefined } });
    expect(ran).toMatchObject({ code: 0, stdout: plain, stderr: '' });
    expect((await user.run('tunnel compose cfpb-mcp')).stdout).toBe(plain);
    expect(user.account.requests).toEqual([]);
    const { json } = await user.run('tunnel compose home --json');
    expect(json.services).toEqual(parse(plain));
  });

  it('pins the image, and runs in another network without dependencies', async () => {
    const user = cli({ files: { 'portal.yaml': document } });
    const service = async (more: string) => parse((await user.run(`tunnel compose home ${more}`)).stdout).cloudflared;
    const { depends_on: _, ...base } = parse(plain).cloudflared;
    expect(await service('--image cloudflare/cloudflared:2026.11.0')).toMatchObject({
      image: 'cloudflare/cloudflared:2026.11.0',
      depends_on: ['server'],
    });
    expect(await service('--network service:app')).toEqual({ ...base, network_mode: 'service:app' });
    expect(await service('--network host')).toEqual({ ...base, network_mode: 'host' });
    expect(await user.run('tunnel compose home --network bridge')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('service:NAME or host'),
    });
  });

  it('depends on services of the file alone, each once', async () => {
    const services = [
      'http://server:8000',
      'https://server:8443',
      'http://localhost:1',
      'tcp://db:5432',
      'http://127.0.0.1:2',
      'http://host.docker.internal:3',
      'unix:/run/x.sock',
    ];
    const rules = services
      .map((service, index) => `      - { hostname: h${index}.example.com, service: "${service}" }\n`)
      .join('');
    const user = cli({ files: { 'portal.yaml': `version: 1\ntunnels:\n  home:\n    ingress:\n${rules}` } });
    expect(parse((await user.run('tunnel compose home')).stdout).cloudflared.depends_on).toEqual(['server', 'db']);
    user.write(
      'local.yaml',
      'version: 1\ntunnels: { home: { ingress: [{ hostname: a.example.com, service: "http://localhost:1" }] } }',
    );
    expect((await user.run('tunnel compose home -f local.yaml')).stdout).not.toContain('depends_on');
  });

  it('asks the account where the document does not say the rules', async () => {
    const { user, id } = await applied();
    user.write('bare.yaml', 'version: 1\ntunnels: { home: { name: cfpb-mcp } }');
    user.write('empty.yaml', 'version: 1\n');
    expect((await user.run('tunnel compose home -f bare.yaml')).stdout).toBe(plain);
    expect((await user.run(`tunnel compose ${id} -f empty.yaml`)).stdout).toBe(plain);
  });
});

describe('an account whose credentials do not reach tunnels', () => {
  it('is exported, looked over and planned as long as the document has none', async () => {
    const user = cli({ files: { 'portal.yaml': portal } });
    await user.run('apply --yes');
    user.account.faults.fail({ what: 'forbidden', path: /cfd_tunnel/, times: 100 });
    for (const line of ['export', 'plan --show-unmanaged', 'doctor -f portal.yaml']) expect((await user.run(line)).code).toBe(0);
    user.write('portal.yaml', document);
    expect(await user.run('plan')).toMatchObject({ code: 1, stderr: expect.stringContaining('`Cloudflare Tunnel Read`') });
  });

  it('has records that lead to tunnels planned like any other', async () => {
    const record = (content: string) =>
      `version: 1\ndns: [{ type: CNAME, name: a.example.com, content: ${content}, proxied: true }]`;
    const user = cli({ files: { 'portal.yaml': record('01234567-0123-4123-8123-0123456789ab.cfargotunnel.com') } });
    user.account.faults.fail({ what: 'forbidden', path: /cfd_tunnel/, times: 100 });
    for (const line of ['apply --yes', 'plan --detailed-exitcode']) expect((await user.run(line)).code).toBe(0);
    user.write('portal.yaml', record('example.net'));
    expect((await user.run('apply --yes')).stdout).toContain(
      'content: 01234567-0123-4123-8123-0123456789ab.cfargotunnel.com → example.net',
    );
    expect((await user.run('destroy --yes')).code).toBe(0);
  });
});
