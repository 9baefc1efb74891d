import { describe, expect, it } from 'vitest';
import { cli } from '../runs/cli.ts';
import { document, examine, Refused } from './account.ts';

const forbidden = () => new Refused(403, 10000);
const organization = '/access/organizations';

describe('a healthy account', () => {
  it('passes without a document, and nothing is asked twice or changed', async () => {
    const program = cli();
    const { code, json, checks, requests } = await examine(undefined, {}, { program });
    expect(code).toBe(0);
    expect(json).toMatchObject({ schema_version: 1, ok: true });
    expect(json).not.toHaveProperty('error');
    expect(checks.map(({ name, status }) => `${status} ${name}`)).toEqual([
      'ok credentials',
      'ok token',
      'ok account',
      'ok Access: Service Tokens permission',
      'ok Access: Organizations, Identity Providers, and Groups permission',
      'ok Access: Apps and Policies permission',
      'ok MCP Portals permission',
      'ok Zone permission',
      'ok DNS permission',
      'ok Zero Trust organization',
      'ok identity provider',
      'ok zones',
      'ok strict service-token mode',
      'ok service tokens',
      'skipped certificates',
      'skipped AI crawl blocking',
      'ok Node.js',
    ]);
    expect(new Set(requests).size).toBe(requests.length);
    expect(requests).toHaveLength(12);
    expect(program.writes()).toEqual([]);
  });

  it('passes with a document, of which only the kinds in use are read', async () => {
    const { code, check, checks, requests } = await examine(document);
    expect(code).toBe(0);
    expect(new Set(requests).size).toBe(requests.length);
    expect(requests.filter((path) => path.includes('/access/groups'))).toEqual([]);
    expect(checks.some(({ name }) => name.includes('Groups permission'))).toBe(false);
    expect(check('zone example.com')).toMatchObject({ status: 'ok', detail: 'active' });
    expect(check('certificate of tools.example.com').status).toBe('ok');
    expect(check('MCP Portals permission').detail).toBe(
      'reading works (MCP server, MCP server portal); writing is inferred, not tried: apply needs `MCP Portals Write`',
    );
    expect(check('Zone permission').detail).toBe('reading works (DNS record)');
  });

  it('reads one zone for all where there is no document', async () => {
    const zones = ['a.com', 'b.com', 'c.com'];
    const { check, requests } = await examine(undefined, {}, { program: cli({ account: { zones } }) });
    expect(check('zones').detail).toBe('3 active: a.com, b.com, c.com');
    expect(requests.filter((path) => path.includes('dns_records'))).toHaveLength(1);
  });

  it('of which the document only mentions things by their live name is read too', async () => {
    const mentioning = document.replace('{ email: user@example.com }', '{ group: Staff }');
    const program = cli();
    await program.send('POST', '~/access/groups', { name: 'Staff', include: [{ everyone: {} }] });
    const { checks } = await examine(mentioning, {}, { program });
    expect(checks.some(({ name }) => name.includes('Groups permission'))).toBe(true);
  });
});

describe('a missing permission', () => {
  it.each([
    ['/access/service_tokens', 'Access: Service Tokens'],
    ['/access/groups', 'Access: Organizations, Identity Providers, and Groups'],
    ['/access/apps', 'Access: Apps and Policies'],
    ['/access/policies', 'Access: Apps and Policies'],
    ['/mcp/servers', 'MCP Portals'],
    ['/mcp/portals', 'MCP Portals'],
    ['/dns_records', 'DNS'],
  ])('for %s is named as the dashboard names it', async (path, group) => {
    const { code, check, checks } = await examine(undefined, { [path]: forbidden });
    expect(code).toBe(1);
    expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual([`${group} permission`]);
    expect(check(`${group} permission`).detail).toContain(`\`${group} Read\``);
    expect(check(`${group} permission`).fix).toContain(
      `Add \`${group} Write\` (\`${group} Read\` is enough to plan) to the API token`,
    );
  });

  it('for zones leaves the zones unchecked', async () => {
    const { code, check } = await examine(document, { '/zones': forbidden });
    expect(code).toBe(1);
    expect(check('Zone permission').fix).toContain('Add `Zone Read` to the API token');
    expect(check('zones')).toMatchObject({ status: 'skipped', detail: 'they could not be listed' });
    expect(check('certificate of tools.example.com')).toMatchObject({ status: 'skipped', detail: 'its zone is not known' });
  });

  it('for portals may be a plan without them', async () => {
    const { check } = await examine(document, { '/mcp/portals': forbidden });
    expect(check('MCP Portals permission').fix).toContain("the account's plan may lack MCP portals");
  });

  it('of a global key is a matter of roles', async () => {
    const env = { CLOUDFLARE_API_TOKEN: undefined, CLOUDFLARE_API_KEY: 'key-0123', CLOUDFLARE_EMAIL: 'me@example.com' };
    const { check } = await examine(document, { '/access/apps': forbidden }, { env });
    expect(check('Access: Apps and Policies permission').fix).toContain(
      'Give the user a role with `Access: Apps and Policies Write`',
    );
  });

  it('that the document does not need is not missed', async () => {
    const { code, check } = await examine(document, { '/access/groups': forbidden, [organization]: forbidden });
    expect(code).toBe(0);
    expect(check('Zero Trust organization')).toMatchObject({ ok: true, status: 'warning' });
    expect(check('Zero Trust organization').fix).toContain(
      'Add `Access: Organizations, Identity Providers, and Groups Read` to the API token',
    );
    expect(check('identity provider').status).toBe('skipped');
  });

  it('is not what a server error means', async () => {
    const { code, check } = await examine(document, { '/access/policies': () => new Refused(500, 1, 'internal') });
    expect(code).toBe(1);
    expect(check('Access: Apps and Policies permission').detail).toContain('Cloudflare answered 500: internal');
    expect(check('Access: Apps and Policies permission').fix).toBe('Try again in a minute.');
  });

  it('leaves service tokens unchecked where they cannot be listed', async () => {
    const { check } = await examine(document, { '/access/service_tokens': forbidden });
    expect(check('service tokens')).toMatchObject({ status: 'skipped', detail: 'they could not be listed' });
  });
});

