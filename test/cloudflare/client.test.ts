import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/secrets/secret.ts';
import { json, ok, open, page, refuse, serve, type Reply, type Stub } from './server.ts';

let stub: Stub;
afterEach(() => stub.close());
const start = async (...replies: Reply[]) => {
  stub = await serve(...replies);
  return open({ baseUrl: stub.url });
};

describe('requests', () => {
  it('carry the token, our name and the pinned version', async () => {
    const { api } = await start(ok({ id: 'a' }));
    expect(await api.get(api.path('access', 'apps', 'a'), { expand: 'x y' })).toEqual({ id: 'a' });
    expect(stub.seen[0]).toMatchObject({
      method: 'GET',
      url: '/client/v4/accounts/acc/access/apps/a?expand=x%20y',
      headers: {
        authorization: 'Bearer token-value-1234',
        'user-agent': 'mcp-portal/0.0.0',
        'api-version': '2026-11-01',
      },
    });
    expect(stub.seen[0]?.headers).not.toHaveProperty('x-auth-key');
  });

  it('carry the global key and email alone when there is no token', async () => {
    stub = await serve(ok({}));
    await open({
      baseUrl: stub.url,
      credentials: { key: Secret.of('env:K', 'global-key'), email: 'a@example.com' },
    }).api.get('/zones/z');
    expect(stub.seen[0]?.headers).toMatchObject({ 'x-auth-key': 'global-key', 'x-auth-email': 'a@example.com' });
    expect(stub.seen[0]?.headers).not.toHaveProperty('authorization');
  });

  it('send JSON and give the result', async () => {
    const { api } = await start(ok({ id: 'new' }));
    expect(await api.post('/x', { name: 'n', off: false, gone: undefined, none: null })).toEqual({ id: 'new' });
    await api.put('/x', []);
    await api.patch('/x', { a: 1 });
    expect(stub.seen.map(({ method, body }) => [method, body])).toEqual([
      ['POST', '{"name":"n","off":false,"none":null}'],
      ['PUT', '[]'],
      ['PATCH', '{"a":1}'],
    ]);
    expect(stub.seen[0]?.headers['content-type']).toBe('application/json');
  });

  it('send a form with its boundary', async () => {
    const { api } = await start(ok({ id: 'worker' }));
    const form = new FormData();
    form.set('metadata', '{"main_module":"index.js"}');
    form.set('index.js', new File(['export {}'], 'index.js', { type: 'application/javascript+module' }));
    expect(await api.put(api.path('workers', 'scripts', 'w'), form)).toEqual({ id: 'worker' });
    expect(stub.seen[0]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(stub.seen[0]?.body).toContain('filename="index.js"');
  });

  it('are told to the debug log without query values', async () => {
    const { api, lines } = await start(ok([]));
    await api.get('/zones?name=secret');
    expect(lines).toEqual([{ method: 'GET', path: '/zones', status: 200, ms: expect.any(Number) }]);
  });

  it('never leave for a path with an empty id', async () => {
    const { api } = await start(ok({}));
    expect(() => api.path('access', 'apps', '')).toThrow('An id is missing in the API path /accounts/acc/access/apps/(empty).');
    await expect(api.remove('/accounts/acc/access/apps/')).rejects.toThrow('An id is missing');
    expect(() => api.forAccount('').path('x')).toThrow('An id is missing');
    // Ids come from untyped JSON.
    const odd: readonly string[] = JSON.parse('[null, 5]');
    for (const id of odd) expect(() => api.path('access', 'apps', id)).toThrow('An id is missing in the API path');
    expect(api.path('a b', 'c/d')).toBe('/accounts/acc/a%20b/c%2Fd');
    expect(stub.seen).toHaveLength(0);
  });

  it('do not follow redirects with the credentials', async () => {
    const { api } = await start((response) => void response.writeHead(302, { location: '/elsewhere' }).end());
    await expect(api.get('/x')).rejects.toThrow('Cloudflare answered 302.');
    expect(stub.seen).toHaveLength(1);
  });
});

describe('answers', () => {
  it('with status 200 and success false are errors', async () => {
    const { api } = await start(refuse(200, 'it did not work', { code: 7 }));
    await expect(api.put('/x', {})).rejects.toMatchObject({
      message: 'Cloudflare answered 200: it did not work (code 7). [PUT /x]',
      facts: { request: { status: 200, code: 7 } },
    });
    await expect(api.remove('/x')).rejects.toThrow('it did not work');
  });

  it('to a deletion may be empty or say that nothing is there', async () => {
    const { api } = await start(
      (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(),
      page('', 204),
      refuse(404, 'gone'),
    );
    await api.remove('/x');
    await api.remove('/x');
    await api.remove('/x');
    expect(stub.seen).toHaveLength(3);
  });

  it('without a content type are read as JSON', async () => {
    const { api } = await start((response) => void response.end('{"success":true,"result":5}'));
    expect(await api.get('/x')).toBe(5);
  });

  it('that are missing objects are errors for a reading', async () => {
    const { api } = await start(
      json({ success: false, errors: [{ code: 11021, message: 'not found' }] }, 404, { 'cf-ray': '8f-FRA' }),
    );
    await expect(api.get('/x')).rejects.toMatchObject({
      message: 'Cloudflare answered 404: not found (code 11021). [GET /x, ray id 8f-FRA]',
      facts: { request: { method: 'GET', path: '/x', status: 404, code: 11021, ray: '8f-FRA' } },
    });
  });
});

describe('listings', () => {
  it('are fetched once per reading', async () => {
    const { api } = await start(ok([{ id: '1', name: 'a' }], { total_count: 1 }));
    const list = () => api.list('/zones', { perPage: 50, query: { name: 'a' } });
    await Promise.all([list(), list()]);
    await list();
    expect(stub.seen.map(({ url }) => url)).toEqual(['/client/v4/zones?name=a&page=1&per_page=50']);
    await api.fresh().list('/zones', { perPage: 50, query: { name: 'a' } });
    expect(stub.seen).toHaveLength(2);
  });

  it('are fetched again after a change in them, or when they failed', async () => {
    const { api } = await start(refuse(404, 'no'), ok([{ id: '1', name: 'a', type: 'A' }]));
    await expect(api.list('/zones/z/dns_records', { perPage: 50 })).rejects.toThrow('404');
    await api.list('/zones/z/dns_records', { perPage: 50 });
    await api.list('/zones', { perPage: 50 });
    await api.put('/zones/z/dns_records/1', {});
    await api.list('/zones/z/dns_records', { perPage: 50 });
    expect(stub.seen.map(({ method, url }) => `${method} ${url.split('?')[0]?.slice(10)}`)).toEqual([
      'GET /zones/z/dns_records',
      'GET /zones/z/dns_records',
      'GET /zones',
      'PUT /zones/z/dns_records/1',
      'GET /zones/z/dns_records',
    ]);
  });
});

it('answers from a function instead of the network', async () => {
  stub = await serve(ok({}));
  const asked: string[] = [];
  const { api } = open({
    fetch: async (request) => {
      asked.push(`${request.method} ${request.url} ${await request.text()}`);
      return Response.json({ success: true, result: { id: 'in process' } });
    },
  });
  expect(await api.put(api.path('x'), { a: 1 })).toEqual({ id: 'in process' });
  expect(asked).toEqual(['PUT https://api.cloudflare.com/client/v4/accounts/acc/x {"a":1}']);
  expect(stub.seen).toHaveLength(0);
});

it('refuses a base URL that is none before anything is sent', async () => {
  stub = await serve(ok({}));
  expect(() => open({ baseUrl: 'api.cloudflare.com' })).toThrow('CLOUDFLARE_BASE_URL is not an http or https URL.');
});
