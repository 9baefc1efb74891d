import { describe, expect, it } from 'vitest';
import { cli, type Cli, type Ran } from './cli.ts';

const document = ({ out = 'dotenv:.env', auth = '{ service_token: ci }', url = 'https://a.example.com/mcp' } = {}) =>
  `version: 1\nservice_tokens: { ci: { out: ["${out}"] } }\nservers: { a: { url: "${url}", auth: ${auth} } }\n`;

/** The headers that Cloudflare was given for the one server, and those that the token stands for. */
const given = ({ account }: Cli): unknown => JSON.parse(String(account.state.servers[0]?.credentials)).headers;
const clientId = ({ account }: Cli): string => account.state.service_tokens[0]?.client_id ?? '';
const headers = (id: string, secret: string) => ({ 'CF-Access-Client-Id': id, 'CF-Access-Client-Secret': secret });

const fromDotenv = (text: string): string => /^CF_ACCESS_CLIENT_SECRET=(.+)$/m.exec(text)?.[1] ?? '';
const fromLines = (text: string): string => JSON.parse(text.trimEnd().split('\n').at(-1) ?? '').client_secret;

function expectHidden(secret: string, runs: readonly Ran[]): void {
  expect(secret).toMatch(/^cfast_/);
  for (const { stdout, stderr } of runs) expect(stdout + stderr).not.toContain(secret);
}

/** An account with the token, whose secret lies in its sink, and without the server: its creation was refused once. */
async function withoutServer(one: Cli, line = 'apply --yes'): Promise<Ran> {
  one.account.faults.fail({ what: 'forbidden', method: 'POST', path: /mcp\/servers$/ });
  const failed = await one.run(line);
  expect([failed.code, one.account.state.service_tokens.length, one.account.state.servers.length]).toEqual([1, 1, 0]);
  return failed;
}

