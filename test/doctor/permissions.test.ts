import { expect, it } from 'vitest';
import { checkPermissions } from '../../src/doctor/permissions.ts';
import { ApiError, UserError } from '../../src/lib/errors.ts';

const title = 'toy';

it('of a listing that fails by itself is told under what was read', () => {
  const error = new UserError('the toys are gone', { hint: 'buy more' });
  expect(checkPermissions([{ title, path: undefined, error }], 'user')).toMatchObject([
    { name: 'reading of each toy', status: 'failed', detail: 'the toys are gone', fix: 'buy more' },
  ]);
});

it('of an endpoint without a known permission is told under what was read', () => {
  const path = '/accounts/0/toys';
  expect(checkPermissions([{ title, path, error: undefined }], 'user')).toEqual([
    { name: 'reading of each toy', ok: true, status: 'ok', detail: 'reading works (toy)' },
  ]);
  const error = new ApiError('Cloudflare answered 403.', { request: { method: 'GET', path, status: 403 } });
  expect(checkPermissions([{ title, path, error }], 'user')).toMatchObject([{ status: 'failed', detail: error.message }]);
});

it('of one group is one check, and one refusal decides', () => {
  const error = new ApiError('This needs the permission `DNS Read`.', {});
  const some = ['/zones/1/dns_records', '/zones/2/dns_records'].map((path, at) => ({
    title,
    path,
    error: at === 1 ? error : undefined,
  }));
  expect(checkPermissions(some, 'account')).toMatchObject([{ name: 'DNS permission', ok: false }]);
});
