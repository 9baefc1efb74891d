import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { cut, hang, json, ok, open, page, reset, serve, type Reply, type Stub } from './server.ts';

let stub: Stub;
afterEach(() => stub.close());
const start = async (...replies: Reply[]) => {
  stub = await serve(...replies);
  return open({ baseUrl: stub.url, timeoutMs: 100 });
};
const packed =
  (encoding: string, bytes: Buffer): Reply =>
  (response) =>
    void response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding }).end(bytes);
const body = Buffer.from(JSON.stringify({ success: true, result: 'grüße' }));

describe('on a real connection', () => {
  it('keeps the connection and opens no more than the concurrency', async () => {
    stub = await serve((response, seen) => setTimeout(() => ok([seen.url])(response, seen), 5));
    const { api } = open({ baseUrl: stub.url, concurrency: 3 });
    await Promise.all(Array.from({ length: 12 }, (_, index) => api.get(`/x/${index}`)));
    expect(stub.seen).toHaveLength(12);
    expect(stub.sockets()).toBe(3);
    expect(stub.busiest()).toBe(3);
  });

  it('unpacks gzip and brotli', async () => {
    const { api } = await start(packed('gzip', gzipSync(body)), packed('br', brotliCompressSync(body)));
    expect(await api.get('/x')).toBe('grüße');
    expect(await api.get('/x')).toBe('grüße');
    expect(stub.seen[0]?.headers['accept-encoding']).toBe('gzip, br');
  });

  it.each([
    ['a reset connection', reset],
    ['a body that is cut off', cut],
    ['a hanging server', hang],
    ['an HTML page', page()],
    ['half a JSON text', page('{"success":tr', 200)],
    ['a cut gzip stream', packed('gzip', gzipSync(body).subarray(0, 20))],
    ['an empty reading', (response) => void response.writeHead(200).end()],
  ] satisfies [string, Reply][])('reads again after %s', async (_, reply) => {
    const { api, slept } = await start(reply, ok({ id: 'a' }));
    expect(await api.get('/x')).toEqual({ id: 'a' });
    expect(stub.seen).toHaveLength(2);
    expect(slept).toHaveLength(1);
  });

  it('says after three attempts what happened', async () => {
    const { api } = await start(page());
    await expect(api.get('/x')).rejects.toThrow('Cloudflare answered 502 with an HTML page. [GET /x]');
    expect(stub.seen).toHaveLength(3);
  });

  it('says that nobody answered in time, also in the middle of a body', async () => {
    const stall: Reply = (response) => void response.writeHead(200, { 'content-length': '9' }).write('{');
    const { api } = await start(stall);
    await expect(api.get('/x')).rejects.toThrow('Cloudflare did not answer within 1 s. [GET /x]');
  });

  it('says that an answer was cut off', async () => {
    const { api } = await start(cut);
    const host = new URL(stub.url).host;
    await expect(api.get('/x')).rejects.toThrow(`The answer of ${host} was cut off. [GET /x]`);
    await expect(api.post('/x', {})).rejects.toThrow('was cut off. Whether it was carried out is unknown. [POST /x]');
  });

  it('says the same of a function whose answer breaks off', async () => {
    stub = await serve(hang);
    const broken = () => new ReadableStream({ start: (controller) => controller.error(new TypeError('terminated')) });
    const { api } = open({ baseUrl: stub.url, fetch: async () => new Response(broken()) });
    await expect(api.get('/x')).rejects.toThrow('was cut off. [GET /x]');
  });

  it('names the host that could not be reached', async () => {
    const { api } = await start(json({}));
    stub.close();
    const host = new URL(stub.url).host;
    await expect(api.get('/x')).rejects.toMatchObject({
      message: `No answer came from ${host} (ECONNREFUSED). [GET /x]`,
      facts: { hint: expect.stringContaining('CLOUDFLARE_BASE_URL') },
    });
  });

  it('gives up waiting for a function that never answers', async () => {
    stub = await serve(hang);
    const { api } = open({ timeoutMs: 20, fetch: () => new Promise(() => undefined) });
    await expect(api.get('/x')).rejects.toThrow('did not answer');
  });
});