describe('the organization', () => {
  it('that is not there fails once, also where every Access endpoint says so', async () => {
    const notEnabled = () => new Refused(403, 9999, 'access.api.error.not_enabled: access is not enabled');
    const answers = Object.fromEntries([organization, '/apps', '/policies', '/service_tokens'].map((end) => [end, notEnabled]));
    const { code, check, checks } = await examine(document, answers);
    expect(code).toBe(1);
    expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['Zero Trust organization']);
    expect(check('Zero Trust organization').fix).toContain('https://one.dash.cloudflare.com');
    expect(check('Access: Apps and Policies permission').status).toBe('skipped');
    expect(check('strict service-token mode')).toMatchObject({ status: 'skipped' });
  });

  it.each([
    ['is missing', () => new Refused(404, 11021, 'not found'), 'this account has none'],
    ['is nothing', () => null, 'this account has none'],
    ['has no team domain', () => ({ name: 'x', auth_domain: '' }), 'it has no team domain'],
  ])('that %s says where to choose a team name', async (_what, answer, detail) => {
    const { code, check } = await examine(document, { [organization]: answer });
    expect(code).toBe(1);
    expect(check('Zero Trust organization').detail).toContain(detail);
    expect(check('Zero Trust organization').fix).toContain('https://one.dash.cloudflare.com');
    expect(check('identity provider').status).toBe('skipped');
  });

  it('needs a way to log in', async () => {
    const { code, check } = await examine(document, { '/identity_providers': () => [] });
    expect(code).toBe(1);
    expect(check('identity provider').fix).toContain('One-time PIN is enough');
  });

  it('says when codes by email are the only one', async () => {
    const pin = await examine(document);
    expect(pin.check('identity provider').detail).toBe('One-time PIN (onetimepin): a code by email, which is enough');
    const google = { id: 'g', name: 'Google', type: 'google' };
    const both = await examine(document, { '/identity_providers': (listed) => [...listed, google] });
    expect(both.check('identity provider').detail).toBe('One-time PIN (onetimepin), Google (google)');
  });

  it('may be in the old service-token mode', async () => {
    const { code, check } = await examine(document, { [organization]: (own) => ({ ...own, strict_service_token_auth: false }) });
    expect(code).toBe(0);
    expect(check('strict service-token mode').detail).toMatch(/^off: .*strict_service_token_auth/);
  });
});

describe('a zone', () => {
  const pending = (zones: readonly object[]) => zones.map((zone) => ({ ...zone, status: 'pending' }));

  it('that is pending names its nameservers', async () => {
    const { code, check } = await examine(document, { '/zones': pending });
    expect(code).toBe(1);
    expect(check('zone example.com')).toMatchObject({ status: 'failed', detail: 'pending: it does not answer yet' });
    expect(check('zone example.com').fix).toContain('ada.ns.cloudflare.com and bob.ns.cloudflare.com');
  });

  it('that nobody needs yet is a warning', async () => {
    const { code, check } = await examine(undefined, { '/zones': pending });
    expect(code).toBe(0);
    expect(check('zone example.com')).toMatchObject({ ok: true, status: 'warning' });
  });

  it('that is paused proxies nothing', async () => {
    const { code, check } = await examine(document, {
      '/zones': (zones) => zones.map((zone: object) => ({ ...zone, paused: true })),
    });
    expect(code).toBe(1);
    expect(check('zone example.com').fix).toContain('Enable Cloudflare on the site');
  });

  it('that is missing is told for each, beside those that are there', async () => {
    const more = `${document}dns:
  - { type: TXT, name: www.example.com, content: hi }
  - { type: TXT, name: a.example.net, content: hi }
  - { type: TXT, name: b.example.net, content: hi }
  - { type: TXT, name: a, zone: example.org, content: hi }
`;
    const { code, checks, check, requests } = await examine(more);
    expect(new Set(requests).size).toBe(requests.length);
    expect(code).toBe(1);
    const zones = checks.filter(({ name }) => name.startsWith('zone '));
    expect(zones.map(({ name, status, detail }) => `${name} ${status}: ${detail}`)).toEqual([
      'zone example.com ok: active',
      'zone example.net failed: no zone of this account fits a.example.net',
      'zone example.net failed: no zone of this account fits b.example.net',
      'zone example.org failed: this account has no zone example.org',
    ]);
    expect(check('zone example.org').fix).toContain('Zone Read');
  });

  it('is not needed by a portal without a record', async () => {
    const { code, check } = await examine(document.replace('hostname:', 'dns: false\n    hostname:'));
    expect(code).toBe(0);
    expect(check('zones')).toMatchObject({ status: 'skipped', detail: 'the document needs none' });
  });

  it('is what an empty account lacks', async () => {
    const { code, check } = await examine(undefined, { '/zones': () => [] });
    expect(code).toBe(0);
    expect(check('zones')).toMatchObject({ status: 'warning' });
    expect(check('zones').fix).toContain('`Zone Read`');
  });
});

