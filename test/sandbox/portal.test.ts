import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { mcpServer, served } from '../support/data-side.ts';
import { apps, newApi, policies, policy, portals, server, servers, tokens } from './api.ts';

type Setup = {
  readonly link?: object;
  readonly server?: object;
  readonly portal?: object;
  readonly oauth?: object;
  readonly serverPolicies?: 'none';
};

/** A portal with one server, a bot that is let in everywhere, and people of example.com. */
async function portalFor(url: string, setup: Setup = {}) {
  const api = newApi();
  const made = async (path: string, body: object) => {
    const { status, result, errors } = await api.post(path, body);
    expect(errors).toEqual([]);
    expect(status).toBeLessThan(300);
    return result;
  };
  const token = await made(tokens, { name: 'ci' });
  const bots = await made(
    policies,
    policy('bots', { decision: 'non_identity', include: [{ service_token: { token_id: token.id } }] }),
  );
  const people = await made(policies, policy('people', { include: [{ email_domain: { domain: 'example.com' } }] }));
  const both = [bots.id, people.id];
  await made(servers, server('notes', { hostname: url, ...setup.server }));
  await api.post(`${servers}/notes/sync`);
  if (setup.serverPolicies === undefined)
    await made(apps, {
      type: 'mcp',
      name: 'notes',
      destinations: [{ type: 'via_mcp_server_portal', mcp_server_id: 'notes' }],
      policies: both,
    });
  await made(portals, {
    id: 'tools',
    name: 'Tools',
    hostname: 'mcp.example.com',
    servers: [{ server_id: 'notes', on_behalf: false, ...setup.link }],
    ...setup.portal,
  });
  await made(apps, { type: 'mcp_portal', name: 'tools', domain: 'mcp.example.com', policies: both, ...setup.oauth });
  const side = await served(api.account);
  const bot = { 'cf-access-client-id': token.client_id, 'cf-access-client-secret': token.client_secret };
  return { api, token, bot, people, url: side.url('tools'), data: side.data };
}

async function connect(
  url: string,
  headers: Readonly<Record<string, string>>,
  mode: 'auto' | 'legacy' = 'auto',
): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  onTestFinished(() => client.close());
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  return client;
}

const namesOf = async (client: Client) =>
  (await client.listTools()).tools.map(({ name }) => name).filter((name) => !name.startsWith('portal_'));
const textOf = ({ content }: Awaited<ReturnType<Client['callTool']>>) =>
  content.map((part) => (part.type === 'text' ? part.text : '')).join('');
const bare = (url: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"jsonrpc":"2.0","id":1,"method":"ping"}',
  });

// oxlint-disable-next-line typescript/no-explicit-any -- answers have every shape
const jsonOf = async (response: Response): Promise<any> => JSON.parse(await response.text());

