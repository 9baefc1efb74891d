import { describe, expect, it } from 'vitest';
import { cli, portal, token } from './cli.ts';

const files = { 'portal.yaml': portal };

describe('credentials', () => {
  it('that are missing name both forms and exit 1', async () => {
    const { run, account } = cli({ files });
    const { code, stdout, stderr } = await run('plan', { env: { CLOUDFLARE_API_TOKEN: undefined } });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('CLOUDFLARE_API_TOKEN');
    expect(stderr).toContain('CLOUDFLARE_API_KEY');
    expect(stderr).toContain('CLOUDFLARE_EMAIL');
    expect(account.requests).toEqual([]);
  });

  it('may be an API key and an email', async () => {
    const { run } = cli({ files });
    const seen: Headers[] = [];
    const { account } = cli();
    const { code } = await run('plan', {
      env: { CLOUDFLARE_API_TOKEN: undefined, CLOUDFLARE_API_KEY: 'key-123', CLOUDFLARE_EMAIL: 'me@example.com' },
      fetch: (request) => {
        seen.push(request.headers);
        return account.fetch(request);
      },
    });
    expect(code).toBe(0);
    expect(seen[0]?.get('x-auth-key')).toBe('key-123');
    expect(seen[0]?.get('x-auth-email')).toBe('me@example.com');
    expect(seen[0]?.get('authorization')).toBe(null);
  });

  it('are not needed by validate and schema', async () => {
    const { run, account } = cli({ files });
    const env = { CLOUDFLARE_API_TOKEN: undefined };
    expect((await run('validate', { env })).code).toBe(0);
    expect((await run('schema', { env })).code).toBe(0);
    expect(account.requests).toEqual([]);
  });

  it('are not asked for with --sandbox, and a new sandbox has the zones that the document needs', async () => {
    const { run } = cli({ files: { 'portal.yaml': portal.replaceAll('tools.example.com', 'mcp.chitty.cc') } });
    const { code, stdout } = await run('apply --sandbox --yes', { env: { CLOUDFLARE_API_TOKEN: undefined } });
    expect(code).toBe(0);
    expect(stdout).toContain('https://mcp.chitty.cc/mcp');
  });
});

