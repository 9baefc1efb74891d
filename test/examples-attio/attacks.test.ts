import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fakeAttio, type FakeAttio } from './fake-attio.ts';
import {
  agree,
  authorizeUrl,
  browser,
  callTool,
  formOf,
  locationOf,
  pkce,
  post,
  postToken,
  redirectUri,
  refresh,
  register,
  signIn,
  type Client,
} from './sign-in.ts';
import { startWorker, type Worker } from './worker.ts';

let attio: FakeAttio;
let worker: Worker;
beforeAll(async () => {
  attio = await fakeAttio();
  worker = await startWorker(attio);
});
afterAll(async () => {
  await worker.close();
  await attio.close();
});

describe('authorize', () => {
  let client: Client;
  const { challenge } = pkce();
  const url = (parameters: Readonly<Record<string, string | undefined>> = {}) =>
    authorizeUrl(worker, { client_id: client.client_id, code_challenge: challenge, ...parameters });
  beforeEach(async () => {
    client = await register(worker);
  });

  it.each([
    ['no PKCE', { code_challenge: undefined, code_challenge_method: undefined }],
    ['plain PKCE', { code_challenge_method: 'plain' }],
    ['PKCE without a method, which means plain', { code_challenge_method: undefined }],
    ['the implicit flow', { response_type: 'token' }],
    ['a token for another server', { resource: 'https://elsewhere.example/mcp' }],
  ])('sends %s back as an error', async (_name, parameters) => {
    const response = await browser().visit(url(parameters));
    const back = new URL(locationOf(response));
    expect(`${back.origin}${back.pathname}`).toBe(redirectUri);
    expect(back.searchParams.get('error')).toMatch(/^(invalid_request|unsupported_response_type|invalid_target)$/);
    expect(back.searchParams.get('state')).toBe('client-state');
    expect(back.searchParams.get('iss')).toBe(worker.url);
  });

  it('wants PKCE of clients with a secret, too', async () => {
    const secret = await register(worker, { token_endpoint_auth_method: 'client_secret_post' });
    const asked = { client_id: secret.client_id, code_challenge: undefined, code_challenge_method: undefined };
    const back = new URL(locationOf(await browser().visit(url(asked))));
    expect(back.searchParams.get('error')).toBe('invalid_request');
  });

  it.each([
    ['another redirect URI', { redirect_uri: 'https://evil.example/callback' }],
    ['another path', { redirect_uri: 'http://127.0.0.1:9/elsewhere' }],
    ['an unknown client', { client_id: 'unknown' }],
    ['no client', { client_id: undefined }],
  ])('answers %s with a page, and sends nobody anywhere', async (_name, parameters) => {
    const response = await browser().visit(url(parameters));
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
    expect(response.headers.get('content-type')).toContain('text/html');
  });

  it('lets a program on this computer choose its port', async () => {
    expect((await browser().visit(url({ redirect_uri: 'http://127.0.0.1:51234/callback' }))).status).toBe(200);
  });

  it('shows who asks and where access goes, without running what the client calls itself', async () => {
    client = await register(worker, { client_name: '<script>alert(1)</script>' });
    const response = await browser().visit(url());
    const html = await response.text();
    expect(html).toContain('&#60;script&#62;alert(1)&#60;/script&#62;');
    expect(html).not.toContain('<script');
    expect(html).toContain('<strong>127.0.0.1</strong>');
    expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(response.headers.get('x-frame-options')).toBe('DENY');
  });

  it('goes nowhere when the person says no', async () => {
    const person = browser();
    const html = await (await person.visit(url())).text();
    const denied = await person.visit(url(), { method: 'POST', body: formOf(html, 'Deny') });
    expect(new URL(locationOf(denied)).searchParams.get('error')).toBe('access_denied');
  });
});