describe('a portal that is served', () => {
  it.each(['auto', 'legacy'] as const)('shows the tools to the official client and forwards calls, %s', async (mode) => {
    const upstream = await mcpServer();
    const { bot, url } = await portalFor(upstream.url);
    const client = await connect(url, bot, mode);
    expect(client.getProtocolEra()).toBe(mode === 'auto' ? 'modern' : 'legacy');
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual([
      'portal_list_servers',
      'portal_toggle_servers',
      'portal_toggle_single_server',
      'notes_search',
    ]);
    expect(textOf(await client.callTool({ name: 'notes_search', arguments: { text: 'x' } }))).toBe('search:x');
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual(['notes_greet']);
    expect((await client.getPrompt({ name: 'notes_greet' })).messages).toHaveLength(1);
    const credentials = upstream.reached
      .flatMap(({ headers }) => Object.keys(headers))
      .filter((name) => /^cf-access|authorization/.test(name));
    expect(credentials).toEqual([]);
  });

  it('gives the upstream the credentials that it is registered with', async () => {
    const upstream = await mcpServer({ needs: { authorization: 'Bearer upstream-1' } });
    const { bot, url } = await portalFor(upstream.url, { server: { auth_type: 'bearer', auth_credentials: 'upstream-1' } });
    const client = await connect(url, bot);
    expect(textOf(await client.callTool({ name: 'notes_search', arguments: {} }))).toBe('search:');
  });

  it('has aliases, descriptions and switched-off tools as the portal says, before what the server says', async () => {
    const upstream = await mcpServer({ tools: ['search', 'read', 'drop'] });
    const { bot, url } = await portalFor(upstream.url, {
      server: {
        updated_tools: [
          { name: 'search', alias: 'lookup' },
          { name: 'read', alias: 'open' },
        ],
      },
      link: {
        updated_tools: [
          { name: 'search', alias: 'find', description: 'Finds' },
          { name: 'drop', enabled: false },
        ],
      },
    });
    const client = await connect(url, bot);
    expect(await namesOf(client)).toEqual(['notes_find', 'notes_open']);
    expect((await client.listTools()).tools.find(({ name }) => name === 'notes_find')?.description).toBe('Finds');
    expect(textOf(await client.callTool({ name: 'notes_find', arguments: { text: 'y' } }))).toBe('search:y');
    await expect(client.callTool({ name: 'notes_drop', arguments: {} })).rejects.toThrow('Unknown tool: notes_drop');
  });

  it.each([
    ['used on behalf of people', { link: { on_behalf: true } }],
    ['without a policy', { serverPolicies: 'none' as const }],
  ])('hides from a bot a server that is %s', async (_what, setup) => {
    const { bot, url } = await portalFor((await mcpServer()).url, setup);
    const client = await connect(url, bot);
    await expect(client.listTools()).rejects.toThrow('No allowed servers available, check your Zero Trust Policies');
  });

  it('lists nothing of a server that is disabled by default but what is enabled', async () => {
    const { bot, url } = await portalFor((await mcpServer({ tools: ['a', 'b'] })).url, {
      link: { default_disabled: true, updated_tools: [{ name: 'b', enabled: true }] },
    });
    expect(await namesOf(await connect(url, bot))).toEqual(['notes_b']);
  });

  it('lets its tools be found and called through a few tools', async () => {
    const { bot, url } = await portalFor((await mcpServer()).url);
    const client = await connect(`${url}?optimize_context=search_and_execute`, bot);
    expect(await namesOf(client)).toEqual([]);
    expect(textOf(await client.callTool({ name: 'portal_query_tools', arguments: { query: 'SEARCH' } }))).toContain(
      'notes_search',
    );
    expect(
      textOf(await client.callTool({ name: 'portal_execute', arguments: { name: 'notes_search', arguments: { text: 'z' } } })),
    ).toBe('search:z');
  });

  it('lets a server be switched off and on', async () => {
    const { bot, url } = await portalFor((await mcpServer()).url);
    const client = await connect(url, bot);
    await client.callTool({ name: 'portal_toggle_single_server', arguments: { server_id: 'notes', action: 'untoggle' } });
    expect(await namesOf(client)).toEqual([]);
    await client.callTool({ name: 'portal_toggle_single_server', arguments: { server_id: 'notes', action: 'toggle' } });
    expect(await namesOf(await connect(url, bot))).toEqual(['notes_search']);
  });
});

