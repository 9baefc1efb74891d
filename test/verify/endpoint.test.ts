import { describe, expect, it, onTestFinished } from 'vitest';
import { Secret } from '../../src/secrets/secret.ts';
import { metadataAddresses } from '../../src/verify/challenge.ts';
import type { Check } from '../../src/verify/check.ts';
import { afterLayers, probeEndpoint } from '../../src/verify/endpoint.ts';
import { openWire } from '../../src/verify/wire.ts';
import { listening, type Upstream } from '../support/data-side.ts';

type Answer = readonly [status: number, body?: unknown, headers?: Readonly<Record<string, string>>];
type Asked = { readonly url: string; readonly headers: Upstream['reached'][number]['headers']; readonly text: string };

const host = 'https://tools.example.com';
const resourceMetadata = '/.well-known/cloudflare-access-protected-resource/mcp';
const asMetadata = '/.well-known/oauth-authorization-server';

const good: Readonly<Record<string, Answer>> = {
  '/mcp': [401, {}, { 'www-authenticate': `Bearer resource_metadata="${host}${resourceMetadata}"` }],
  [resourceMetadata]: [200, { resource: `${host}/mcp`, authorization_servers: [host] }],
  [asMetadata]: [200, { issuer: host, code_challenge_methods_supported: ['S256'], registration_endpoint: `${host}/register` }],
};

/** A portal that answers as the table says, else as a good one. */
async function portal(
  own: Readonly<Record<string, Answer>> = {},
  special?: (asked: Asked) => Answer | undefined,
): Promise<Upstream> {
  return listening((request, response) => {
    const url = request.url ?? '';
    const [status, body = '', headers = {}] = special?.({ url, headers: request.headers, text: request.text }) ??
      own[url] ??
      good[url] ?? [404, {}];
    const isText = typeof body === 'string';
    response
      .writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers })
      .end(isText ? body : JSON.stringify(body));
  });
}

const credentials = {
  'cf-access-client-id': Secret.of('env:ID', 'bot.access'),
  'cf-access-client-secret': Secret.of('env:S', 'bot-secret'),
};

async function look({ port }: Upstream, withToken = false): Promise<readonly Check[]> {
  const resolve = new Map([['tools.example.com', { address: '127.0.0.1', port }]]);
  const wire = openWire({ env: {}, resolve, timeoutMs: 2000, signal: new AbortController().signal });
  onTestFinished(() => wire.close());
  const subject = { id: 'tools', hostname: 'tools.example.com', codeMode: '' };
  const probed = await probeEndpoint(subject, {
    wire,
    timeoutMs: 2000,
    credentials: withToken ? credentials : undefined,
    call: undefined,
  });
  return afterLayers(probed, undefined);
}

const failed = (checks: readonly Check[]) => checks.filter(({ ok }) => !ok);

describe('a portal that works', () => {
  it('answers 401 with a challenge that leads to a sign-in, and keeps others out', async () => {
    const checks = await look(await portal());
    expect(checks.map(({ name, status }) => `${name}: ${status}`)).toEqual([
      'no credentials: ok',
      'resource metadata: ok',
      'authorization server: ok',
      'registration: ok',
      "Claude's connector: ok",
      'handshake: skipped',
      'wrong service token: ok',
    ]);
  });
});

describe('a portal without credentials', () => {
  it.each<[string, Answer, RegExp, RegExp]>([
    [
      '302 to a login',
      [302, '', { location: 'https://team.cloudflareaccess.com/cdn-cgi/access/login/x' }],
      /Managed OAuth is off/,
      /portals\.tools\.access\.oauth: \{ enabled: true \}/,
    ],
    ['401 without a challenge', [401, {}], /where to sign in/, /oauth/],
    ['403 of bot protection', [403, '<html>blocked</html>'], /blocks the request/, /Security > Events/],
    ['404', [404, {}], /leads elsewhere/, /Worker route/],
    ['522', [522, '<html>'], /missing or not proxied/, /^mcp-portal dns$/],
    ['525', [525, '<html>'], /TLS/, /certificate/],
    ['530 with 1016', [530, 'error code: 1016'], /Error 1016/, /^mcp-portal dns$/],
    ['530 with 1014', [530, 'error code: 1014'], /Error 1014/, /dns remove tools\.example\.com CNAME/],
    ['nothing but a web page', [200, '<!DOCTYPE html>'], /lets everybody in|something else than a portal/, /bypass/],
  ])('that answers %s', async (_what, answer, cause, fix) => {
    const [check] = failed(await look(await portal({ '/mcp': answer })));
    expect(check).toMatchObject({ layer: 'endpoint', subject: 'tools', name: 'no credentials' });
    expect(check?.cause).toMatch(cause);
    expect(check?.fix).toMatch(fix);
  });

  it.each<[string, Readonly<Record<string, Answer>>, string, RegExp]>([
    ['the metadata is missing', { [resourceMetadata]: [404, {}] }, 'resource metadata', /leads to no metadata/],
    [
      'the metadata is about another address',
      { [resourceMetadata]: [200, { resource: 'https://other.example/mcp', authorization_servers: [host] }] },
      'resource metadata',
      /another address/,
    ],
    [
      'it names nobody to sign in at',
      { [resourceMetadata]: [200, { resource: `${host}/mcp`, authorization_servers: [] }] },
      'resource metadata',
      /names no server/,
    ],
    [
      'it names plain http elsewhere',
      { [resourceMetadata]: [200, { resource: `${host}/mcp`, authorization_servers: ['http://evil.example'] }] },
      'authorization server',
      /cannot read how to sign in/,
    ],
    [
      'the issuer has a slash too many',
      { [asMetadata]: [200, { issuer: `${host}/`, code_challenge_methods_supported: ['S256'] }] },
      'authorization server',
      /byte for byte/,
    ],
    [
      'PKCE is not offered',
      { [asMetadata]: [200, { issuer: host }] },
      'authorization server',
      /code_challenge_methods_supported/,
    ],
    ['the metadata is HTML', { [asMetadata]: [200, '<html></html>'] }, 'authorization server', /cannot read how to sign in/],
  ])('fails where %s', async (_what, own, name, cause) => {
    const [check, ...others] = failed(await look(await portal(own)));
    expect(others).toEqual([]);
    expect(check?.name).toBe(name);
    expect(check?.cause).toMatch(cause);
  });

  it('warns where clients cannot register', async () => {
    const checks = await look(
      await portal({ [asMetadata]: [200, { issuer: host, code_challenge_methods_supported: ['S256'] }] }),
    );
    expect(checks.find(({ name }) => name === 'registration')).toMatchObject({ status: 'warning', ok: true });
  });
});