describe('consent', () => {
  const asked = async () => {
    const client = await register(worker);
    const person = browser();
    const html = await (
      await person.visit(authorizeUrl(worker, { client_id: client.client_id, code_challenge: pkce().challenge }))
    ).text();
    return { person, form: formOf(html, 'Allow'), submit: new URL('/oauth/authorize', worker.url) };
  };
  const attioVisits = () => attio.calls.filter(({ path }) => path === '/authorize').length;

  it.each([
    ['without the handle', (form: URLSearchParams) => form.delete('handle')],
    ['with a made-up handle', (form: URLSearchParams) => form.set('handle', 'made-up')],
    ['without a decision', (form: URLSearchParams) => form.delete('decision')],
  ])('is not taken %s', async (_name, change) => {
    const { person, form, submit } = await asked();
    change(form);
    const response = await person.visit(submit, { method: 'POST', body: form });
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
  });

  it('is not taken from another browser, nor twice', async () => {
    const { person, form, submit } = await asked();
    expect((await browser().visit(submit, { method: 'POST', body: form })).status).toBe(400);
    expect((await person.visit(submit, { method: 'POST', body: form })).status).toBe(302);
    expect((await person.visit(submit, { method: 'POST', body: form })).status).toBe(400);
  });

  it('comes before Attio is asked for anything', async () => {
    const before = attioVisits();
    await asked();
    expect(attioVisits()).toBe(before);
  });

  it('is too large', async () => {
    const { person, form, submit } = await asked();
    form.set('more', 'x'.repeat(70_000));
    expect((await person.visit(submit, { method: 'POST', body: form })).status).toBe(413);
  });
});

describe('the way back from Attio', () => {
  const atAttio = async () => {
    const client = await register(worker);
    const person = browser();
    const url = authorizeUrl(worker, { client_id: client.client_id, code_challenge: pkce().challenge });
    const form = formOf(await (await person.visit(url)).text(), 'Allow');
    const sent = await person.visit(new URL('/oauth/authorize', url), { method: 'POST', body: form });
    return { person, callback: new URL(locationOf(await person.visit(locationOf(sent)))) };
  };

  it('is closed to another browser, and open once', async () => {
    const { person, callback } = await atAttio();
    expect((await browser().visit(callback)).status).toBe(400);
    expect((await person.visit(callback)).status).toBe(302);
    expect((await person.visit(callback)).status).toBe(400);
  });

  it.each([
    ['no state', undefined],
    ['a made-up state', 'made-up'],
    ['a long one', 'x'.repeat(2000)],
  ])('is closed with %s', async (_name, state) => {
    const { person, callback } = await atAttio();
    if (state === undefined) callback.searchParams.delete('state');
    else callback.searchParams.set('state', state);
    expect((await person.visit(callback)).status).toBe(400);
  });

  it('takes a refusal of Attio to the client', async () => {
    attio.agrees = false;
    const { person, callback } = await atAttio();
    attio.agrees = true;
    const back = new URL(locationOf(await person.visit(callback)));
    expect(Object.fromEntries(back.searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'The sign-in at Attio was not completed',
      state: 'client-state',
      iss: worker.url,
    });
  });

  it.each([
    ['is down', { status: 503, body: 'secret trace' }, 'temporarily_unavailable'],
    ['answers HTML', { status: 200, body: '<html>secret trace</html>' }, 'temporarily_unavailable'],
    [
      'does not know the code',
      { status: 400, body: { error: 'invalid_grant', error_description: 'secret trace' } },
      'access_denied',
    ],
  ])('tells the client when Attio %s, and nothing more', async (_name, answer, error) => {
    const { person, callback } = await atAttio();
    attio.intercept = ({ path }) => (path === '/oauth/token' ? answer : undefined);
    const location = locationOf(await person.visit(callback));
    attio.intercept = undefined;
    expect(new URL(location).searchParams.get('error')).toBe(error);
    expect(location).not.toContain('secret');
  });
});