describe('who gets into a portal', () => {
  it('is told where to sign in, with metadata that fits together', async () => {
    const { url } = await portalFor((await mcpServer()).url);
    const refused = await bare(url);
    expect(refused.status).toBe(401);
    const metadata = /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '')?.[1] ?? '';
    const resource = await jsonOf(await fetch(metadata));
    expect(resource.resource).toBe(url);
    const issuer = resource.authorization_servers[0];
    const as = await jsonOf(await fetch(`${issuer}/.well-known/oauth-authorization-server`));
    expect(as).toMatchObject({ issuer, code_challenge_methods_supported: ['S256'], registration_endpoint: `${issuer}/register` });
  });

  it('is sent to a login page where managed OAuth is off', async () => {
    const { url } = await portalFor((await mcpServer()).url, { oauth: { oauth_configuration: { enabled: false } } });
    const refused = await bare(url);
    expect(refused.status).toBe(302);
    expect(refused.headers.get('location')).toMatch(
      /^https:\/\/sandbox\.cloudflareaccess\.com\/cdn-cgi\/access\/login\/mcp\.example\.com\?/,
    );
  });

  it('is no bot with a wrong secret, half of the credentials, or a token that no policy names', async () => {
    const { api, bot, url } = await portalFor((await mcpServer()).url);
    const other = (await api.post(tokens, { name: 'other' })).result;
    expect((await bare(url, { ...bot, 'cf-access-client-secret': 'wrong' })).status).toBe(401);
    expect((await bare(url, { 'cf-access-client-id': bot['cf-access-client-id'] })).status).toBe(401);
    expect(
      (await bare(url, { 'cf-access-client-id': other.client_id, 'cf-access-client-secret': other.client_secret })).status,
    ).toBe(403);
    expect((await bare(url, bot)).status).toBe(200);
  });

  it('is a bot with its old secret as long as a rotation lets that live', async () => {
    const { api, bot, token, url } = await portalFor((await mcpServer()).url);
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const rotated = (await api.post(`${tokens}/${token.id}/rotate`, { previous_client_secret_expires_at: until })).result;
    expect((await bare(url, bot)).status).toBe(200);
    expect((await bare(url, { ...bot, 'cf-access-client-secret': rotated.client_secret })).status).toBe(200);
    await api.post(`${tokens}/${token.id}/rotate`);
    expect((await bare(url, bot)).status).toBe(401);
    expect(JSON.stringify(api.account.state)).not.toContain(rotated.client_secret);
  });

  it('is a person who signed in with a registered client, by the policies of portal and server', async () => {
    const { url } = await portalFor((await mcpServer()).url);
    expect(await signIn(url, 'ann@elsewhere.org')).toBeUndefined();
    const token = await signIn(url, 'ann@example.com');
    expect(await namesOf(await connect(url, { authorization: `Bearer ${token}` }))).toEqual(['notes_search']);
    expect((await bare(url, { authorization: 'Bearer oauth:guessed' })).status).toBe(401);
  });

  it('cannot register a foreign redirect address unless it is allowed', async () => {
    const { url } = await portalFor((await mcpServer()).url);
    expect((await register(url, 'https://claude.ai/api/mcp/auth_callback')).status).toBe(400);
    const allowed = await portalFor((await mcpServer()).url, {
      oauth: { oauth_configuration: { dynamic_client_registration: { allowed_uris: ['https://claude.ai/*'] } } },
    });
    expect((await register(allowed.url, 'https://claude.ai/api/mcp/auth_callback')).status).toBe(201);
  });
});

const redirect = 'http://127.0.0.1:9/callback';
const register = (url: string, uri: string) =>
  fetch(new URL('/register', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ redirect_uris: [uri] }),
  });

/** The access token of a person; undefined for one who is not let in. */
async function signIn(url: string, email: string): Promise<string | undefined> {
  const { client_id } = await jsonOf(await register(url, redirect));
  const verifier = 'v'.repeat(50);
  const asked = new URL('/authorize', url);
  asked.search = new URLSearchParams({
    client_id,
    redirect_uri: redirect,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    login_hint: email,
  }).toString();
  const answer = await fetch(asked, { redirect: 'manual' });
  const code = answer.status === 302 ? new URL(answer.headers.get('location') ?? '').searchParams.get('code') : null;
  if (code === null) return undefined;
  const body = (code_verifier: string) =>
    new URLSearchParams({ grant_type: 'authorization_code', code, client_id, redirect_uri: redirect, code_verifier });
  const token = await jsonOf(await fetch(new URL('/token', url), { method: 'POST', body: body(verifier) }));
  expect((await fetch(new URL('/token', url), { method: 'POST', body: body(verifier) })).status).toBe(400);
  return token.access_token;
}

describe('a portal and a real server', () => {
  it('forwards to server-everything', { timeout: 30_000 }, async () => {
    const port = await freePort();
    const program = fileURLToPath(
      new URL('../../node_modules/@modelcontextprotocol/server-everything/dist/index.js', import.meta.url),
    );
    const child = spawn(process.execPath, [program, 'streamableHttp'], { env: { PORT: String(port) }, stdio: 'ignore' });
    onTestFinished(() => void child.kill());
    const url = `http://127.0.0.1:${port}/mcp`;
    await vi.waitUntil(async () => (await fetch(url).catch(() => undefined)) !== undefined, { timeout: 20_000, interval: 100 });
    const portal = await portalFor(url);
    const client = await connect(portal.url, portal.bot);
    expect(textOf(await client.callTool({ name: 'notes_echo', arguments: { message: 'hello' } }))).toContain('hello');
  });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

describe('the Host header', () => {
  it('names the portal at the port of the account, which is then behind https for whoever asks', async () => {
    const { data } = await portalFor((await mcpServer()).url);
    expect(data.portalAt('MCP.example.com:8787')).toBe('tools');
    expect(data.portalAt('api.cloudflare.com')).toBeUndefined();
    const answer = await data.answer('tools', new Request('http://mcp.example.com/mcp', { method: 'POST' }), '127.0.0.1');
    expect(answer.headers.get('www-authenticate')).toContain('resource_metadata="https://mcp.example.com/.well-known/');
  });
});
