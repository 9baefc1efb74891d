import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeAttio, type FakeAttio } from './fake-attio.ts';
import { post, signIn } from './sign-in.ts';
import { startWorker, type Worker } from './worker.ts';

let attio: FakeAttio;
beforeAll(async () => {
  attio = await fakeAttio();
});
afterAll(() => attio.close());

const bodyOf = async (response: Response) => ({ status: response.status, body: JSON.parse(await response.text()) });

describe('a Worker that is not set up', () => {
  let worker: Worker;
  beforeAll(async () => {
    worker = await startWorker(attio, { bindings: { ATTIO_CLIENT_ID: '', TOKEN_ENCRYPTION_KEY: 'short-secret' } });
  });
  afterAll(() => worker.close());

  it('says what is missing, and lets nobody in', async () => {
    const { status, body } = await bodyOf(await post(worker, 'a:b:c', { jsonrpc: '2.0', id: 1, method: 'ping' }));
    expect(status).toBe(503);
    expect(body.error.message).toBe(
      'This server is not set up: ATTIO_CLIENT_ID is missing; TOKEN_ENCRYPTION_KEY is not 64 hex digits',
    );
  });

  it('does not serve its documents', async () => {
    const response = await bodyOf(await worker.fetch('/.well-known/oauth-protected-resource'));
    expect(response).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
  });

  it.each(['/oauth/authorize', '/oauth/callback'])('shows a page at %s', async (path) => {
    const response = await worker.fetch(path);
    expect([response.status, response.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8']);
    expect(await response.text()).toContain('ATTIO_CLIENT_ID is missing');
  });

  it('shows it at /health', async () => {
    const { status, body } = await bodyOf(await worker.fetch('/health'));
    expect([status, body.status, body.components.settings.status]).toEqual([503, 'failed', 'failed']);
    expect(JSON.stringify(body)).not.toContain('short-secret');
  });
});

describe('a Worker without storage', () => {
  const without = (missing: string) =>
    startWorker(attio, { runtime: { kvNamespaces: ['TOKEN_STORE', 'OAUTH_KV'].filter((name) => name !== missing) } });

  it('of tokens lets nobody in', async () => {
    const worker = await without('TOKEN_STORE');
    expect(await bodyOf(await worker.fetch('/health'))).toMatchObject({
      status: 503,
      body: { components: { token_store: { detail: 'The storage TOKEN_STORE is not bound' } } },
    });
    await expect(signIn(worker)).rejects.toThrow('no redirect: 503');
    await worker.close();
  });

  it('of clients and grants lets nobody in', async () => {
    const worker = await without('OAUTH_KV');
    const description = 'The storage OAUTH_KV is not bound';
    expect(await bodyOf(await worker.fetch('/health'))).toMatchObject({
      status: 503,
      body: { components: { oauth_kv: { detail: description } } },
    });
    const registration = { method: 'POST', body: JSON.stringify({ redirect_uris: ['http://localhost/'] }) };
    expect(await bodyOf(await worker.fetch('/oauth/register', registration))).toEqual({
      status: 503,
      body: { error: 'temporarily_unavailable', error_description: description },
    });
    expect(await bodyOf(await post(worker, 'a:b:c', { jsonrpc: '2.0', id: 1, method: 'ping' }))).toMatchObject({ status: 503 });
    await worker.close();
  });
});

it('goes by WORKER_URL, whatever name it is called by', async () => {
  const worker = await startWorker(attio, { bindings: { WORKER_URL: 'https://attio-mcp.example.com/' } });
  const origin = 'https://attio-mcp.example.com';
  const resource = await bodyOf(await worker.fetch('/.well-known/oauth-protected-resource'));
  expect(resource.body).toMatchObject({ resource: `${origin}/mcp`, authorization_servers: [origin] });
  const server = await bodyOf(await worker.fetch('/.well-known/oauth-authorization-server'));
  expect(server.body).toMatchObject({ issuer: origin, token_endpoint: `${origin}/oauth/token` });
  const refused = await post(worker, undefined, { jsonrpc: '2.0', id: 1, method: 'ping' });
  expect(refused.headers.get('www-authenticate')).toContain(`${origin}/.well-known/oauth-protected-resource/mcp`);
  await worker.close();
});
