import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cli, portalWithToken, type Cli } from './cli.ts';

afterEach(() => vi.unstubAllEnvs());

const files = { 'portal.yaml': portalWithToken };

/** A `gh` that keeps what it is given, and answers as the real one does. */
function withGh(one: Cli, { fails = false } = {}): void {
  const script = `#!/bin/sh
echo "$@" >> "${one.cwd}/gh.log"
case "$1 $2" in
  "repo view") echo '{"viewerPermission":"ADMIN"}' ;;
  "secret set") ${fails ? 'echo "HTTP 503" >&2; exit 1' : `cat > "${one.cwd}/gh-$3"`} ;;
esac
`;
  one.write('bin/gh', script, 0o755);
  vi.stubEnv('PATH', `${join(one.cwd, 'bin')}:${process.env['PATH']}`);
}

const tokens = ({ account }: Cli): number => account.state.service_tokens.length;

describe('a new secret', () => {
  it('without a place exits 3, and nothing is made', async () => {
    const one = cli({ files });
    const { code, stderr } = await one.run('apply --yes');
    expect(code).toBe(3);
    expect(stderr).toContain('service_token:ci');
    expect(stderr).toContain('--secrets-out');
    expect(one.writes()).toEqual([]);
  });

  it('goes to standard output alone, and the rest to standard error', async () => {
    const { run } = cli({ files });
    const { code, stdout, stderr } = await run('apply --yes --secrets-out stdout');
    expect(code).toBe(0);
    expect(Object.keys(JSON.parse(stdout))).toEqual(['name', 'client_id', 'client_secret', 'expires_at']);
    expect(stderr).toContain('+ service_token:ci');
    expect(stderr).toContain('Applied: 7 created');
    expect(stderr).not.toContain(JSON.parse(stdout).client_secret);
  });

  it('stands under secrets of the one document with -o json', async () => {
    const { run } = cli({ files });
    const { json } = await run('apply --yes --json --secrets-out stdout');
    expect(json).toMatchObject({
      ok: true,
      secrets: [{ name: 'ci', client_id: expect.any(String), client_secret: expect.any(String) }],
    });
  });

  it('goes to a file of one JSON object per line, for its owner only', async () => {
    const one = cli({ files: { 'portal.yaml': `${portalWithToken}  robot: {}\n` } });
    const { code, stdout, stderr } = await one.run('apply --yes --secrets-out file:tokens.json');
    expect(code).toBe(0);
    const lines = one
      .read('tokens.json')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(new Set(lines.map(({ name }) => name))).toEqual(new Set(['ci', 'robot']));
    expect(one.mode('tokens.json')).toBe(0o600);
    for (const { client_secret: secret } of lines) expect(stdout + stderr).not.toContain(secret);
  });

  it('goes into a dotenv file, where the rest stays', async () => {
    const one = cli({ files: { ...files, '.env': '# mine\nCF_ACCESS_CLIENT_ID=old\nOTHER=1\n' } });
    expect((await one.run('apply --yes --secrets-out dotenv:.env')).code).toBe(0);
    expect(one.read('.env')).toMatch(/^# mine\nCF_ACCESS_CLIENT_ID=[^o].*\nOTHER=1\nCF_ACCESS_CLIENT_SECRET=.+\n$/);
    expect(one.mode('.env')).toBe(0o600);
  });

  it('goes to GitHub through gh, on its standard input', async () => {
    const one = cli({ files });
    withGh(one);
    const { code, stderr } = await one.run('apply --yes --secrets-out github:octo-org/octo-repo');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const secret = one.read('gh-CF_ACCESS_CLIENT_SECRET');
    expect(secret.length).toBeGreaterThan(10);
    expect(one.read('gh.log')).not.toContain(secret);
    expect(one.read('gh.log')).toContain('secret set CF_ACCESS_CLIENT_ID --repo octo-org/octo-repo');
  });

  it('goes to a command on its standard input', async () => {
    const one = cli({ files });
    expect((await one.run(['apply', '--yes', '--secrets-out', 'cmd:cat > received.json'])).code).toBe(0);
    expect(JSON.parse(one.read('received.json'))).toMatchObject({ name: 'ci', client_secret: expect.any(String) });
  });

  it('goes to several places, and to those of the document beside it', async () => {
    const one = cli({ files: { 'sub/portal.yaml': portalWithToken.replace('ci: {}', 'ci: { out: ["file:own.json"] }') } });
    expect((await one.run('apply --yes -f sub/portal.yaml --secrets-out file:one.json --secrets-out dotenv:.env')).code).toBe(0);
    expect(one.read('one.json')).toBe(one.read('sub/own.json'));
    expect(one.exists('.env')).toBe(true);
  });
});

describe('a place that cannot be written', () => {
  it.each([
    'file:no/such/folder.json',
    'dotenv:no/.env',
    'file:adir',
    'cmd:no-such-program-here --x',
    'github:octo-org/octo-repo',
  ])('(%s) exits 3 before anything exists', async (sink) => {
    const one = cli({ files: { ...files, 'adir/x': '' } });
    vi.stubEnv('PATH', '/nowhere');
    const { code, stderr } = await one.run(['apply', '--yes', '--secrets-out', sink]);
    expect(code).toBe(3);
    expect(stderr).toContain(sink);
    expect(one.writes()).toEqual([]);
  });

  it('is a usage error where it cannot be understood, even when no secret would go there', async () => {
    const one = cli({ files: { 'portal.yaml': 'version: 1\n' } });
    expect((await one.run('apply --yes --secrets-out foo:bar')).code).toBe(64);
  });
});

describe('a place that fails after the creation', () => {
  it('has the token removed again, and reported', async () => {
    const one = cli({ files });
    const { code, json } = await one.run(['apply', '--yes', '--json', '--secrets-out', 'cmd:false']);
    expect(code).toBe(1);
    expect(tokens(one)).toBe(0);
    expect(json.ok).toBe(false);
    const failed = json.applied.find((outcome: { address: string }) => outcome.address === 'service_token:ci');
    expect(failed).toMatchObject({ ok: false, error: expect.stringContaining('cmd:false') });
    expect(json.applied.filter((outcome: { ok: boolean }) => outcome.ok)).toHaveLength(6);
    expect((await one.run('apply --yes --secrets-out file:token.json')).stdout).toContain('Applied: 1 created');
  });

  it('is a warning where another place took the secret', async () => {
    const one = cli({ files });
    withGh(one, { fails: true });
    const { code, stderr } = await one.run('apply --yes --secrets-out file:a.json --secrets-out github:octo-org/octo-repo');
    expect(code).toBe(0);
    expect(stderr).toContain('warning: ');
    expect(stderr).toContain('github:octo-org/octo-repo');
    expect(JSON.parse(one.read('a.json')).client_secret).toEqual(expect.any(String));
    expect(tokens(one)).toBe(1);
  });

  it('shows no value that the failing program repeats', async () => {
    const one = cli({ files });
    const { stdout, stderr } = await one.run(['apply', '--yes', '--secrets-out', 'cmd:tee kept.json >&2; exit 3']);
    const { client_secret: secret } = JSON.parse(one.read('kept.json'));
    expect(stdout + stderr).toContain('exit code 3');
    expect(stdout + stderr).not.toContain(secret);
  });
});

describe('a new token whose secret a server signs in with', () => {
  const text =
    'version: 1\nservice_tokens: { ci: { out: "file:token.json" } }\nservers: { a: { url: "https://a.example.com/mcp", auth: { service_token: ci } } }\n';

  it('is handed on in spite of Ctrl-C, and the next run has nothing left to do', async () => {
    const one = cli({ files: { 'portal.yaml': text } });
    const controller = new AbortController();
    const fetch = (request: Request): Promise<Response> => {
      if (request.method === 'POST' && request.url.endsWith('/service_tokens')) controller.abort();
      return one.account.fetch(request);
    };
    expect((await one.run('apply --yes', { fetch, signal: controller.signal })).code).toBe(130);
    const { client_secret: secret } = JSON.parse(one.read('token.json'));
    expect(one.account.state.servers[0]?.credentials).toContain(secret);
    expect((await one.run('plan --json')).json).toMatchObject({ changes: [] });
  });

  it('is handed on in spite of Ctrl-C to a server that was there already', async () => {
    const one = cli({ files: { 'portal.yaml': text } });
    await one.run('apply --yes');
    await one.send('DELETE', `~/access/service_tokens/${one.account.state.service_tokens[0]?.id}`);
    const controller = new AbortController();
    const fetch = (request: Request): Promise<Response> => {
      if (request.method === 'POST') controller.abort();
      return one.account.fetch(request);
    };
    expect((await one.run('apply --yes', { fetch, signal: controller.signal })).code).toBe(130);
    const { client_secret: secret } = JSON.parse(one.read('token.json').trim().split('\n').at(-1) ?? '');
    expect(one.account.state.servers[0]?.credentials).toContain(secret);
  });

  it('is told with the ways out where the server fails and no sink can be read back, then and later; both lead on', async () => {
    const one = cli({ files: { 'portal.yaml': text.replace('file:token.json', 'cmd:cat > token.json') } });
    one.account.faults.fail({ what: 'forbidden', method: 'POST', path: /mcp\/servers$/ });
    const failed = await one.run('apply --yes');
    const later = await one.run('apply --yes');
    expect([failed.code, later.code]).toEqual([1, 3]);
    for (const said of [failed.stdout, later.stderr]) {
      expect(said).toContain('destroy --target service_token:ci');
      expect(said).toContain('cmd:cat > token.json');
      expect(said).toContain('CF-Access-Client-Secret: REF');
    }
    expect((await one.run('destroy --yes --target service_token:ci')).code).toBe(0);
    expect((await one.run('apply --yes')).code).toBe(0);
    expect(one.account.state.servers).toHaveLength(1);
  });
});

it('a secret is in its sink before anything else is asked', async () => {
  const one = cli({ files });
  const asked: string[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    const made = tokens(one) > 0;
    if (made && !one.exists('token.json')) asked.push(`${request.method} ${new URL(request.url).pathname}`);
    return one.account.fetch(request);
  };
  expect((await one.run('apply --yes --concurrency 1 --secrets-out file:token.json', { fetch })).code).toBe(0);
  expect(asked).toEqual([]);
});

describe('two new secrets', () => {
  it('that would overwrite each other exit 3', async () => {
    const one = cli({ files: { 'portal.yaml': `${portalWithToken}  robot: {}\n` } });
    const { code, stderr } = await one.run('apply --yes --secrets-out dotenv:.env');
    expect(code).toBe(3);
    expect(stderr).toContain('service_token:ci, service_token:robot');
    expect(one.writes()).toEqual([]);
  });
});

describe('a secret that is read', () => {
  const text = (ref: string) => `version: 1\nservers: { a: { url: "https://a.example.com/mcp", auth: { bearer: "${ref}" } } }\n`;

  it.each([
    ['env:TOKEN', {}, 'the-token'],
    ['file:token.txt', {}, 'from-file'],
    ['cmd:echo from-command', {}, 'from-command'],
    ['-', { stdin: 'from-stdin\n' }, 'from-stdin'],
  ])('as %s reaches Cloudflare', async (ref, ran, value) => {
    const one = cli({ files: { 'portal.yaml': text(ref), 'token.txt': 'from-file\n' } });
    expect((await one.run('apply --yes', { ...ran, env: { TOKEN: 'the-token' } })).code).toBe(0);
    expect(JSON.stringify(one.account.state.servers[0]?.credentials)).toContain(value);
  });

  it.each(['env:TOKEN', 'file:token.txt', 'cmd:exit 4', '-'])(
    'as %s and is not there fails before anything is made',
    async (ref) => {
      const one = cli({ files: { 'portal.yaml': text(ref) } });
      expect((await one.run('plan')).code).toBe(0);
      const { code, stderr } = await one.run('apply --yes');
      expect(code).toBe(1);
      expect(stderr).toContain('hint:');
      expect(one.writes()).toEqual([]);
    },
  );
});

it('standard input that two secrets, or the document and a secret, would come from is refused', async () => {
  const server = (id: string) => `  ${id}: { url: "https://${id}.example.com/mcp", auth: { bearer: "-" } }\n`;
  const text = `version: 1\nservers:\n${server('a')}`;
  const two = cli({ files: { 'portal.yaml': `${text}${server('b')}` } });
  const { code, stderr } = await two.run('apply --yes', { stdin: 'one-secret' });
  expect(code).toBe(1);
  expect(stderr).toContain('server:a');
  expect(stderr).toContain('server:b');
  expect(two.writes()).toEqual([]);
  const one = cli();
  expect((await one.run('apply --yes -f -', { stdin: text })).stderr).toContain('the document');
  expect(one.writes()).toEqual([]);
});

it('a file that only others may write is refused before anything exists', async () => {
  const one = cli({ files: { ...files, 'locked/token.json': '' } });
  if (process.getuid?.() === 0) return; // root may write everywhere
  chmodSync(join(one.cwd, 'locked/token.json'), 0o400);
  expect((await one.run('apply --yes --secrets-out file:locked/token.json')).code).toBe(3);
});

describe('a place that cannot keep a secret', () => {
  it('takes the token back when nobody reads standard output any more', async () => {
    const one = cli({ files });
    const { code, stderr } = await one.run('apply --yes --secrets-out stdout', { closedStdout: true });
    expect(code).toBe(1);
    expect(stderr).toContain('reached none of its places');
    expect(tokens(one)).toBe(0);
  });

  it('shows it on standard error where the one JSON document had no reader', async () => {
    const one = cli({ files });
    const { stderr } = await one.run('apply --yes --json --secrets-out stdout', { closedStdout: true });
    expect(stderr).toContain('"client_secret"');
  });

  it('is refused where it is the document itself, and so is a plan', async () => {
    const one = cli({ files });
    for (const line of [
      'apply --yes --secrets-out file:portal.yaml',
      'plan --out portal.yaml',
      'export -f portal.yaml --out portal.yaml',
    ]) {
      expect(await one.run(line)).toMatchObject({ code: 3, stderr: expect.stringContaining('which this run reads') });
    }
    expect(one.read('portal.yaml')).toBe(portalWithToken);
    expect(one.writes()).toEqual([]);
  });
});
