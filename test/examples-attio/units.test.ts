import { afterEach, describe, expect, it, vi } from 'vitest';
import { asFilter } from '../../examples/attio-mcp-worker/src/attio/filters.ts';
import { retryAfterMs } from '../../examples/attio-mcp-worker/src/attio/retry-after.ts';
import { asValues } from '../../examples/attio-mcp-worker/src/attio/values.ts';
import type { Kv } from '../../examples/attio-mcp-worker/src/env.ts';
import { isAllowedRedirect, isTrustedOrigin } from '../../examples/attio-mcp-worker/src/oauth/redirect-uris.ts';
import { readSettings } from '../../examples/attio-mcp-worker/src/settings.ts';
import { guardedKv } from '../../examples/attio-mcp-worker/src/storage/kv.ts';
import { key } from './worker.ts';

describe('settings', () => {
  const env = { ATTIO_CLIENT_ID: 'id', ATTIO_CLIENT_SECRET: 'secret', TOKEN_ENCRYPTION_KEY: key };
  const at = 'https://attio-mcp.example.workers.dev/health';

  it('has defaults for all that is not a credential', () => {
    expect(readSettings(env, at)).toMatchObject({
      origin: 'https://attio-mcp.example.workers.dev',
      resource: 'https://attio-mcp.example.workers.dev/mcp',
      attio: {
        apiUrl: 'https://api.attio.com',
        authUrl: 'https://app.attio.com',
        callback: 'https://attio-mcp.example.workers.dev/oauth/callback',
      },
      redirectUris: [],
    });
  });

  it.each([
    [{ WORKER_URL: 'https://example.com/path' }, 'WORKER_URL'],
    [{ WORKER_URL: 'http://example.com' }, 'WORKER_URL'],
    [{ WORKER_URL: 'example.com' }, 'WORKER_URL'],
    [{ ATTIO_API_URL: 'http://example.com' }, 'ATTIO_API_URL'],
    [{ TOKEN_ENCRYPTION_KEY: key.slice(1) }, 'TOKEN_ENCRYPTION_KEY'],
    [{ TOKEN_ENCRYPTION_KEY_OLD: 'x' }, 'TOKEN_ENCRYPTION_KEY_OLD'],
    [{ ATTIO_CLIENT_SECRET: ' ' }, 'ATTIO_CLIENT_SECRET'],
  ])('refuses %j', (change, name) => {
    expect(() => readSettings({ ...env, ...change }, at)).toThrow(name);
  });

  it('forgives a trailing slash and spaces', () => {
    const settings = readSettings({ ...env, WORKER_URL: ' https://example.com/ ', ALLOWED_REDIRECT_URIS: ' a , ,b' }, at);
    expect([settings.origin, settings.redirectUris]).toEqual(['https://example.com', ['a', 'b']]);
  });
});

describe('storage', () => {
  afterEach(() => void vi.useRealTimers());
  const never = () => new Promise<never>(() => {});
  const broken: Kv = { get: async () => Promise.reject(new Error('internal detail')), put: never, delete: never, list: never };

  it('that fails is named, and nothing of the failure is told', async () => {
    await expect(guardedKv(broken, 'TOKEN_STORE').get('x')).rejects.toThrow(/^The storage TOKEN_STORE failed$/);
  });

  it('that does not answer is given up', async () => {
    vi.useFakeTimers();
    const waiting = guardedKv(broken, 'TOKEN_STORE')
      .delete('x')
      .catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await waiting).toMatchObject({ message: 'The storage TOKEN_STORE does not answer' });
  });
});

