import { describe, expect, it } from 'vitest';
import { cli, token } from '../runs/cli.ts';
import { document, examine, Refused } from './account.ts';

const verify = '/user/tokens/verify';
const noToken = { CLOUDFLARE_API_TOKEN: undefined };
const key = { ...noToken, CLOUDFLARE_API_KEY: 'key-0123456789', CLOUDFLARE_EMAIL: 'me@example.com' };

describe('the credentials', () => {
  it('that are missing are a failed check that names both forms, and nothing is asked', async () => {
    const { code, json, check, checks, requests } = await examine(document, {}, { env: noToken });
    expect({ code, ok: json.ok, schema: json.schema_version, error: json.error.code }).toEqual({
      code: 1,
      ok: false,
      schema: 1,
      error: 'auth_error',
    });
    expect(check('credentials')).toMatchObject({ ok: false, status: 'failed' });
    expect(check('credentials').detail).toContain(
      'Set CLOUDFLARE_API_TOKEN, or CLOUDFLARE_API_KEY together with CLOUDFLARE_EMAIL.',
    );
    expect(check('credentials').fix).toContain('https://dash.cloudflare.com/profile/api-tokens');
    expect(check('token')).toMatchObject({ ok: true, status: 'skipped', detail: 'credentials failed' });
    expect(checks.filter(({ status }) => status === 'failed')).toHaveLength(1);
    expect(requests).toEqual([]);
  });

  it('may be half a key', async () => {
    const { code, check } = await examine(undefined, {}, { env: { ...key, CLOUDFLARE_EMAIL: undefined } });
    expect(code).toBe(1);
    expect(check('credentials').detail).toBe('CLOUDFLARE_API_KEY is set, but CLOUDFLARE_EMAIL is not.');
  });

  it('of both forms are used in the form of the token, and that is said', async () => {
    const { code, check } = await examine(undefined, {}, { env: { ...key, CLOUDFLARE_API_TOKEN: token } });
    expect(code).toBe(0);
    expect(check('credentials').detail).toBe(
      'an API token, from CLOUDFLARE_API_TOKEN; the token goes first, so CLOUDFLARE_API_KEY and CLOUDFLARE_EMAIL beside it are not used',
    );
  });

  it('of the simulator need no environment', async () => {
    const { code, check, requests } = await examine(document, {}, { env: noToken, line: '--sandbox' });
    expect(code).toBe(0);
    expect(check('credentials').detail).toBe('the simulator asks for none');
    expect(check('zone example.com').status).toBe('ok');
    expect(requests).toEqual([]);
  });

  it('are not sent to a base URL that is none', async () => {
    const { code, check, requests } = await examine(undefined, {}, { env: { CLOUDFLARE_BASE_URL: 'nonsense' } });
    expect(code).toBe(1);
    expect(check('connection').detail).toContain('CLOUDFLARE_BASE_URL');
    expect(check('account').detail).toBe('connection failed');
    expect(requests).toEqual([]);
  });
});

