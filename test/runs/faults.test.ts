import { describe, expect, it } from 'vitest';
import { cli, portal, portalWithToken, type Cli } from './cli.ts';

const files = { 'portal.yaml': portal };

/** The names of all that the account has, sorted, by kind. */
const everything = ({ account: { state } }: Cli) => ({
  policies: state.policies.map(({ body }) => body['name']),
  apps: state.applications.length,
  servers: state.servers.length,
  portals: state.portals.length,
  records: state.dns_records.length,
  tokens: state.service_tokens.length,
});
const whole = { policies: ['people'], apps: 2, servers: 1, portals: 1, records: 1, tokens: 0 };

describe('a lost answer', () => {
  it('of a service-token creation leaves one token, and its secret reaches the sink', async () => {
    const one = cli({ files: { 'portal.yaml': portalWithToken } });
    one.account.faults.fail({ what: 'lost', method: 'POST', path: /service_tokens$/ });
    const answered: string[] = [];
    const fetch = async (request: Request): Promise<Response> => {
      const response = await one.account.fetch(request);
      answered.push(await response.clone().text());
      return response;
    };
    expect((await one.run('apply --yes --secrets-out file:token.json', { fetch })).code).toBe(0);
    expect(one.account.state.service_tokens).toHaveLength(1);
    const kept = JSON.parse(one.read('token.json'));
    expect(kept.client_id).toBe(one.account.state.service_tokens[0]?.client_id);
    expect(answered.findLast((text) => text.includes('"client_secret":'))).toContain(kept.client_secret);
    expect((await one.run('plan')).stdout).toContain('No changes.');
  });

  it.each([
    ['a policy', /access\/policies$/],
    ['an application', /access\/apps$/],
    ['a server', /mcp\/servers$/],
    ['a portal', /mcp\/portals$/],
    ['a DNS record', /dns_records$/],
  ])('of the creation of %s duplicates nothing', async (_, path) => {
    for (const what of ['lost', 'truncated'] as const) {
      const one = cli({ files });
      one.account.faults.fail({ what, method: 'POST', path });
      const { code, stderr } = await one.run('apply --yes');
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(everything(one)).toEqual(whole);
      expect((await one.run('plan')).stdout).toContain('No changes.');
    }
  });

  it('of an update and of a deletion is made up for', async () => {
    const one = cli({ files });
    await one.run('apply --yes');
    one.write('portal.yaml', portal.replace('user@', 'other@'));
    one.account.faults.fail({ what: 'lost', method: 'PUT' });
    expect((await one.run('apply --yes')).code).toBe(0);
    one.account.faults.fail({ what: 'lost', method: 'DELETE' });
    expect((await one.run('destroy --yes')).code).toBe(0);
    expect(everything(one)).toEqual({ policies: [], apps: 0, servers: 0, portals: 0, records: 0, tokens: 0 });
  });
});

describe('an answer that is none', () => {
  it.each(['html-502', 'truncated', 'reset', 'error-500'] as const)(
    '(%s) is asked for again while it is a reading',
    async (what) => {
      const one = cli({ files });
      one.account.faults.fail({ what, method: 'GET', path: /policies$/, times: 2 });
      expect((await one.run('plan')).stdout).toContain('6 to create');
    },
  );

  it.each([
    ['html-502', '502'],
    ['truncated', 'was cut off'],
    ['reset', 'ECONNRESET'],
    ['error-500', '500'],
  ] as const)('(%s) on a list aborts the plan: it never counts as none', async (what, word) => {
    const one = cli({ files });
    await one.run('apply --yes');
    const before = one.writes().length;
    one.account.faults.fail({ what, method: 'GET', path: /policies$/, times: 99 });
    for (const line of ['plan', 'apply --yes', 'drift', 'destroy --yes', 'export --all']) {
      const { code, stdout, stderr } = await one.run(line);
      expect({ line, code, stdout }).toEqual({ line, code: 1, stdout: '' });
      expect(stderr).toContain(word);
      expect(stderr).toContain('/access/policies');
      expect(stderr).not.toMatch(/^\s+at /m);
    }
    expect(one.writes().length).toBe(before);
  });

  it('is a whole error in JSON: method, path, status, code and ray id', async () => {
    const one = cli({ files });
    one.account.faults.fail({ what: 'error-500', method: 'GET', path: /policies$/, times: 99 });
    const { json } = await one.run('plan --json');
    expect(json).toMatchObject({
      ok: false,
      error: {
        code: 'api_error',
        request: {
          method: 'GET',
          path: expect.stringContaining('/access/policies'),
          status: 500,
          code: 10001,
          ray: expect.any(String),
        },
      },
    });
  });
});

