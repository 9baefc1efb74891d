import { describe, expect, it } from 'vitest';
import { newApi, type Api, type Reply } from './api.ts';

const scripts = '~/workers/scripts';

/** Sends a form with these parts: texts are plain fields, the others files. */
async function send(
  api: Api,
  [method, path]: readonly [string, string],
  parts: Readonly<Record<string, string | File>>,
): Promise<Reply> {
  const form = new FormData();
  for (const [name, part] of Object.entries(parts)) form.append(name, part);
  const url = `https://api.cloudflare.com/client/v4/accounts/${api.account.accountId}${path.replace('~', '')}`;
  const response = await api.account.fetch(new Request(url, { method, headers: { authorization: 'Bearer test' }, body: form }));
  const { result, errors, result_info: info } = JSON.parse(await response.text());
  return { status: response.status, headers: response.headers, result, errors, info };
}

const module = new File(['export default {};'], 'worker.js', { type: 'application/javascript+module' });
const metadata = (more: object = {}): File => new File([JSON.stringify({ main_module: 'worker.js', ...more })], 'metadata.json');
const upload = (api: Api, more: object = {}, name = 'w') =>
  send(api, ['PUT', `${scripts}/${name}`], { metadata: metadata(more), 'worker.js': module });

describe('an upload', () => {
  it('makes a script that is listed, with what it said', async () => {
    const api = newApi();
    const { status, result } = await upload(api, {
      compatibility_date: '2026-01-01',
      bindings: [{ type: 'plain_text', name: 'A', text: 'a' }],
    });
    expect([status, result.id]).toEqual([200, 'w']);
    expect((await api.get(scripts)).result).toMatchObject([{ id: 'w', etag: result.etag }]);
    expect((await api.get(`${scripts}/w/settings`)).result).toMatchObject({
      compatibility_date: '2026-01-01',
      bindings: [{ name: 'A' }],
    });
  });

  it.each([
    ['metadata that a client has flattened', { 'metadata[main_module]': 'worker.js', 'worker.js': module }],
    ['no metadata', { 'worker.js': module }],
    ['metadata that is no JSON', { metadata: 'main_module', 'worker.js': module }],
    ['no main module', { metadata: new File(['{}'], 'm.json'), 'worker.js': module }],
    ['a module under another name', { metadata: metadata(), other: new File([''], 'other.js') }],
    ['a module without a file name', { metadata: metadata(), 'worker.js': 'export default {};' }],
    ['a date that is none', { metadata: metadata({ compatibility_date: 'latest' }), 'worker.js': module }],
    [
      'a rate limit of 30 seconds',
      {
        metadata: metadata({ bindings: [{ type: 'ratelimit', name: 'L', namespace_id: '1', simple: { limit: 1, period: 30 } }] }),
        'worker.js': module,
      },
    ],
    [
      'a binding twice',
      {
        metadata: metadata({
          bindings: [
            { type: 'plain_text', name: 'A', text: '' },
            { type: 'plain_text', name: 'A', text: '' },
          ],
        }),
        'worker.js': module,
      },
    ],
  ])('is refused with %s', async (_what, parts) => {
    const api = newApi();
    const { status, errors } = await send(api, ['PUT', `${scripts}/w`], parts);
    expect([status, errors[0]?.code]).toEqual([400, 10021]);
    expect(api.account.state.workers).toEqual([]);
  });

  it('that is JSON is refused, too', async () => {
    expect((await newApi().put(`${scripts}/w`, { main_module: 'worker.js' })).errors[0]?.code).toBe(10021);
  });

  it('deletes the bindings that it neither sends nor keeps', async () => {
    const api = newApi();
    await upload(api, {
      bindings: [
        { type: 'secret_text', name: 'S', text: 's' },
        { type: 'plain_text', name: 'A', text: 'a' },
      ],
    });
    await upload(api, { bindings: [], keep_bindings: ['secret_text'] });
    expect(api.account.state.workers[0]?.bindings).toEqual([{ type: 'secret_text', name: 'S', text: 's' }]);
    await upload(api);
    expect(api.account.state.workers[0]?.bindings).toEqual([]);
  });
});

