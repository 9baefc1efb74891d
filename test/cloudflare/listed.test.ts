import { afterEach, describe, expect, it } from 'vitest';
import { ok, open, serve, type Stub } from './server.ts';

let stub: Stub;
afterEach(() => stub.close());
const listed = async (path: string, rows: unknown) => {
  stub = await serve(ok(rows));
  return await open({ baseUrl: stub.url }).api.list(path, { perPage: 50 });
};

describe('a listing', () => {
  it.each([
    ['no id', { name: 'b' }],
    ['an empty id', { id: '', name: 'b' }],
    ['a number for an id', { id: 7, name: 'b' }],
    ['no object', 'b'],
    ['nothing', null],
  ])('with %s is refused, and the message says where', async (_what, row) => {
    await expect(listed('/zones?name=x', [{ id: 'a', name: 'a' }, row])).rejects.toMatchObject({
      message: 'Cloudflare listed an object without an id (number 2 of 2). [GET /zones]',
      code: 'api_error',
      facts: { request: { method: 'GET', path: '/zones' } },
    });
  });

  it.each([
    '/zones',
    '/zones/z/dns_records',
    '/accounts/a/access/policies',
    '/accounts/a/access/groups',
    '/accounts/a/access/service_tokens',
  ])('of %s is refused when a name is missing, since objects are known by it', async (path) => {
    await expect(listed(path, [{ id: 'a' }])).rejects.toThrow(
      `Cloudflare listed an object without a name (number 1 of 1). [GET ${path}]`,
    );
  });

  it('of applications may leave names out', async () => {
    expect(await listed('/accounts/a/access/apps', [{ id: 'a' }])).toEqual([{ id: 'a' }]);
  });

  it('of tags has names in place of ids', async () => {
    expect(await listed('/accounts/a/access/tags', [{ name: 't' }])).toEqual([{ name: 't' }]);
    stub.close();
    await expect(listed('/accounts/a/access/tags', [{ name: '' }])).rejects.toThrow('without a name (number 1 of 1)');
  });
});