describe('what ends', () => {
  const tokens = [
    { id: 't1', name: 'ci', client_id: 'a.access', expires_at: '2026-01-22T00:00:00Z' },
    { id: 't2', name: 'old one', client_id: 'b.access', expires_at: '2025-12-01T00:00:00Z' },
    { id: 't3', name: 'off', client_id: 'c.access', expires_at: '2025-12-01T00:00:00Z', enabled: false },
    { id: 't4', name: 'fine', client_id: 'd.access', expires_at: '2027-12-01T00:00:00Z' },
  ];
  const listed = { '/access/service_tokens': () => tokens };

  it('soon is a warning for the tokens of the document alone', async () => {
    const { code, check, checks } = await examine(document, listed);
    expect(code).toBe(0);
    expect(check('service token ci')).toMatchObject({ status: 'warning', detail: 'expires in 19 days (2026-01-22)' });
    expect(check('service token ci').fix).toContain('mcp-portal service-token refresh ci');
    expect(checks.filter(({ name }) => name.startsWith('service token '))).toHaveLength(1);
  });

  it('already is a failure where the document declares or mentions the token', async () => {
    const declared = document.replace('ci: {}', 'ci: { name: old one }');
    const first = await examine(declared, listed);
    expect(first.code).toBe(1);
    expect(first.check('service token old one')).toMatchObject({ status: 'failed', detail: 'expired on 2025-12-01' });
    expect(first.check('service token old one').fix).toContain("refresh 'old one'");
    const mentioned = document.replace(
      'servers:\n',
      '  bots: { decision: service_auth, include: [{ service_token: old one }] }\nservers:\n',
    );
    const second = await examine(mentioned, listed);
    expect(second.check('service token old one').status).toBe('failed');
  });

  it('is only a warning where nothing tells whether the token is used', async () => {
    const { code, checks } = await examine(undefined, listed);
    expect(code).toBe(0);
    const warnings = checks.filter(({ status }) => status === 'warning').map(({ name }) => name);
    expect(warnings).toEqual(['service token ci', 'service token old one']);
  });

  it('later is said in one line', async () => {
    const { check } = await examine(undefined, { '/access/service_tokens': () => tokens.slice(3) });
    expect(check('service tokens').detail).toBe('1 has an end, none within 30 days');
  });

  it('is not asked about where the document has no service token', async () => {
    const plain = document.replace('service_tokens:\n  ci: {}\n', '').replace('    service_tokens: [ci]\n', '');
    const { check, requests } = await examine(plain);
    expect(check('service tokens').detail).toBe('the document has none');
    expect(requests.filter((path) => path.includes('service_tokens'))).toEqual([]);
  });
});

describe('a hostname', () => {
  it('two labels below its zone needs a certificate of its own', async () => {
    const { code, check } = await examine(document.replace('tools.example.com', 'tools.eu.example.com'));
    expect(code).toBe(0);
    expect(check('certificate of tools.eu.example.com')).toMatchObject({
      status: 'warning',
      detail: 'it is 2 labels below example.com, and Universal SSL covers one',
    });
    expect(check('certificate of tools.eu.example.com').fix).toContain('tools.example.com, or order an advanced certificate');
  });

  it('is measured from the zone that it lies in', async () => {
    const program = cli({ account: { zones: ['example.com', 'eu.example.com'] } });
    const { check } = await examine(document.replace('tools.example.com', 'tools.eu.example.com'), {}, { program });
    expect(check('certificate of tools.eu.example.com').detail).toBe('Universal SSL of eu.example.com covers it');
  });

  it('of a live portal counts where there is no document', async () => {
    const program = cli();
    await program.send('POST', '~/access/ai-controls/mcp/portals', { id: 'p', name: 'P', hostname: 'a.b.example.com' });
    const { check } = await examine(undefined, {}, { program });
    expect(check('certificate of a.b.example.com').status).toBe('warning');
    expect(check('AI crawl blocking')).toMatchObject({ ok: true, status: 'skipped' });
    expect(check('AI crawl blocking').fix).toContain('a.b.example.com: AI Crawl Control > Security');
  });
});
