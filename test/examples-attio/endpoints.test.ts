import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeAttio, type FakeAttio } from './fake-attio.ts';
import { post, signIn, type Session } from './sign-in.ts';
import { startWorker, type Worker } from './worker.ts';

let attio: FakeAttio;
let worker: Worker;
let session: Session;
beforeAll(async () => {
  attio = await fakeAttio();
  worker = await startWorker(attio, { bindings: { ALLOWED_REDIRECT_URIS: 'https://portal.example.com/servers-callback' } });
  session = await signIn(worker);
});
afterAll(async () => {
  await worker.close();
  await attio.close();
});

const json = async (path: string) => {
  const response = await worker.fetch(path);
  expect(response.status).toBe(200);
  return JSON.parse(await response.text());
};

describe('discovery', () => {
  it.each(['/.well-known/oauth-authorization-server', '/.well-known/oauth-authorization-server/mcp'])(
    'is at %s',
    async (path) => {
      expect(await json(path)).toMatchObject({
        issuer: worker.url,
        authorization_endpoint: `${worker.url}/oauth/authorize`,
        token_endpoint: `${worker.url}/oauth/token`,
        registration_endpoint: `${worker.url}/oauth/register`,
        code_challenge_methods_supported: ['S256'],
        response_types_supported: ['code'],
        authorization_response_iss_parameter_supported: true,
        client_id_metadata_document_supported: true,
      });
    },
  );

  it.each(['/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp'])('is at %s', async (path) => {
    expect(await json(path)).toMatchObject({ resource: `${worker.url}/mcp`, authorization_servers: [worker.url] });
  });

  it('starts at the answer to a call without a token', async () => {
    const response = await post(worker, undefined, { jsonrpc: '2.0', id: 1, method: 'ping' });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain(
      `resource_metadata="${worker.url}/.well-known/oauth-protected-resource/mcp"`,
    );
    expect(JSON.parse(await response.text())).toEqual({ error: 'unauthorized', error_description: 'Sign in to use this server' });
  });

  it('may be read by any page', async () => {
    const response = await worker.fetch('/.well-known/oauth-protected-resource', { headers: { origin: 'https://any.example' } });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });
});

describe('POST /mcp', () => {
  it('takes a notification with 202 and no body', async () => {
    const response = await post(worker, session.access, { jsonrpc: '2.0', method: 'notifications/initialized' });
    expect([response.status, await response.text()]).toEqual([202, '']);
  });

  it('answers text that is no JSON with a parse error', async () => {
    const response = await post(worker, session.access, '{');
    expect(response.status).toBe(400);
    expect(JSON.parse(await response.text())).toMatchObject({ jsonrpc: '2.0', error: { code: -32700 } });
  });

  it('refuses a message that is too large, also one that does not say how large it is', async () => {
    const large = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping', params: { text: 'x'.repeat(1024 * 1024) } });
    const said = await post(worker, session.access, large);
    const unsaid = await worker.fetch('/mcp', {
      method: 'POST',
      headers: { authorization: `Bearer ${session.access}`, 'content-type': 'application/json' },
      body: new Blob([large]).stream(),
      duplex: 'half',
    });
    for (const response of [said, unsaid]) {
      expect(response.status).toBe(413);
      expect(JSON.parse(await response.text())).toEqual({
        jsonrpc: '2.0',
        id: null,
        error: { code: -32000, message: 'The body is larger than 1048576 bytes' },
      });
    }
  });

  it('refuses a page of a stranger, even with a token', async () => {
    const response = await post(
      worker,
      session.access,
      { jsonrpc: '2.0', id: 1, method: 'ping' },
      { origin: 'https://evil.example' },
    );
    expect(response.status).toBe(403);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each(['https://claude.ai', 'https://chatgpt.com', 'http://localhost:6274', 'https://portal.example.com'])(
    'serves pages of %s',
    async (origin) => {
      const response = await post(worker, session.access, { jsonrpc: '2.0', id: 1, method: 'ping' }, { origin });
      expect(response.status).toBe(200);
      expect(response.headers.get('access-control-allow-origin')).toBe(origin);
      await response.body?.cancel();
    },
  );

  it.each(['GET', 'DELETE', 'PUT'])('is the only method there: %s is 405', async (method) => {
    const response = await worker.fetch('/mcp', { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
  });

  it.each([[undefined], ['not-a-token'], ['a:b:c'], [`${'a'.repeat(2000)}:b:c`]])(
    'takes no token but its own: %s',
    async (token) => {
      expect((await post(worker, token, { jsonrpc: '2.0', id: 1, method: 'tools/list' })).status).toBe(401);
    },
  );
});

it('tells browsers before a call which headers they may send', async () => {
  const response = await worker.fetch('/mcp', {
    method: 'OPTIONS',
    headers: { origin: 'https://claude.ai', 'access-control-request-method': 'POST' },
  });
  expect(response.status).toBe(204);
  expect(response.headers.get('access-control-allow-origin')).toBe('https://claude.ai');
  expect(response.headers.get('access-control-allow-headers')).toMatch(/\bAuthorization\b.*\bMCP-Protocol-Version\b/);
  expect(response.headers.get('access-control-allow-methods')).toContain('POST');
});

describe('looking whether it works', () => {
  it('answers HEAD / with the protocol that it speaks', async () => {
    const response = await worker.fetch('/', { method: 'HEAD' });
    expect([response.status, response.headers.get('mcp-protocol-version')]).toEqual([200, '2025-11-25']);
  });

  it('answers /ping', async () => {
    expect(await (await worker.fetch('/ping')).text()).toBe('pong');
  });

  it('shows the state of every part at /health', async () => {
    expect(await json('/health')).toEqual({
      status: 'ok',
      components: {
        settings: { status: 'ok' },
        encryption: { status: 'ok' },
        token_store: { status: 'ok' },
        oauth_kv: { status: 'ok' },
        attio: { status: 'ok' },
      },
    });
  });

  it('is degraded while Attio is down', async () => {
    attio.intercept = () => ({ status: 502, body: '<html>' });
    expect(await json('/health')).toMatchObject({ status: 'degraded', components: { attio: { detail: 'Attio answers 502' } } });
    attio.intercept = undefined;
  });

  it('has nothing anywhere else', async () => {
    const response = await worker.fetch('/.env');
    expect([response.status, JSON.parse(await response.text()).error]).toEqual([404, 'not_found']);
  });
});