describe('a rate limit', () => {
  it('with a short Retry-After is waited for', async () => {
    const one = cli({ files });
    one.account.faults.fail({ what: 'rate-limited', method: 'GET', path: /policies$/, retryAfter: 7 });
    expect((await one.run('plan')).code).toBe(0);
    expect(one.sleeps.some((ms) => ms >= 7000)).toBe(true);
  });

  it('that lasts longer than --timeout fails at once and says so', async () => {
    const one = cli({ files });
    one.account.faults.fail({ what: 'rate-limited', method: 'GET', path: /policies$/, retryAfter: 120, times: 99 });
    const { code, stderr } = await one.run('plan --timeout 30');
    expect(code).toBe(1);
    expect(stderr).toContain('429');
    expect(stderr).toContain('120 s');
    expect(one.sleeps).toEqual([]);
  });
});

it('no answer at all ends with --timeout', async () => {
  const one = cli({ files });
  one.account.faults.fail({ what: 'hang', method: 'GET', path: /policies$/, times: 99 });
  const { code, stderr } = await one.run('plan --timeout 0.05');
  expect(code).toBe(1);
  expect(stderr).toContain('did not answer');
  expect(stderr).toContain('--timeout');
});

it.each([
  ['plan', /access\/policies$/, 'Access: Apps and Policies'],
  ['plan', /mcp\/servers$/, 'MCP'],
  ['export --all', /service_tokens$/, 'Access: Service Tokens'],
  ['drift', /dns_records$/, 'DNS'],
  ['destroy --yes', /access\/apps$/, 'Access: Apps and Policies'],
])('a 403 of %s at %s names the permission', async (line, path, permission) => {
  const one = cli({ files });
  await one.run('apply --yes');
  one.account.faults.fail({ what: 'forbidden', method: 'GET', path, times: 99 });
  const { code, stderr } = await one.run(line);
  expect(code).toBe(1);
  expect(stderr).toContain('403');
  expect(stderr).toContain(permission);
});

describe('a failure in the middle', () => {
  it('exits 1, reports what was done and what was not, and the next run completes', async () => {
    const one = cli({ files });
    one.account.faults.fail({ what: 'forbidden', method: 'POST', path: /mcp\/portals$/ });
    const { code, json } = await one.run('apply --yes --json');
    expect(code).toBe(1);
    expect(json).toMatchObject({ schema_version: 1, ok: false, error: { code: 'partly_applied', message: expect.any(String) } });
    const of = (address: string) => json.applied.find((outcome: { address: string }) => outcome.address === address);
    expect(of('server:notes')).toMatchObject({ ok: true, id: 'notes' });
    expect(of('portal:tools')).toMatchObject({ ok: false, error: expect.stringContaining('403') });
    expect(of('portal_app:tools')).toMatchObject({ ok: false, skipped: true, error: 'waits for portal:tools' });
    const again = await one.run('apply --yes');
    expect(again.code).toBe(0);
    expect(everything(one)).toEqual(whole);
  });

  it('is told in text: failures first, then the stable line', async () => {
    const one = cli({ files });
    one.account.faults.fail({ what: 'forbidden', method: 'POST', path: /mcp\/portals$/ });
    const { code, stdout } = await one.run('apply --yes --wait');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^failed: portal:tools was not created: .*403/m);
    expect(stdout).toMatch(/^skipped: portal_app:tools was not created: waits for portal:tools$/m);
    expect(stdout).toMatch(/^Applied: [34] created, 0 changed, 0 replaced, 0 deleted\.$/m);
  });

  it('keeps a secret that was made before it', async () => {
    const one = cli({ files: { 'portal.yaml': portalWithToken } });
    one.account.faults.fail({ what: 'error-500', method: 'POST', path: /mcp\/portals$/, times: 99 });
    expect((await one.run('apply --yes --secrets-out file:token.json')).code).toBe(1);
    expect(JSON.parse(one.read('token.json')).client_id).toBe(one.account.state.service_tokens[0]?.client_id);
  });
});