describe('who must not get in', () => {
  it('is a made-up service token', async () => {
    const open = await portal({}, ({ headers }) => (headers['cf-access-client-id'] === undefined ? undefined : [200, {}]));
    const [check] = failed(await look(open));
    expect(check).toMatchObject({
      name: 'wrong service token',
      detail: 'HTTP 200: a made-up token is let in',
      cause: expect.stringContaining('bypass'),
    });
  });

  it('is no reason to shut out the connector of Claude', async () => {
    const blocking = await portal({}, ({ headers }) =>
      /Claude-User/.test(headers['user-agent'] ?? '') ? [403, '<html>'] : undefined,
    );
    const [check] = failed(await look(blocking));
    expect(check).toMatchObject({
      name: "Claude's connector",
      cause: expect.stringContaining('blocks AI bots'),
      fix: expect.stringContaining('AI Crawl Control'),
    });
  });

  it('never sees the credentials: only the portal does, and no redirect takes them along', async () => {
    const away = await portal({}, ({ url, headers }) =>
      url === '/mcp' && headers['cf-access-client-id'] === 'bot.access'
        ? [307, '', { location: 'https://evil.example/mcp' }]
        : undefined,
    );
    const [check] = failed(await look(away, true));
    expect(check).toMatchObject({
      name: 'handshake',
      detail: 'with the service token: HTTP 307, to https://evil.example/mcp',
    });
    const signedIn = away.reached.filter(({ headers }) => headers['cf-access-client-secret'] === 'bot-secret');
    expect(new Set(signedIn.map(({ url, headers }) => `${headers.host}${url}`))).toEqual(new Set(['tools.example.com/mcp']));
  });
});

describe('a service token', () => {
  it.each<[string, Answer, RegExp]>([
    ['302', [302, '', { location: 'https://team.cloudflareaccess.com/cdn-cgi/access/login/x' }], /no Service Auth policy/],
    ['401', [401, {}], /wrong secret, expired, revoked/],
    ['403', [403, '<html>'], /valid and not allowed/],
  ])('that is refused with %s names the cause', async (_what, answer, cause) => {
    const refusing = await portal({}, ({ url, headers }) =>
      url === '/mcp' && headers['cf-access-client-id'] === 'bot.access' ? answer : undefined,
    );
    const [check] = failed(await look(refusing, true));
    expect(check?.name).toBe('handshake');
    expect(check?.cause).toMatch(cause);
  });

  it('that sees no server is told why', async () => {
    const empty = await portal({}, ({ url, headers, text }) =>
      url === '/mcp' && headers['cf-access-client-id'] === 'bot.access'
        ? [
            200,
            {
              jsonrpc: '2.0',
              id: JSON.parse(text).id,
              error: { code: -32000, message: 'No allowed servers available, check your Zero Trust Policies' },
            },
          ]
        : undefined,
    );
    const [check] = failed(await look(empty, true));
    expect(check?.cause).toContain('on_behalf: false for service tokens');
  });
});

describe('a portal that earlier layers explain', () => {
  it('is not checked, save what lets others in', async () => {
    const upstream = await portal({ '/mcp': [522, '<html>'] });
    const resolve = new Map([['tools.example.com', { address: '127.0.0.1', port: upstream.port }]]);
    const wire = openWire({ env: {}, resolve, timeoutMs: 2000, signal: new AbortController().signal });
    onTestFinished(() => wire.close());
    const probed = await probeEndpoint(
      { id: 'tools', hostname: 'tools.example.com', codeMode: '' },
      { wire, timeoutMs: 2000, credentials: undefined, call: undefined },
    );
    expect(afterLayers(probed, 'dns of tools.example.com failed').filter(({ name }) => name === 'no credentials')).toMatchObject([
      { ok: true, status: 'skipped', detail: 'dns of tools.example.com failed' },
    ]);
  });
});

describe('the metadata of an issuer', () => {
  it('is looked for as RFC 8414 and OpenID say', () => {
    expect(metadataAddresses('https://a.example')).toEqual([
      'https://a.example/.well-known/oauth-authorization-server',
      'https://a.example/.well-known/openid-configuration',
    ]);
    expect(metadataAddresses('https://a.example/t')).toEqual([
      'https://a.example/.well-known/oauth-authorization-server/t',
      'https://a.example/.well-known/openid-configuration/t',
      'https://a.example/t/.well-known/openid-configuration',
    ]);
  });
});