describe('the token', () => {
  const far = { status: 'active', expires_on: '2027-01-01T00:00:00Z' };

  it.each([
    ['is active', far, { status: 'ok', detail: "a user's token, active, expires on 2027-01-01" }],
    ['has no end', { status: 'active' }, { status: 'ok', detail: "a user's token, active, without an end" }],
    [
      'ends soon',
      { status: 'active', expires_on: '2026-01-12T23:59:59Z' },
      { status: 'warning', detail: "a user's token, active, expires in 10 days (2026-01-12)" },
    ],
    [
      'is expired',
      { status: 'expired', expires_on: '2025-12-31T23:59:59Z' },
      { status: 'failed', detail: "a user's token, expired on 2025-12-31" },
    ],
    ['is disabled', { status: 'disabled' }, { status: 'failed', detail: "a user's token, disabled" }],
    [
      'starts later',
      { ...far, not_before: '2026-02-01T08:30:00Z' },
      { status: 'failed', detail: "a user's token, not valid before 2026-02-01 08:30 UTC" },
    ],
  ])('that %s is told so', async (_what, answer, expected) => {
    const { code, check, requests } = await examine(undefined, { [verify]: () => answer });
    expect(check('token')).toMatchObject(expected);
    expect(code).toBe(expected.status === 'failed' ? 1 : 0);
    const place = 'https://dash.cloudflare.com/profile/api-tokens';
    expect(check('token').fix?.includes(place)).toBe(expected.status === 'ok' ? undefined : true);
    // The identity is two requests; what is behind it is asked only with credentials that are good.
    expect(requests.length > 2).toBe(expected.status !== 'failed');
  });

  it('of an account is known at the account, also where only the listing tells which', async () => {
    const env = { CLOUDFLARE_API_TOKEN: 'cfat_0123456789abcdef' };
    const { code, check, text, requests } = await examine(undefined, {}, { env });
    expect(check('token')).toMatchObject({ status: 'ok', detail: "an account's own token, active, without an end" });
    expect(requests.slice(0, 3).toSorted()).toEqual(['/accounts page=1&per_page=50', '/user/tokens/verify', '~/tokens/verify']);
    expect(code).toBe(0);
    expect(text).not.toContain(env.CLOUDFLARE_API_TOKEN);
  });

  it('of an account is given permissions where the account keeps it', async () => {
    const env = { CLOUDFLARE_API_TOKEN: 'cfat_0123456789abcdef' };
    const { check } = await examine(document, { '/access/service_tokens': () => new Refused(403, 10000) }, { env });
    expect(check('Access: Service Tokens permission').fix).toContain('Manage Account > Account API Tokens');
  });

  it('that Cloudflare does not accept ends the examination', async () => {
    const refused = () => new Refused(401, 1000, `Invalid API Token ${token}`);
    const { code, check, checks, text, requests } = await examine(document, { [verify]: refused, '/accounts': refused });
    expect(code).toBe(1);
    expect(check('token').detail).toContain('Cloudflare does not accept the credentials (401)');
    expect(check('token').fix).toContain('CLOUDFLARE_API_TOKEN');
    expect(check('account')).toMatchObject({ status: 'skipped', detail: 'token failed' });
    expect(checks.filter(({ ok }) => !ok)).toHaveLength(1);
    expect(requests).toHaveLength(2);
    expect(text).not.toContain(token);
  });

  it('that no endpoint knows is only a warning where it works', async () => {
    const unknown = () => new Refused(404, 7003, 'Could not route');
    const { code, check } = await examine(document, { '/tokens/verify': unknown });
    expect(code).toBe(0);
    expect(check('token')).toMatchObject({ ok: true, status: 'warning' });
    expect(check('token').detail).toContain('could not be read');
  });

  it('may be a global key, which has no endpoint of its own', async () => {
    const { code, check, requests, text } = await examine(document, {}, { env: key });
    expect(code).toBe(0);
    expect(check('credentials').detail).toBe('a global API key, from CLOUDFLARE_API_KEY and CLOUDFLARE_EMAIL');
    expect(check('token')).toMatchObject({ ok: true, status: 'warning' });
    expect(check('token').detail).toContain('a global API key');
    expect(requests.filter((path) => path.includes('verify'))).toEqual([]);
    expect(text).not.toContain(key.CLOUDFLARE_API_KEY);
  });

  it('may be a global key that is wrong', async () => {
    const { code, check } = await examine(
      document,
      { '/accounts': () => new Refused(403, 9103, 'Unknown X-Auth-Key') },
      { env: key },
    );
    expect(code).toBe(1);
    expect(check('token')).toMatchObject({ ok: false, status: 'failed' });
  });

  it('cannot be judged where nothing answers: one failure, and everything else is not checked', async () => {
    const program = cli({ files: { 'portal.yaml': document } });
    const fetch = async (): Promise<Response> => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) });
    };
    const { code, json } = await program.run('doctor --json', { fetch });
    const failures = json.checks.filter(({ ok }: { ok: boolean }) => !ok);
    expect({ code, failures }).toMatchObject({ code: 1, failures: [{ name: 'token' }] });
    expect(failures[0].detail).toContain('No answer came from api.cloudflare.com (ECONNREFUSED)');
    expect(failures[0].fix).toContain('Check the network connection');
  });
});

describe('the account', () => {
  const other = { id: 'f'.repeat(32), name: 'Two' };

  it('is the only one that the credentials see', async () => {
    const { check } = await examine(undefined);
    expect(check('account').detail).toMatch(/^Sandbox \([0-9a-f]{32}\), the only one that the credentials see$/);
  });

  it('has to be named where there are several', async () => {
    const { code, check } = await examine(undefined, { '/accounts': (listed) => [...listed, other] });
    expect(code).toBe(1);
    expect(check('account').detail).toContain('The credentials see 2 accounts: Sandbox (');
    expect(check('account').detail).toContain(`Two (${other.id})`);
    expect(check('account').fix).toContain('--account ID');
    expect(check('zones')).toMatchObject({ status: 'skipped', detail: 'account failed' });
  });

  it('may be hidden from the credentials', async () => {
    const { code, check } = await examine(undefined, { '/accounts': () => [] });
    expect(code).toBe(1);
    expect(check('account').detail).toBe('The credentials see no account.');
  });

  it('may be refused', async () => {
    const { code, check } = await examine(undefined, { '/accounts': () => new Refused(403, 10000) });
    expect(code).toBe(1);
    expect(check('account').detail).toContain('`Account Settings Read`');
  });

  it('that is named says by what, and its name where that can be read', async () => {
    const program = cli();
    const id = program.account.accountId;
    const byOption = await examine(undefined, {}, { program, line: `--account ${id}` });
    expect(byOption.check('account').detail).toBe(`Sandbox (${id}), --account`);
    const byDocument = await examine(`${document}account: ${id}\n`, {}, { program });
    expect(byDocument.check('account').detail).toBe(`Sandbox (${id}), \`account:\` of the document`);
    const env = { CLOUDFLARE_ACCOUNT_ID: id };
    const unlisted = await examine(document, { '/accounts': () => [] }, { program, env });
    expect(unlisted.check('account')).toMatchObject({ status: 'ok' });
    expect(unlisted.check('account').detail).toContain(`${id}, CLOUDFLARE_ACCOUNT_ID; these credentials list no accounts`);
    expect(unlisted.code).toBe(0);
  });

  it('that is named and not among those listed is doubted', async () => {
    const { check, code } = await examine(document, {}, { line: `--account ${other.id}` });
    expect(check('account')).toMatchObject({ status: 'warning', ok: true });
    expect(check('account').detail).toContain('is not among the 1 that the credentials list: Sandbox');
    expect(check('account').fix).toContain('Check the id');
    expect(code).toBe(1);
  });
});