describe('redirect URIs', () => {
  const listed = ['https://portal.example.com/servers-callback'];

  it('are taken from the list as they are written there', () => {
    expect(isAllowedRedirect('https://portal.example.com/servers-callback', listed)).toBe(true);
    expect(isAllowedRedirect('https://portal.example.com/servers-callback?x=1', listed)).toBe(false);
    expect(isAllowedRedirect('https://portal.example.com/', listed)).toBe(false);
  });

  it.each([
    'http://user@localhost/',
    'http://localhost/#x',
    'https://chatgpt.com/connector/oauth/../../evil',
    'ftp://localhost/',
  ])('such as %s are refused', (uri) => expect(isAllowedRedirect(uri, listed)).toBe(false));

  it('say which pages may call', () => {
    const trust = { origin: 'https://own.example', redirectUris: listed };
    const isTrusted = (origin: string) => isTrustedOrigin(origin, trust);
    expect(['https://own.example', 'https://portal.example.com', 'http://[::1]:1'].every(isTrusted)).toBe(true);
    expect(['null', 'https://portal.example.com.evil.example', 'https://example.com'].some(isTrusted)).toBe(false);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-20T10:00:00Z');
  it.each([
    ['Fri, 20 Nov 2026 10:00:03 GMT', 3000],
    ['Fri, 20 Nov 2026 09:00:00 GMT', 0],
    ['7', 7000],
    ['soon', undefined],
    [null, undefined],
  ])('%s', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});

describe('values', () => {
  it('get the form that Attio takes', () => {
    const member = '175bec0c-f06a-4c45-9962-7a7a6be28b8a';
    expect(
      asValues('people', {
        name: 'Ada Lovelace',
        email_addresses: ['ada@example.com'],
        phone_numbers: '0044 (20) 7946-0000',
        owner: member,
        job_title: 'Analyst',
        company: [{ target_object: 'companies', target_record_id: 'c1' }],
        score: 7,
      }),
    ).toEqual({
      name: [{ first_name: 'Ada', last_name: 'Lovelace', full_name: 'Ada Lovelace' }],
      email_addresses: [{ email_address: 'ada@example.com' }],
      phone_numbers: [{ original_phone_number: '+442079460000' }],
      owner: [{ referenced_actor_type: 'workspace-member', referenced_actor_id: member }],
      job_title: [{ value: 'Analyst' }],
      company: [{ target_object: 'companies', target_record_id: 'c1' }],
      score: 7,
    });
  });

  it('that have it already stay as they are', () => {
    const values = { domains: [{ domain: 'acme.com' }], name: null };
    expect(asValues('companies', { values })).toEqual(values);
    expect(asValues('people', { name: 'Lovelace, Ada', phone_numbers: 'ext. 12', owner: 'ada@example.com' })).toEqual({
      name: [{ first_name: 'Ada', last_name: 'Lovelace', full_name: 'Ada Lovelace' }],
      phone_numbers: [{ original_phone_number: 'ext. 12' }],
      owner: [{ workspace_member_email_address: 'ada@example.com' }],
    });
  });
});

describe('filters', () => {
  const condition = (slug: string, word: string, value?: unknown) => ({ attribute: { slug }, condition: word, value });
  const filterOf = (word: string, value?: unknown) =>
    asFilter('people', { filters: { filters: [condition('name', word, value)] } }).filter;

  it.each([
    ['equals', { name: { $eq: 1 } }],
    ['$contains', { name: { $contains: 1 } }],
    ['greater_than', { name: { $gt: 1 } }],
    ['not_equals', { $not: { name: { $eq: 1 } } }],
    ['is_empty', { $not: { name: { $not_empty: true } } }],
    ['is_not_empty', { name: { $not_empty: true } }],
  ])('%s', (word, expected) => {
    expect(filterOf(word, 1)).toEqual(expected);
  });

  it('go along with a query', () => {
    const search = { query: 'ada', filters: { filters: [condition('a', 'is', 1), condition('b', 'is', 2)] } };
    expect(asFilter('people', search).filter).toEqual({
      $and: [
        { $or: [{ name: { full_name: { $contains: 'ada' } } }, { email_addresses: { email_address: { $contains: 'ada' } } }] },
        { $and: [{ a: { $eq: 1 } }, { b: { $eq: 2 } }] },
      ],
    });
  });

  it('are left out where everything is asked for', () => {
    expect(asFilter('companies', {})).toEqual({});
  });
});
