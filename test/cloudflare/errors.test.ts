import { mask } from '../../src/cloudflare/mask.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { errorOf, isMissing } from '../../src/cloudflare/errors.ts';
import type { Failure } from '../../src/cloudflare/failure.ts';
import type { Method } from '../../src/cloudflare/request.ts';
import { failure, json, open, serve, type Stub } from './server.ts';

const error = (path: string, failed: Partial<Failure>, method: Method = 'GET') =>
  errorOf({
    request: { method, path },
    failure: failure(failed),
    secrets: ['token-value-1234'],
    timeoutMs: 60_000,
    baseUrl: 'https://api.cloudflare.com/client/v4',
  });
const refused = (status: number, code: number, message = 'Authentication error'): Partial<Failure> => ({
  status,
  errors: [{ code, message }],
});

describe('a missing permission', () => {
  it.each([
    ['/accounts/a/access/apps', 'GET', 'Access: Apps and Policies Read'],
    ['/accounts/a/access/policies/1', 'PUT', 'Access: Apps and Policies Write'],
    ['/accounts/a/access/groups', 'POST', 'Access: Organizations, Identity Providers, and Groups Write'],
    ['/accounts/a/access/service_tokens', 'GET', 'Access: Service Tokens Read'],
    ['/zones/z/dns_records?name=x', 'GET', 'DNS Read'],
    ['/zones', 'GET', 'Zone Read'],
    ['/accounts/a/cfd_tunnel', 'POST', 'Cloudflare Tunnel Write'],
    ['/accounts/a/workers/scripts/w', 'PUT', 'Workers Scripts Write'],
    ['/zones/z/workers/routes', 'GET', 'Workers Routes Read'],
    ['/accounts/a/storage/kv/namespaces', 'GET', 'Workers KV Storage Read'],
    ['/accounts', 'GET', 'Account Settings Read'],
  ] as const)('for %s %s is %s', (path, method, permission) => {
    for (const failed of [refused(403, 10000), refused(400, 9109), refused(403, 1)]) {
      expect(error(path, failed, method).message).toContain(`This needs the permission \`${permission}\`.`);
    }
  });

  it('may also be an account without portals', () => {
    const { message, facts } = error('/accounts/a/access/ai-controls/mcp/servers', refused(403, 10000), 'POST');
    expect(message).toContain('`MCP Portals Write`');
    expect(message).toContain('an account without MCP portals');
    expect(facts.hint).toContain('entitlement');
  });

  it('is unnamed for an unknown path', () => {
    expect(error('/somewhere', refused(403, 1)).facts.hint).toContain('lacks a permission');
  });
});

describe('refused credentials', () => {
  it.each([
    [401, 10000],
    [403, 9106],
    [400, 6003],
    [400, 6111],
    [403, 1000],
  ])('are told by %i and code %i', (status, code) => {
    expect(error('/accounts/a/access/apps', refused(status, code))).toMatchObject({
      code: 'auth_error',
      facts: { hint: expect.stringMatching(/CLOUDFLARE_API_TOKEN.*CLOUDFLARE_API_KEY.*CLOUDFLARE_EMAIL/) },
    });
  });

  it('are not meant by a product that uses the same code', () => {
    expect(error('/zones/z/dns_records', refused(400, 1000, 'bad')).code).toBe('api_error');
    expect(error('/user/tokens/verify', refused(400, 1000)).code).toBe('auth_error');
  });

  it('may be a missing permission as well', () => {
    expect(error('/zones', refused(401, 10000)).facts.hint).toContain('they lack the permission `Zone Read`');
  });
});

describe('a message', () => {
  it('never shows a page or a query', () => {
    const { message } = error('/zones?name=hidden', { status: 404, html: true });
    expect(message).toBe('Cloudflare answered 404 with an HTML page. [GET /zones]');
  });

  it('tells a challenge from a refusal', () => {
    expect(error('/zones', { status: 403, html: true, mitigated: true }).message).toContain('firewall challenge');
  });

  it('is cut when it is endless', () => {
    expect(error('/x', refused(400, 1, 'y'.repeat(5000))).message.length).toBeLessThan(700);
  });

  it('marks what does not exist', () => {
    expect([isMissing(error('/x', refused(404, 1))), isMissing(error('/x', refused(500, 1))), isMissing(new Error('x'))]).toEqual(
      [true, false, false],
    );
  });
});

describe('secrets', () => {
  let stub: Stub;
  afterEach(() => stub.close());

  it('are blanked out where Cloudflare repeats them', async () => {
    stub = await serve((response, seen) =>
      json(
        {
          success: false,
          errors: [
            {
              code: 7001,
              message: `got ${seen.body} with ${seen.headers.authorization} cfast_abcdefgh1234 ${'ab'.repeat(32)}`,
            },
          ],
        },
        400,
      )(response, seen),
    );
    const { api } = open({ baseUrl: stub.url });
    const body = {
      name: 'shown',
      auth_credentials: JSON.stringify({ headers: { 'X-Key': 'header-secret' } }),
      client_secret: 'client"secret',
    };
    const message = await api.put('/x', body).catch((caught: Error) => caught.message);
    expect(message).toContain('shown');
    expect(message).toContain('Bearer (secret) (secret) (secret)');
    for (const secret of ['header-secret', 'client\\"', 'client"secret', 'token-value', 'cfast_', 'abab'])
      expect(message).not.toContain(secret);
  });

  it('are blanked out of an upload too', async () => {
    stub = await serve(json({ success: false, errors: [{ code: 1, message: 'bad value worker-secret' }] }, 400));
    const form = new FormData();
    const metadata = { bindings: [{ type: 'secret_text', name: 'S', text: 'worker-secret' }] };
    form.set('metadata', new Blob([JSON.stringify(metadata)], { type: 'application/json' }));
    await expect(open({ baseUrl: stub.url }).api.put('/x', form)).rejects.toThrow('bad value (secret) (code 1)');
  });
});

describe('a short secret', () => {
  it('is masked where it stands by itself, and not inside words or paths', () => {
    expect(mask('bad token tok for /access/service_tokens/tok_1, latest', ['tok', 'test'])).toBe(
      'bad token (secret) for /access/service_tokens/tok_1, latest',
    );
    expect(mask('header is dev-abc.123! (dev-abc.123)', ['dev-abc.123'])).toBe('header is (secret)! ((secret))');
  });
});
