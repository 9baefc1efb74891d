import { describe, expect, it } from 'vitest';
import { discoverAccount, resolveCredentials } from '../../src/cloudflare/account.ts';

describe('credentials', () => {
  it('are the token, trimmed, even beside a key', () => {
    const credentials = resolveCredentials({
      CLOUDFLARE_API_TOKEN: ' abc\n',
      CLOUDFLARE_API_KEY: 'k',
      CLOUDFLARE_EMAIL: 'e@x.com',
    });
    expect('token' in credentials && credentials.token.reveal()).toBe('abc');
    expect(Object.keys(credentials)).toEqual(['token']);
  });

  it('are the key with its email when the token is empty', () => {
    const credentials = resolveCredentials({
      CLOUDFLARE_API_TOKEN: ' ',
      CLOUDFLARE_API_KEY: 'k',
      CLOUDFLARE_EMAIL: 'e@x.com',
    });
    expect('key' in credentials && [credentials.key.reveal(), credentials.email]).toEqual(['k', 'e@x.com']);
  });

  it.each([[{}], [{ CLOUDFLARE_EMAIL: 'e@x.com' }]])('that are missing name both forms', (env) => {
    expect(() => resolveCredentials(env)).toThrow(/CLOUDFLARE_API_TOKEN, or CLOUDFLARE_API_KEY together with CLOUDFLARE_EMAIL/);
  });

  it('that are half there say which half', () => {
    expect(() => resolveCredentials({ CLOUDFLARE_API_KEY: 'k' })).toThrow('CLOUDFLARE_EMAIL is not');
  });

  it('that no header can carry are refused without being shown', () => {
    expect(() => resolveCredentials({ CLOUDFLARE_API_TOKEN: 'abc def' })).toThrow(/^CLOUDFLARE_API_TOKEN contains a space/);
  });
});

describe('the account', () => {
  const seeing = (...accounts: { id: string; name: string }[]) => ({
    list: async <T>(): Promise<readonly T[]> => accounts.map((each) => each as unknown as T),
  });

  it('is the only one that the credentials see', async () => {
    expect(await discoverAccount(seeing({ id: 'a1', name: 'One' }))).toBe('a1');
  });

  it('has to be named when there are several', async () => {
    await expect(discoverAccount(seeing({ id: 'a1', name: 'One' }, { id: 'a2', name: 'Two' }))).rejects.toMatchObject({
      message: 'The credentials see 2 accounts: One (a1), Two (a2).',
      facts: { hint: 'Say which one: --account ID, `account:` in the document, or CLOUDFLARE_ACCOUNT_ID.' },
    });
  });

  it('has to be named when there is none', async () => {
    await expect(discoverAccount(seeing())).rejects.toThrow('see no account');
  });
});