describe('settings', () => {
  it('take only a form with a part of that name, and keep what they are not sent', async () => {
    const api = newApi();
    await upload(api, { bindings: [{ type: 'secret_text', name: 'S', text: 's' }], compatibility_date: '2026-01-01' });
    expect((await api.patch(`${scripts}/w/settings`, { bindings: [] })).errors[0]?.code).toBe(10201);
    expect((await send(api, ['PATCH', `${scripts}/w/settings`], { other: metadata() })).errors[0]?.code).toBe(10201);
    const settings = new File(
      [
        JSON.stringify({
          bindings: [
            { type: 'secret_text', name: 'S' },
            { type: 'inherit', name: 'S2', old_name: 'S' },
          ],
        }),
      ],
      's.json',
    );
    await send(api, ['PATCH', `${scripts}/w/settings`], { settings });
    expect(api.account.state.workers[0]).toMatchObject({
      body: { compatibility_date: '2026-01-01' },
      bindings: [
        { type: 'secret_text', name: 'S', text: 's' },
        { type: 'secret_text', name: 'S2', text: 's' },
      ],
    });
  });

  it('never show a secret', async () => {
    const api = newApi();
    await upload(api);
    await api.put(`${scripts}/w/secrets`, { name: 'S', text: 'hidden', type: 'secret_text' });
    for (const path of ['settings', 'secrets', 'versions', 'deployments'])
      expect(JSON.stringify((await api.get(`${scripts}/w/${path}`)).result)).not.toContain('hidden');
    expect((await api.get(`${scripts}/w/secrets`)).result).toEqual([{ name: 'S', type: 'secret_text' }]);
    expect((await api.delete(`${scripts}/w/secrets/T`)).errors[0]?.code).toBe(10056);
  });
});

describe('what is not there', () => {
  it.each([
    ['services/x', 10090],
    ['scripts/x', 10007],
    ['scripts/x/settings', 10007],
    ['scripts/x/deployments', 10007],
    ['scripts/x/versions', 10007],
    ['scripts/x/subdomain', 10007],
    ['domains/x', 100114],
  ])('is a 404 with its own code: workers/%s', async (path, code) => {
    const { status, errors } = await newApi().get(`~/workers/${path}`);
    expect([status, errors[0]?.code]).toEqual([404, code]);
  });
});

describe('hostnames of Workers', () => {
  it('are refused where another Worker or a record has them, save with the override', async () => {
    const api = newApi();
    await upload(api);
    await upload(api, {}, 'v');
    const put = (hostname: string, service: string, more: object = {}) =>
      api.put('~/workers/domains', { hostname, service, ...more });
    expect((await put('a.example.com', 'w')).result).toMatchObject({ zone_name: 'example.com', service: 'w' });
    expect((await put('a.example.com', 'v')).errors[0]?.code).toBe(100116);
    expect((await put('a.example.com', 'v', { override_existing_origin: true })).status).toBe(200);
    const [zone] = (await api.get('/zones')).result;
    await api.post(`/zones/${zone.id}/dns_records`, { type: 'A', name: 'b.example.com', content: '192.0.2.1' });
    expect((await put('b.example.com', 'w')).errors[0]?.code).toBe(100117);
    expect((await put('b.example.com', 'w', { override_existing_dns_record: true })).status).toBe(200);
    expect((await put('a.example.org', 'w')).status).toBe(400);
  });

  it('on workers.dev need the account’s subdomain', async () => {
    const api = newApi();
    await upload(api);
    expect((await api.get('~/workers/subdomain')).result).toEqual({ subdomain: 'sandbox' });
    api.account.state.workers_subdomain = '';
    expect((await api.get('~/workers/subdomain')).errors[0]?.code).toBe(10007);
    expect((await api.post(`${scripts}/w/subdomain`, { enabled: true })).errors[0]?.code).toBe(10063);
  });

  it('are one per route pattern', async () => {
    const api = newApi();
    await upload(api);
    const [zone] = (await api.get('/zones')).result;
    const routes = `/zones/${zone.id}/workers/routes`;
    expect((await api.post(routes, { pattern: 'example.com/*', script: 'w' })).status).toBe(200);
    expect((await api.post(routes, { pattern: 'example.com/*', script: 'w' })).errors[0]?.code).toBe(10020);
    expect((await api.post(routes, { pattern: 'example.org/*', script: 'w' })).errors[0]?.code).toBe(10022);
  });
});

describe('KV namespaces', () => {
  it('have one title each, and pages', async () => {
    const api = newApi();
    const path = '~/storage/kv/namespaces';
    await api.post(path, { title: 'a' });
    expect((await api.post(path, { title: 'a' })).errors[0]?.code).toBe(10014);
    expect((await api.post(path, {})).errors[0]?.code).toBe(10019);
    expect((await api.get(`${path}/x`)).errors[0]?.code).toBe(10013);
    expect((await api.get(`${path}?per_page=1`)).info).toMatchObject({ total_count: 1 });
  });
});