describe('a server whose creation failed after its service token was made', () => {
  it.each([
    ['dotenv:.env', '.env', fromDotenv],
    ['file:token.json', 'token.json', fromLines],
  ])('is made by the next run with the secret from %s', async (out, path, secretIn) => {
    const one = cli({ files: { 'portal.yaml': document({ out }) } });
    const failed = await withoutServer(one);
    const planned = await one.run('plan --json');
    expect(planned.json.changes).toMatchObject([{ action: 'create', address: 'server:a' }]);
    const applied = await one.run('apply --yes --debug');
    expect(applied.code).toBe(0);
    const secret = secretIn(one.read(path));
    expect(given(one)).toEqual(headers(clientId(one), secret));
    const again = await one.run('plan --json');
    expect(again.json.changes).toEqual([]);
    expect(again.json.diagnostics.map(({ code }: { code: string }) => code)).not.toContain('MCP211');
    expectHidden(secret, [failed, planned, applied, again]);
    expect(failed.stdout + failed.stderr).not.toMatch(/will be refused|no later run|service_token:ci is there/);
  });

  it('is made with a secret that lies where the document says, seen from the document', async () => {
    const one = cli({ files: { 'sub/portal.yaml': document() } });
    await withoutServer(one, 'apply --yes -f sub/portal.yaml');
    expect((await one.run('apply --yes -f sub/portal.yaml')).code).toBe(0);
    expect(given(one)).toEqual(headers(clientId(one), fromDotenv(one.read('sub/.env'))));
  });

  it('is made with the secret from --secrets-out of the same command, and refused without it', async () => {
    const one = cli({ files: { 'portal.yaml': document().replace(' out: ["dotenv:.env"] ', '') } });
    await withoutServer(one, 'apply --yes --secrets-out dotenv:.env');
    const refused = await one.run('apply --yes');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('--secrets-out');
    expect((await one.run('apply --yes --secrets-out dotenv:.env')).code).toBe(0);
    expect(given(one)).toEqual(headers(clientId(one), fromDotenv(one.read('.env'))));
  });

  it('is made by a saved plan, which has no secret in it', async () => {
    const one = cli({ files: { 'portal.yaml': document() } });
    await withoutServer(one);
    expect((await one.run('plan --out plan.json')).code).toBe(0);
    const secret = fromDotenv(one.read('.env'));
    expect(one.read('plan.json')).not.toContain(secret);
    expect((await one.run('apply plan.json --yes')).code).toBe(0);
    expect(given(one)).toEqual(headers(clientId(one), secret));
  });

  it('is refused with the ways out where the sink has the secret of another token', async () => {
    const one = cli({ files: { 'portal.yaml': document() } });
    await withoutServer(one);
    const other = one.read('.env').replace(clientId(one), 'somebody-else.access');
    one.write('.env', other);
    const requests = one.writes().length;
    for (const line of ['plan', 'apply --yes', 'drift']) {
      const { code, stderr } = await one.run(line);
      expect([line, code]).toEqual([line, 3]);
      expect(stderr).toContain('CF-Access-Client-Secret: REF');
      expect(stderr).toContain('dotenv:.env');
      expect(stderr).not.toContain(fromDotenv(other));
    }
    expect(one.writes()).toHaveLength(requests);
  });

  it('is refused where the sink has the id alone, or is gone', async () => {
    const one = cli({ files: { 'portal.yaml': document() } });
    await withoutServer(one);
    one.write('.env', `CF_ACCESS_CLIENT_ID=${clientId(one)}\nCF_ACCESS_CLIENT_SECRET=\n`);
    expect((await one.run('apply --yes')).code).toBe(3);
    one.write('portal.yaml', document({ out: 'dotenv:.env.gone' }));
    expect((await one.run('apply --yes')).code).toBe(3);
  });

  it('gets the last secret of its token from a file of several', async () => {
    const one = cli({ files: { 'portal.yaml': document({ out: 'file:tokens.json' }) } });
    await withoutServer(one);
    const line = JSON.parse(one.read('tokens.json'));
    const lines = [
      { ...line, client_secret: 'an-older-one' },
      line,
      { name: 'ci', client_id: 'other.access', client_secret: 'of-another' },
      { name: 'ci', client_id: line.client_id },
    ];
    one.write('tokens.json', `no json\n${lines.map((each) => JSON.stringify(each)).join('\r\n')}\n\n`);
    expect((await one.run('apply --yes')).code).toBe(0);
    expect(given(one)).toEqual(headers(line.client_id, line.client_secret));
  });
});

