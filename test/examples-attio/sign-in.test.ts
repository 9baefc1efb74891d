import { Client, StreamableHTTPClientTransport, UnauthorizedError, type OAuthClientProvider } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeAttio, type FakeAttio } from './fake-attio.ts';
import { agree, redirectUri } from './sign-in.ts';
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

type Kept = { information?: object; tokens?: object; verifier?: string; goTo?: URL; discovered?: Discovered };
type Discovered = Parameters<NonNullable<OAuthClientProvider['saveDiscoveryState']>>[0];

/** What a client keeps between the steps of a sign-in. */
function provider(kept: Kept): OAuthClientProvider {
  return {
    redirectUrl: redirectUri,
    clientMetadata: { client_name: 'Official client', redirect_uris: [redirectUri], token_endpoint_auth_method: 'none' },
    state: () => 'state-of-the-client',
    clientInformation: () => kept.information as ReturnType<NonNullable<OAuthClientProvider['clientInformation']>>,
    saveClientInformation: (information) => void (kept.information = information),
    tokens: () => kept.tokens as ReturnType<OAuthClientProvider['tokens']>,
    saveTokens: (tokens) => void (kept.tokens = tokens),
    redirectToAuthorization: (url) => void (kept.goTo = url),
    saveCodeVerifier: (verifier) => void (kept.verifier = verifier),
    codeVerifier: () => kept.verifier ?? '',
    saveDiscoveryState: (state) => void (kept.discovered = state),
    discoveryState: () => kept.discovered,
  };
}

type Era = 'legacy' | { readonly pin: '2026-07-28' };

async function connected(kept: Kept, mode: Era): Promise<Client> {
  const endpoint = new URL('/mcp', worker.url);
  const open = () => new StreamableHTTPClientTransport(endpoint, { authProvider: provider(kept) });
  const make = () => new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  if (kept.tokens === undefined) {
    const first = open();
    const refused: unknown = await make()
      .connect(first)
      .catch((error: unknown) => error);
    if (!(refused instanceof UnauthorizedError)) throw new Error('connected without a token', { cause: refused });
    await first.finishAuth((await agree(kept.goTo ?? '')).searchParams);
  }
  const client = make();
  await client.connect(open());
  return client;
}

describe.each<[string, Era]>([
  ['older', 'legacy'],
  ['newer', { pin: '2026-07-28' }],
])('the official client, in the %s protocol', (_name, mode) => {
  it('discovers, registers, signs in, and uses a tool', async () => {
    const kept: Kept = {};
    const client = await connected(kept, mode);
    expect(client.getServerVersion()).toMatchObject({ name: 'attio-mcp-server', version: '1.0.0' });
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual([
      'health-check',
      'records_search',
      'records_get_details',
      'create-record',
      'update-record',
      'delete-record',
      'records_discover_attributes',
      'create-note',
      'list-notes',
    ]);
    const result = await client.callTool({ name: 'records_search', arguments: { resource_type: 'workspace_members' } });
    expect(result.structuredContent).toMatchObject({ count: 1, records: [{ email_address: 'm@example.com' }] });
    await client.close();
  });

  it('gets a new token when its own is not taken any more, without asking anybody', async () => {
    const kept: Kept = {};
    const client = await connected(kept, mode);
    await client.close();
    kept.tokens = { ...kept.tokens, access_token: 'worn:out:token' };
    delete kept.goTo;
    const again = await connected(kept, mode);
    expect((await again.callTool({ name: 'health-check', arguments: { echo: 'hello' } })).structuredContent).toEqual({
      ok: true,
      echo: 'hello',
    });
    expect(kept.goTo).toBeUndefined();
    await again.close();
  });
});

it('does not finish a sign-in whose answer names another issuer', async () => {
  const kept: Kept = {};
  const transport = new StreamableHTTPClientTransport(new URL('/mcp', worker.url), { authProvider: provider(kept) });
  await expect(new Client({ name: 'test', version: '1' }).connect(transport)).rejects.toThrow(UnauthorizedError);
  const end = await agree(kept.goTo ?? '');
  expect(end.searchParams.get('iss')).toBe(worker.url);
  expect(end.searchParams.get('state')).toBe('state-of-the-client');
  end.searchParams.set('iss', 'https://somebody-else.example');
  await expect(transport.finishAuth(end.searchParams)).rejects.toThrow(/issuer/i);
  expect(kept.tokens).toBeUndefined();
});
