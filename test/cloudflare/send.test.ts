import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../src/lib/errors.ts';
import { cut, hang, ok, open, page, refuse, reset, serve, type Reply, type Stub } from './server.ts';

let stub: Stub;
afterEach(() => stub.close());
const start = async (...replies: Reply[]) => {
  stub = await serve(...replies);
  return open({ baseUrl: stub.url, timeoutMs: 100 });
};
const methods = () => stub.seen.map(({ method }) => method).join(' ');

describe('a creation whose answer was lost', () => {
  it.each([
    ['a reset', reset],
    ['a cut body', cut],
    ['a timeout', hang],
    ['an HTML page', page()],
    ['an HTML page with a good status', page('<html>', 200)],
    ['an empty answer', page('', 200)],
    ['a server error', refuse(500, 'oops')],
  ] satisfies [string, Reply][])('is looked for after %s, and not made twice', async (_, reply) => {
    const { api } = await start(reply, ok([{ id: 'made' }]));
    const find = async () => (await api.list<{ id: string }>('/policies', { perPage: 10 }))[0];
    expect(await api.post('/policies', { name: 'p' }, { find })).toEqual({ id: 'made' });
    expect(methods()).toBe('POST GET');
  });

  it('is looked for in a new listing, not in the one from before', async () => {
    const { api } = await start(ok([]), reset, ok([{ id: 'made' }]));
    const find = async () => (await api.list<{ id: string }>('/policies', { perPage: 10 }))[0];
    expect(await find()).toBeUndefined();
    expect(await api.post('/policies', {}, { find })).toEqual({ id: 'made' });
  });

  it('is sent again when it is not there, three times at most', async () => {
    const { api } = await start(reset, ok({ id: 'second' }));
    expect(await api.post('/policies', {}, { find: async () => undefined })).toEqual({ id: 'second' });
    stub.close();
    const again = await start(reset);
    await expect(again.api.post('/policies', {}, { find: async () => undefined })).rejects.toMatchObject({
      code: 'outcome_unknown',
    });
    expect(methods()).toBe('POST POST POST');
  });

  it('is looked for again while listings lag behind, before it is sent again', async () => {
    const { api, slept } = await start(reset, ok([]), ok([]), ok([]), ok([{ id: 'made' }]));
    const find = async () => (await api.list<{ id: string }>('/policies', { perPage: 10 }))[0];
    expect(await api.post('/policies', {}, { find })).toEqual({ id: 'made' });
    expect(methods()).toBe('POST GET GET GET GET');
    expect(slept).toEqual([1000, 2000, 4000]);
  });

  it('fails with an unknown outcome when nobody can look', async () => {
    const { api } = await start(page());
    await expect(api.post('/policies', {})).rejects.toMatchObject({
      message: 'Cloudflare answered 502 with an HTML page. Whether it was carried out is unknown. [POST /policies]',
      facts: { hint: expect.stringContaining('finds what was made') },
    });
    expect(methods()).toBe('POST');
  });

  it('fails with an unknown outcome when the look-up fails too', async () => {
    const { api } = await start(reset);
    const find = () => Promise.reject(new ApiError('The list failed.', { hint: 'Add a permission.' }));
    await expect(api.post('/policies', {}, { find })).rejects.toMatchObject({
      code: 'outcome_unknown',
      message: expect.stringMatching(/Whether it was carried out is unknown\..*Looking for it failed too: The list failed\.$/),
      facts: { hint: 'Add a permission.', request: { method: 'POST', path: '/policies' } },
    });
    expect(methods()).toBe('POST');
  });
});

it('a creation that was refused is not looked for', async () => {
  const { api } = await start(refuse(400, 'bad name', { code: 12130 }));
  await expect(api.post('/policies', {}, { find: () => Promise.reject(new Error('looked')) })).rejects.toThrow(
    'bad name (code 12130)',
  );
  expect(methods()).toBe('POST');
});

it('a creation over the rate limit waits and is sent again', async () => {
  const { api, slept } = await start(
    refuse(429, 'slow down', { code: 971, headers: { 'retry-after': '0.08' } }),
    ok({ id: 'a' }),
  );
  expect(await api.post('/policies', {})).toEqual({ id: 'a' });
  expect(slept).toHaveLength(1);
});

it('a wait that does not fit fails at once and says how long', async () => {
  const { api, slept } = await start(refuse(429, 'slow down', { code: 971, headers: { 'retry-after': '300' } }));
  await expect(api.get('/x')).rejects.toThrow("Cloudflare's rate limit is reached (429); it asks to wait 300 s. [GET /x]");
  expect([slept.length, stub.seen.length]).toEqual([0, 1]);
});

it('while one request waits for the rate limit, no other is sent', async () => {
  stub = await serve(refuse(429, 'slow down'), ok({}));
  let release = (): void => undefined;
  const asleep = new Promise<void>((resolve) => (release = resolve));
  const { api } = open({ baseUrl: stub.url, sleep: () => asleep });
  const first = api.get('/a');
  await vi.waitFor(() => expect(stub.seen).toHaveLength(1));
  await new Promise((resolve) => setTimeout(resolve, 20));
  const second = api.get('/b');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(stub.seen).toHaveLength(1);
  release();
  await Promise.all([first, second]);
  expect(stub.seen).toHaveLength(3);
});

describe('Ctrl-C', () => {
  it('ends a reading at once', async () => {
    const { api, abort } = await start(hang);
    const reading = api.get('/x');
    setTimeout(() => abort.abort(), 10);
    await expect(reading).rejects.toMatchObject({ code: 'interrupted', exitCode: 130 });
    await expect(api.get('/y')).rejects.toMatchObject({ code: 'interrupted' });
    expect(stub.seen).toHaveLength(1);
  });

  it('ends a wait', async () => {
    stub = await serve(page());
    const abort = new AbortController();
    const sleep = async (): Promise<void> => abort.abort();
    await expect(open({ baseUrl: stub.url, signal: abort.signal, sleep }).api.put('/x', {})).rejects.toMatchObject({
      code: 'interrupted',
    });
    expect(stub.seen).toHaveLength(1);
  });

  it('lets a change that runs come to its end, with its readings', async () => {
    const { api, abort } = await start((response, seen) => setTimeout(() => ok({ id: 'a' })(response, seen), 20));
    const change = api.put('/x', {});
    abort.abort();
    expect(await change).toEqual({ id: 'a' });
    expect(await api.get('/x')).toEqual({ id: 'a' });
  });
});