describe('the account', () => {
  const other = 'f'.repeat(32);

  /** The account whose path the first request below an account had. */
  async function accountAsked(line: string, env: Record<string, string>, text = portal): Promise<string | undefined> {
    const { run, account } = cli({ files: { 'portal.yaml': text } });
    await run(line, { env });
    return account.requests.map(({ path }) => /^\/accounts\/([^/]+)\//.exec(path)?.[1]).find((id) => id !== undefined);
  }

  it('is the only one that the credentials see where nothing names one', async () => {
    const { run, account } = cli({ files });
    expect((await run('plan --json')).json.account).toBe(account.accountId);
    expect(account.requests[0]?.path).toBe('/accounts');
  });

  it('is named by the option first, then by the document, then by the environment', async () => {
    const named = `${portal}account: ${'d'.repeat(32)}\n`;
    const env = { CLOUDFLARE_ACCOUNT_ID: 'e'.repeat(32) };
    expect(await accountAsked(`plan --account ${other}`, env, named)).toBe(other);
    expect(await accountAsked('plan', env, named)).toBe('d'.repeat(32));
    expect(await accountAsked('plan', env)).toBe('e'.repeat(32));
  });

  it('has to be named where the credentials see several', async () => {
    const { run, account } = cli({ files });
    const listed = [
      { id: account.accountId, name: 'One' },
      { id: other, name: 'Two' },
    ];
    const { code, stderr } = await run('plan', {
      fetch: async (request) =>
        new URL(request.url).pathname.endsWith('/accounts')
          ? Response.json({
              success: true,
              errors: [],
              messages: [],
              result: listed,
              result_info: { page: 1, per_page: 50, count: 2, total_count: 2 },
            })
          : account.fetch(request),
    });
    expect(code).toBe(1);
    expect(stderr).toContain(`One (${account.accountId}), Two (${other})`);
    expect(stderr).toContain('--account');
  });
});

describe('the document', () => {
  it('is portal.yaml, else portal.yml', async () => {
    const one = cli({ files: { 'portal.yml': portal } });
    expect((await one.run('validate')).stdout).toBe('Valid: 6 resources, 0 warnings.\n');
    one.write('portal.yaml', 'version: 1\n');
    expect((await one.run('validate')).stdout).toBe('Valid: 0 resources, 0 warnings.\n');
  });

  it('that is nowhere exits 64 with a next step that exists', async () => {
    const { code, stderr } = await cli().run('plan');
    expect(code).toBe(64);
    expect(stderr).toContain('portal.yaml');
    expect(stderr).toContain('mcp-portal init');
    expect(stderr).toContain('mcp-portal export');
  });

  it('is merged from several files, later ones over earlier ones', async () => {
    const { run } = cli({
      files: { 'base.yaml': portal, 'more.yaml': 'version: 1\nservers: { notes: { url: "https://other.example.com/mcp" } }\n' },
    });
    const { json } = await run('plan -f base.yaml -f more.yaml --json');
    const server = json.changes.find((change: { address: string }) => change.address === 'server:notes');
    expect(server.fields).toContainEqual(expect.objectContaining({ path: 'url', after: 'https://other.example.com/mcp' }));
    expect(json.changes.map((change: { address: string }) => change.address)).toContain('portal:tools');
  });

  it('is read from standard input with -f -', async () => {
    const { code, stdout } = await cli().run('validate -f -', { stdin: portal });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Valid: 6 resources, 0 warnings.\n' });
  });

  it('shows every error with file, line, column, the line and a caret', async () => {
    const { run } = cli({ files: { 'portal.yaml': 'version: 1\nservers:\n  a: { urll: x }\n  b: { url: 5 }\n' } });
    const { code, stdout, stderr } = await run('plan');
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toContain('portal.yaml:3:8: error MCP102: unknown key "urll" in servers.a');
    expect(stderr).toContain('3 |   a: { urll: x }\n  |        ^\nhint: did you mean "url"?');
    expect(stderr).toContain('portal.yaml:4:13: error');
  });

  it('takes variables from --env-file, below those of the process', async () => {
    const { run } = cli({
      files: {
        'portal.yaml': 'version: 1\nservers: { a: { url: "https://${HOST}/${PATH_PART}" } }\n',
        '.env': 'HOST=file.example.com\nPATH_PART=mcp\n',
      },
    });
    expect((await run('plan')).code).toBe(64);
    const { stdout } = await run('plan --env-file .env', { env: { HOST: 'process.example.com' } });
    expect(stdout).toContain('url: https://process.example.com/mcp');
  });
});

describe('a pasted secret', () => {
  const secret = 'ghp_abcdefghijklmnop0123456789';
  it.each([
    ['a bearer value', `auth: { bearer: ${secret} }`],
    ['a header value', `auth: { headers: { Authorization: "Bearer ${secret}" } }`],
    ['the auth itself', `auth: ${secret}`],
    ['headers that are no map', `auth: { headers: ${secret} }`],
    ['an unknown key of auth', `auth: { token: ${secret} }`],
    ['a misspelt auth', `auht: { bearer: ${secret} }`],
    ['a list', `auth: { bearer: [${secret}] }`],
    ['digits', `auth: { bearer: 123456789012 }`],
  ])('as %s is never shown', async (_, auth) => {
    const { run } = cli({
      files: { 'portal.yaml': `version: 1\nservers:\n  a: { url: "https://a.example.com/mcp", ${auth} }\n` },
    });
    for (const line of ['validate', 'plan', 'validate --json', 'plan --debug']) {
      const { code, stdout, stderr } = await run(line);
      expect(code).toBe(64);
      expect(stdout + stderr).toContain('servers.a');
      expect(stdout + stderr).not.toContain(secret);
      expect(stdout + stderr).not.toContain('123456789012');
    }
  });
});

describe('standard output', () => {
  it('carries only the result', async () => {
    const { run } = cli({ files });
    const { stdout, stderr } = await run('apply --yes --debug');
    expect(stderr).toMatch(/^GET \/accounts 200 \d+ ms$/m);
    expect(stdout).not.toContain(' ms');
    expect(stdout.trimEnd().split('\n').slice(-2)).toEqual([
      'Applied: 6 created, 0 changed, 0 replaced, 0 deleted.',
      'tools: https://tools.example.com/mcp',
    ]);
  });

  it.each([
    'plan',
    'apply --yes',
    'apply --dry-run',
    'drift',
    'destroy --yes',
    'destroy --dry-run',
    'export',
    'validate',
    'schema',
  ])('of %s --json is one document', async (line) => {
    const { run } = cli({ files });
    const { json } = await run(`${line} --json`);
    expect(typeof json).toBe('object');
  });

  it.each(['plan -f missing.yaml', 'plan --nonsense', 'apply', 'destroy --target nonsense:x', 'export --portal nothing'])(
    'of %s --json is one document, although it fails',
    async (line) => {
      const { run } = cli({ files });
      const { code, json, stderr } = await run(`${line} --json`);
      expect(code).toBeGreaterThan(0);
      expect(json).toMatchObject({
        schema_version: 1,
        ok: false,
        error: { code: expect.any(String), message: expect.any(String) },
      });
      expect(stderr).toBe('');
    },
  );

  it.each(['validate', 'export', 'schema', 'sandbox'])('%s says that it has no markdown', async (line) => {
    const { code, stderr } = await cli({ files }).run(`${line} -o markdown`);
    expect(code).toBe(64);
    expect(stderr).toContain(`${line} has no markdown output`);
  });
});

describe('--debug', () => {
  it('never shows a secret', async () => {
    const { run } = cli({
      files: { 'portal.yaml': portal.replace('/mcp, access', '/mcp, auth: { bearer: env:NOTES }, access') },
    });
    const { code, stdout, stderr } = await run('apply --yes --debug --secrets-out file:s.json', {
      env: { NOTES: 'bearer-secret-value' },
    });
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain('bearer-secret-value');
    expect(stdout + stderr).not.toContain(token);
  });

  it('adds no stack to what a user caused', async () => {
    const { stderr } = await cli({ files }).run('plan --debug --account nonsense');
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe('colour', () => {
  const escape = '\u001B[';
  it.each([
    ['plan', false, {}, false],
    ['plan', true, {}, true],
    ['plan', true, { NO_COLOR: '1' }, false],
    ['plan', false, { FORCE_COLOR: '1' }, true],
    ['plan --color always', false, { NO_COLOR: '1' }, true],
    ['plan --color=never', true, { FORCE_COLOR: '1' }, false],
    ['plan --json --color always', true, {}, false],
  ])('%s with a terminal %s and %o shows %s', async (line, isTTY, env, colored) => {
    const { stdout } = await cli({ files }).run(line, { isTTY, env });
    expect(stdout.includes(escape)).toBe(colored);
  });

  it('also marks errors', async () => {
    const { run } = cli({ files: { 'portal.yaml': 'version: 1\nx: 1\n' } });
    expect((await run('validate --color always')).stderr).toContain(escape);
    expect((await run('validate')).stderr).not.toContain(escape);
  });
});

it('--quiet leaves out notices and keeps the result', async () => {
  const { run } = cli({ files });
  const { stdout, stderr } = await run('plan --out plan.json -q');
  expect(stderr).toBe('');
  expect(stdout).toContain('Plan: 6 to create');
  expect((await run('plan --out plan.json')).stderr).toContain('plan.json');
});

it('a wide terminal shows more of a long value', async () => {
  const long = `description: ${'x'.repeat(300)}`;
  const { run } = cli({ files: { 'portal.yaml': portal.replace('url:', `${long}, url:`) } });
  expect((await run('plan', { isTTY: true, env: { NO_COLOR: '1' } })).stdout).not.toContain('x'.repeat(300));
  expect((await run('plan', { isTTY: true, columns: 800, env: { NO_COLOR: '1' } })).stdout).toContain('x'.repeat(300));
});

it('CLOUDFLARE_BASE_URL points at another endpoint', async () => {
  const { run, account } = cli({ files });
  const hosts: string[] = [];
  const fetch = (request: Request): Promise<Response> => {
    hosts.push(new URL(request.url).host);
    return account.fetch(request);
  };
  expect((await run('plan', { env: { CLOUDFLARE_BASE_URL: 'http://127.0.0.1:9/client/v4/' }, fetch })).code).toBe(0);
  expect([...new Set(hosts)]).toEqual(['127.0.0.1:9']);
  expect((await run('plan', { env: { CLOUDFLARE_BASE_URL: 'nonsense' } })).stderr).toContain('CLOUDFLARE_BASE_URL');
});