describe('a code', () => {
  const issued = async () => {
    const client = await register(worker);
    const { verifier, challenge } = pkce();
    const end = await agree(authorizeUrl(worker, { client_id: client.client_id, code_challenge: challenge }));
    const code = end.searchParams.get('code') ?? '';
    const fields = {
      grant_type: 'authorization_code',
      client_id: client.client_id,
      redirect_uri: redirectUri,
      code,
      code_verifier: verifier,
    };
    return { fields };
  };

  it.each([
    ['a wrong verifier', { code_verifier: pkce().verifier }],
    ['no verifier', { code_verifier: '' }],
    ['another redirect URI', { redirect_uri: 'http://127.0.0.1:9/other' }],
  ])('is worth nothing with %s', async (_name, change) => {
    const { fields } = await issued();
    const { status, body } = await postToken(worker, { ...fields, ...change });
    expect(status).toBe(400);
    expect(body.error).toMatch(/^invalid_(grant|request)$/);
    expect(body.access_token).toBeUndefined();
  });

  it('is worth nothing to another client', async () => {
    const { fields } = await issued();
    const other = await register(worker);
    expect(await postToken(worker, { ...fields, client_id: other.client_id })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  it('works once; the second time ends what the first one began', async () => {
    const { fields } = await issued();
    const first = await postToken(worker, fields);
    expect(first.status).toBe(200);
    expect(await postToken(worker, fields)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await post(worker, first.body.access_token, { jsonrpc: '2.0', id: 1, method: 'ping' })).status).toBe(401);
  });
});

describe('registration', () => {
  const registered = async (uris: unknown) => {
    const response = await worker.fetch('/oauth/register', {
      method: 'POST',
      body: JSON.stringify({ client_name: 'x', redirect_uris: uris }),
    });
    return { status: response.status, error: JSON.parse(await response.text()).error };
  };

  it.each([
    ['https://evil.example/callback'],
    ['https://claude.ai.evil.example/api/mcp/auth_callback'],
    ['https://claude.ai@evil.example/api/mcp/auth_callback'],
    ['https://claude.ai/somewhere/else'],
    ['http://claude.ai/api/mcp/auth_callback'],
    ['http://localhost.evil.example/callback'],
    ['javascript:alert(1)'],
  ])('refuses %s', async (uri) => {
    expect(await registered([uri])).toEqual({
      status: 400,
      error: expect.stringMatching(/^invalid_(redirect_uri|client_metadata)$/),
    });
  });

  it('refuses a list with one bad entry', async () => {
    expect(await registered(['https://claude.ai/api/mcp/auth_callback', 'https://evil.example/'])).toEqual({
      status: 400,
      error: 'invalid_redirect_uri',
    });
  });

  it.each([
    'https://claude.ai/api/mcp/auth_callback',
    'https://claude.com/api/mcp/auth_callback',
    'https://chatgpt.com/connector_platform_oauth_redirect',
    'http://localhost:33418/oauth/callback',
    'http://[::1]:1234/',
  ])('takes %s', async (uri) => {
    expect((await registered([uri])).status).toBe(201);
  });

  it('refuses what is no JSON, and what is too large', async () => {
    expect((await worker.fetch('/oauth/register', { method: 'POST', body: '{' })).status).toBe(400);
    expect((await worker.fetch('/oauth/register', { method: 'POST', body: 'x'.repeat(70_000) })).status).toBe(413);
  });
});

describe('a session', () => {
  it('ends where it is revoked', async () => {
    const session = await signIn(worker);
    const response = await worker.fetch('/oauth/token', {
      method: 'POST',
      body: new URLSearchParams({ client_id: session.client.client_id, token: session.refresh }),
    });
    expect(response.status).toBe(200);
    expect((await post(worker, session.access, { jsonrpc: '2.0', id: 1, method: 'ping' })).status).toBe(401);
    expect(await refresh(worker, session)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('cannot be refreshed by another client', async () => {
    const session = await signIn(worker);
    const client = await register(worker);
    expect((await refresh(worker, { ...session, client })).status).toBe(400);
  });

  it('never reaches the Attio token of another, with fifty of them at once', async () => {
    const sessions = await Promise.all(Array.from({ length: 50 }, () => signIn(worker)));
    const seen = async (): Promise<readonly string[]> =>
      Promise.all(
        sessions.map(async ({ access }) => {
          const result = await callTool(worker, access, 'records_search', { resource_type: 'workspace_members' });
          return result.structuredContent.records[0].first_name;
        }),
      );
    const first = await seen();
    expect(new Set(first).size).toBe(50);
    expect(await seen()).toEqual(first);
  });
});