describe('Ctrl-C', () => {
  /** Aborts as soon as a request is made that `on` knows. */
  function interrupting(one: Cli, on: (request: Request) => boolean) {
    const controller = new AbortController();
    const fetch = (request: Request): Promise<Response> => {
      if (on(request)) controller.abort();
      return one.account.fetch(request);
    };
    return { fetch, signal: controller.signal };
  }
  const isFirstServer = (request: Request): boolean => request.method === 'POST' && request.url.endsWith('/mcp/servers');

  it('while the plan is read exits 130, nothing changed', async () => {
    const one = cli({ files });
    const { code, json } = await one.run(
      'apply --yes --json',
      interrupting(one, ({ url }) => url.includes('/mcp/servers')),
    );
    expect(code).toBe(130);
    expect(json).toMatchObject({ ok: false, error: { code: 'interrupted' } });
    expect(one.writes()).toEqual([]);
  });

  it('in the middle finishes what runs, reports it, and the next run completes', async () => {
    const one = cli({ files });
    const { code, json } = await one.run('apply --yes --json --concurrency 1', interrupting(one, isFirstServer));
    expect(code).toBe(130);
    expect(json).toMatchObject({ ok: false, error: { code: 'interrupted' } });
    const of = (address: string) => json.applied.find((outcome: { address: string }) => outcome.address === address);
    expect(of('server:notes')).toMatchObject({ ok: true });
    expect(of('portal:tools')).toMatchObject({ ok: false, skipped: true });
    expect(one.account.state.servers).toHaveLength(1);
    expect((await one.run('apply --yes')).code).toBe(0);
    expect(everything(one)).toEqual(whole);
  });

  it('in the middle is told in text', async () => {
    const one = cli({ files });
    const { code, stdout, stderr } = await one.run('apply --yes --concurrency 1 --quiet', interrupting(one, isFirstServer));
    expect(code).toBe(130);
    expect(stdout).toMatch(/^skipped: portal:tools was not created: /m);
    expect(stdout).toMatch(/^Applied: \d created/m);
    expect(stderr).toContain('Interrupted');
  });

  it('while a token is made still brings its secret to the sink', async () => {
    const one = cli({ files: { 'portal.yaml': portalWithToken } });
    const on = interrupting(one, (request) => request.method === 'POST' && request.url.endsWith('/service_tokens'));
    expect((await one.run('apply --yes --secrets-out file:token.json', on)).code).toBe(130);
    expect(JSON.parse(one.read('token.json')).client_id).toBe(one.account.state.service_tokens[0]?.client_id);
  });

  it('while servers are waited for exits 130 with what was applied', async () => {
    const one = cli({ files });
    one.upstreams.set('https://notes.example.com/mcp', () => ({ is: 'error', error: 'refused', details: { retryable: true } }));
    const { code, json } = await one.run(
      'apply --yes --json --wait',
      interrupting(one, ({ url }) => url.endsWith('/sync')),
    );
    expect(code).toBe(130);
    expect(json.ok).toBe(false);
    expect(json.applied.every((outcome: { ok: boolean }) => outcome.ok)).toBe(true);
  });
});

it('credentials that Cloudflare does not accept are named', async () => {
  const one = cli({ files });
  const { code, stderr } = await one.run('plan', {
    fetch: async () =>
      Response.json(
        { success: false, errors: [{ code: 1000, message: 'Invalid API Token' }], messages: [], result: null },
        { status: 401 },
      ),
  });
  expect(code).toBe(1);
  expect(stderr).toContain('CLOUDFLARE_API_TOKEN');
});