describe('a server beside a service token that was there before', () => {
  it('is replaced when its way of signing in becomes the token, with the secret from the sink', async () => {
    const one = cli({ files: { 'portal.yaml': document({ auth: 'none' }) } });
    expect((await one.run('apply --yes')).code).toBe(0);
    one.write('portal.yaml', document());
    expect((await one.run('plan --json')).json.changes).toMatchObject([{ action: 'replace', address: 'server:a' }]);
    expect((await one.run('apply --yes')).code).toBe(0);
    expect(given(one)).toEqual(headers(clientId(one), fromDotenv(one.read('.env'))));
  });

  it('moves to another address with the same headers', async () => {
    const one = cli({ files: { 'portal.yaml': document() } });
    expect((await one.run('apply --yes')).code).toBe(0);
    one.write('portal.yaml', document({ url: 'https://b.example.com/mcp' }));
    expect((await one.run('apply --yes')).code).toBe(0);
    expect(one.account.state.servers[0]?.body['hostname']).toBe('https://b.example.com/mcp');
    expect(given(one)).toEqual(headers(clientId(one), fromDotenv(one.read('.env'))));
  });

  it('gets the secret from the sink with --resend-secrets, and only then', async () => {
    const one = cli({ files: { 'portal.yaml': document({ auth: '{ bearer: env:OLD }' }) }, env: { OLD: 'old' } });
    expect((await one.run('apply --yes')).code).toBe(0);
    one.write('portal.yaml', document());
    expect((await one.run('plan --json')).json.changes).toEqual([]);
    const planned = await one.run('plan --resend-secrets --json');
    expect(planned.json.changes).toMatchObject([
      { action: 'update', address: 'server:a', fields: [{ path: 'auth.service_token', after: '(secret)', sensitive: true }] },
    ]);
    const applied = await one.run('apply --yes --resend-secrets');
    expect(applied.code).toBe(0);
    const secret = fromDotenv(one.read('.env'));
    expect(given(one)).toEqual(headers(clientId(one), secret));
    expectHidden(secret, [planned, applied]);
  });

  it('is told to get the secret with --resend-secrets where it has that of a token that is gone', async () => {
    const one = cli({ files: { 'portal.yaml': document() } });
    await one.run('apply --yes');
    await one.send('DELETE', `~/access/service_tokens/${one.account.state.service_tokens[0]?.id}`);
    one.account.faults.fail({ what: 'forbidden', method: 'PUT', path: /mcp\/servers\// });
    const failed = await one.run('apply --yes');
    expect([failed.code, failed.stdout]).toEqual([1, expect.stringContaining('--resend-secrets')]);
    expect((await one.run('apply --yes --resend-secrets')).code).toBe(0);
    expect(given(one)).toEqual(headers(clientId(one), fromDotenv(one.read('.env'))));
  });
});

describe('a service token whose secret is not in its sink', () => {
  const only = (out: string) => `version: 1\nservice_tokens: { ci: { ${out === '' ? '' : `out: ${out}`} } }\n`;
  const other = 'CF_ACCESS_CLIENT_ID=other\nCF_ACCESS_CLIENT_SECRET=s3cret\n';

  /** What a plan says of the token, which somebody has made before. */
  async function said(out: string, files: Readonly<Record<string, string>>, used = true): Promise<readonly object[]> {
    const one = cli({ files: { 'portal.yaml': only(out), ...files } });
    await one.send('POST', '~/access/service_tokens', { name: 'ci' });
    const { state } = one.account;
    const seen = used ? { last_seen_at: '2026-01-01T00:00:00Z' } : {};
    state.service_tokens = state.service_tokens.map((token) => ({ ...token, body: { ...token.body, ...seen } }));
    const { code, json, stdout } = await one.run('plan --json --detailed-exitcode');
    expect([code, stdout]).toEqual([0, expect.not.stringContaining('s3cret')]);
    return json.diagnostics;
  }

  it('is told about, as information', async () => {
    expect(await said('dotenv:.env', { '.env': other })).toEqual([
      expect.objectContaining({
        severity: 'info',
        code: 'MCP211',
        message: 'service_tokens.ci: the secret of the live token is not in dotenv:.env',
        hint: expect.stringContaining('rotate'),
        path: 'service_tokens.ci',
      }),
    ]);
    const two = await said('["dotenv:.env", "file:x.json", "file:y.json"]', { '.env': other, 'x.json': '' });
    expect(two).toMatchObject([{ message: expect.stringContaining('not in dotenv:.env, file:x.json') }]);
  });

  it('is told about without a file while nobody has used it: a run that was killed may have made it', async () => {
    expect(await said('dotenv:.env', {}, false)).toMatchObject([
      { code: 'MCP211', message: expect.stringContaining('not in dotenv:.env, and nobody has used it yet') },
    ]);
  });

  it('is not mentioned where no file is there, a sink cannot be read back, or none is named', async () => {
    expect(await said('dotenv:.env', {})).toEqual([]);
    expect(await said('["dotenv:.env", "github:octo-org/octo-repo"]', { '.env': other })).toEqual([]);
    expect(await said('["dotenv:.env", "cmd:cat"]', { '.env': other })).toEqual([]);
    expect(await said('stdout', { '.env': other })).toEqual([]);
    expect(await said('', { '.env': other })).toEqual([]);
    expect(await said('dotenv:.env', { '.env': 'A="never closed\n' })).toEqual([]);
  });

  it('is not mentioned for a sink of the command line', async () => {
    const one = cli({ files: { 'portal.yaml': only(''), '.env': other } });
    await one.send('POST', '~/access/service_tokens', { name: 'ci' });
    expect((await one.run('apply --yes --json --secrets-out dotenv:.env')).json.diagnostics).toEqual([]);
  });
});
