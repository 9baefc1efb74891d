import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fakeAttio, type FakeAttio } from './fake-attio.ts';
import { callTool, post, refresh, signIn, type Session } from './sign-in.ts';
import { key, otherKey, startWorker, type Worker } from './worker.ts';

let attio: FakeAttio;
let worker: Worker;
beforeAll(async () => {
  attio = await fakeAttio();
  worker = await startWorker(attio);
});
afterEach(() => {
  attio.tokenExtras = {};
  attio.intercept = undefined;
});
afterAll(async () => {
  await worker.close();
  await attio.close();
});

const ping = async ({ access }: Session) => {
  const response = await post(worker, access, { jsonrpc: '2.0', id: 1, method: 'ping' });
  const text = await response.text();
  return { status: response.status, description: response.status === 200 ? '' : JSON.parse(text).error_description };
};
const records = async () => {
  const store = await worker.storage('TOKEN_STORE');
  return { store, names: (await store.list()).keys };
};

describe('the Attio token', () => {
  it('is in no storage as it is, and goes with its session', async () => {
    const session = await signIn(worker);
    const token = [...attio.tokens.keys()].at(-1) ?? '';
    for (const name of ['TOKEN_STORE', 'OAUTH_KV'] as const) {
      const kv = await worker.storage(name);
      for (const { name: record } of (await kv.list()).keys) {
        const stored = (await kv.get(record)) ?? '';
        for (const secret of [token, session.access, session.refresh]) expect(stored).not.toContain(secret);
      }
    }
    const { store, names } = await records();
    const { name = '', expiration = 0 } = names[0] ?? {};
    expect(JSON.parse((await store.get(name)) ?? '')).toEqual({
      v: 1,
      kid: expect.stringMatching(/^[0-9a-f]{8}$/),
      iv: expect.any(String),
      data: expect.any(String),
    });
    expect(expiration - Date.now() / 1000).toBeGreaterThan(29 * 24 * 3600);
  });

  it('cannot be changed or moved without being noticed', async () => {
    const [first, second] = [await signIn(worker), await signIn(worker)];
    const { store, names } = await records();
    const stored = await Promise.all(names.map(async ({ name }) => ({ name, value: (await store.get(name)) ?? '' })));
    for (const [index, { name }] of stored.entries()) await store.put(name, stored[(index + 1) % stored.length]?.value ?? '');
    for (const session of [first, second])
      expect(await ping(session)).toEqual({ status: 401, description: 'Token decryption failed: the stored value was changed' });
    for (const { name } of stored) await store.put(name, 'rubbish');
    expect(await ping(first)).toEqual({
      status: 401,
      description: 'Token decryption failed: the stored value is in no known format',
    });
    for (const { name } of stored) await store.delete(name);
    expect(await ping(first)).toEqual({ status: 401, description: 'The Attio token of this session is gone; sign in again' });
    expect(await refresh(worker, first)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('survives a change of the key while the old one is named, and is then under the new one', async () => {
    const session = await signIn(worker);
    await worker.restart({ TOKEN_ENCRYPTION_KEY: otherKey, TOKEN_ENCRYPTION_KEY_OLD: key });
    expect((await ping(session)).status).toBe(200);
    const { body } = await refresh(worker, session);
    await worker.restart({ TOKEN_ENCRYPTION_KEY: otherKey });
    expect((await ping({ ...session, access: body.access_token })).status).toBe(200);
    await worker.restart({});
    expect(await ping({ ...session, access: body.access_token })).toEqual({
      status: 401,
      description: 'Token decryption failed: TOKEN_ENCRYPTION_KEY is not the key that this token was stored with',
    });
  });
});

describe('an access token', () => {
  it('lives no longer than the token of Attio', async () => {
    attio.tokenExtras = { expires_in: 600 };
    const session = await signIn(worker);
    const { body } = await refresh(worker, session);
    expect(body.expires_in).toBeLessThanOrEqual(600);
    expect((await callTool(worker, body.access_token, 'health-check')).structuredContent).toEqual({ ok: true });
  });

  it('is renewed together with the token of Attio, where that one is about to end', async () => {
    attio.tokenExtras = { expires_in: 100, refresh_token: true };
    const session = await signIn(worker);
    const before = attio.tokens.size;
    attio.tokenExtras = { expires_in: 7200, refresh_token: true };
    const { body } = await refresh(worker, session);
    expect(attio.tokens.size).toBe(before + 1);
    expect(body.expires_in).toBe(3600);
    const result = await callTool(worker, body.access_token, 'records_search', { resource_type: 'workspace_members' });
    expect(result.structuredContent.records[0].first_name).toBe([...attio.tokens.values()].at(-1));
  });

  it.each([
    ['refuses', { status: 400, body: { error: 'invalid_grant' } }, { status: 400, error: 'invalid_grant' }],
    ['is down', { status: 500, body: 'secret trace' }, { status: 503, error: 'temporarily_unavailable' }],
  ])('is not renewed when Attio %s', async (_name, answer, expected) => {
    attio.tokenExtras = { expires_in: 100, refresh_token: true };
    const session = await signIn(worker);
    attio.intercept = ({ path }) => (path === '/oauth/token' ? answer : undefined);
    const { status, body } = await refresh(worker, session);
    expect({ status, error: body.error }).toEqual(expected);
    expect(JSON.stringify(body)).not.toContain('secret');
  });
});
