import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { build } from 'esbuild';
import { Miniflare, type MiniflareOptions, type Request as WorkerRequest, Response as WorkerResponse } from 'miniflare';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Env } from '../../examples/edge-guard/worker.ts';
import { rpc, type Line } from './toy.ts';

const folder = fileURLToPath(new URL('../../examples/edge-guard/', import.meta.url));
const bundle = (async () => {
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: ['worker.ts'],
    bundle: true,
    format: 'esm',
    // Neither Node's modules nor a browser's: what is shared has to do without.
    platform: 'neutral',
    target: 'es2023',
    charset: 'utf8',
    write: false,
  });
  return `// Made from worker.ts. In its project: npx vitest run --config test/vitest.config.ts test/guard/edge.test.ts --update\n${outputFiles[0]?.text}`;
})();

it('is one file that anybody can deploy, and up to date', async () => {
  await expect(await bundle).toMatchFileSnapshot(`${folder}dist/worker.js`);
});

type Upstream = (request: WorkerRequest) => WorkerResponse | Promise<WorkerResponse>;

/** The Worker in workerd, in front of `upstream`. */
async function edge(upstream: Upstream, env: Partial<Record<keyof Env, string>> = {}, limit = 1000) {
  const lines: Line[] = [];
  const options: MiniflareOptions = {
    modules: true,
    script: await bundle,
    compatibilityDate: '2026-04-01',
    bindings: { API_KEYS: 'dev-abc123,dev-def456', UPSTREAM: 'https://mcp.example.com', ...env },
    ratelimits: { LIMITER: { simple: { limit, period: 60 } } },
    outboundService: upstream,
    handleStructuredLogs: ({ message }: { readonly message: string }) => void lines.push(JSON.parse(message)),
    structuredWorkerdLogs: true,
  };
  const worker = new Miniflare(options);
  onTestFinished(() => worker.dispose());
  const send = (path: string, init: { method?: string; headers?: Record<string, string>; body?: string | Uint8Array } = {}) => {
    const { headers = {}, ...rest } = init;
    const method = init.method ?? (init.body === undefined ? 'GET' : 'POST');
    return worker.dispatchFetch(`https://guard.example.com${path}`, {
      redirect: 'manual',
      method,
      headers: { 'x-api-key': 'dev-abc123', ...headers },
      ...rest,
    });
  };
  return { worker, send, lines };
}

const ok: Upstream = () => new WorkerResponse('{}', { headers: { 'content-type': 'application/json' } });

describe('the guard at the edge', () => {
  it('answers as the local one without a key, and where clients look for OAuth', async () => {
    const { send } = await edge(ok);
    const refused = await send('/mcp/sse', { headers: { 'x-api-key': 'wrong' } });
    expect([refused.status, refused.headers.get('content-type')]).toEqual([401, 'application/json']);
    expect(await refused.text()).toBe('{"error":{"type":"auth","message":"Missing or invalid API key"}}');
    expect((await send('/.well-known/oauth-protected-resource', { headers: { 'x-api-key': '' } })).status).toBe(404);
  });

  it('lets each form of the key through, and none of it reaches the upstream', async () => {
    const seen: Record<string, string>[] = [];
    const upstream: Upstream = (request) => {
      seen.push({ ...Object.fromEntries(request.headers), url: request.url });
      return new WorkerResponse('{}');
    };
    const env = { CF_ACCESS_CLIENT_ID: 'ours.access', CF_ACCESS_CLIENT_SECRET: 'ours' };
    const { send } = await edge(upstream, env);
    for (const headers of [
      {},
      { 'x-api-key': '', authorization: 'Bearer dev-def456' },
      { 'x-api-key': '', 'x-auth-token': 'dev-abc123' },
    ]) {
      const sent = { ...headers, 'cf-access-jwt-assertion': 'jwt', 'cf-access-client-id': 'theirs', 'mcp-session-id': 's' };
      expect((await send('/mcp/messages?sessionId=1', { headers: sent, body: rpc('ping') })).status).toBe(200);
    }
    expect(seen).toHaveLength(3);
    for (const headers of seen) {
      expect(headers).toMatchObject({
        'cf-access-client-id': 'ours.access',
        'mcp-session-id': 's',
        url: 'https://mcp.example.com/mcp/messages?sessionId=1',
      });
      expect(JSON.stringify(headers)).not.toMatch(/dev-|jwt|theirs/);
    }
  });

  it('limits each key with the binding, and does not count pings', async () => {
    const { send } = await edge(ok, { RATE_LIMIT_PERIOD: '10' }, 2);
    const status = async (body: string, key = 'dev-abc123') =>
      (await send('/mcp', { body, headers: { 'x-api-key': key } })).status;
    expect([await status(rpc('ping')), await status(rpc('tools/list')), await status(rpc('tools/list'))]).toEqual([
      200, 200, 200,
    ]);
    const refused = await send('/mcp', { body: rpc('tools/list') });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
    expect(await refused.text()).toBe('{"error":{"type":"rate_limit","message":"Too many requests"}}');
    expect([await status(rpc('ping')), await status(rpc('tools/list'), 'dev-def456')]).toEqual([200, 200]);
  });

  it.each([
    ['API_KEYS', ''],
    ['API_KEYS', 'a,sha256:12'],
    ['UPSTREAM', ''],
  ] as const)('serves nobody where %s is %j', async (name, value) => {
    const { send } = await edge(ok, { [name]: value });
    const refused = await send('/mcp', { headers: { 'x-api-key': name === 'UPSTREAM' ? 'dev-abc123' : 'a' } });
    expect(refused.status).toBe(503);
    expect(await refused.text()).toContain(name);
  });

  it('refuses a large body, and says when the upstream is gone', async () => {
    const { send } = await edge(() => {
      throw new Error('down');
    });
    expect((await send('/mcp', { body: new Uint8Array(4 * 1024 * 1024 + 1) })).status).toBe(413);
    expect((await send('/mcp', { body: new Uint8Array(4 * 1024 * 1024) })).status).toBeGreaterThanOrEqual(500);
  });

  it('streams, with the endpoint of the legacy transport as a path', async () => {
    let push: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({ start: (controller) => void (push = controller) });
    const text = (words: string): Uint8Array => new TextEncoder().encode(words);
    push?.enqueue(text('event: endpoint\ndata: https://mcp.example.com/messages?sessionId=1\n\n'));
    const { send, lines } = await edge(() => new WorkerResponse(body, { headers: { 'content-type': 'text/event-stream' } }));
    const response = await send('/sse');
    expect(response.headers.get('cache-control')).toBe('no-cache, no-transform');
    const reader = response.body?.getReader();
    const next = async (): Promise<string> => new TextDecoder().decode((await reader?.read())?.value);
    expect(await next()).toBe('event: endpoint\ndata: /messages?sessionId=1\n\n');
    push?.enqueue(text('data: 1\n\n'));
    expect(await next()).toBe('data: 1\n\n');
    push?.close();
    expect((await reader?.read())?.done).toBe(true);
    await expect.poll(() => lines).toMatchObject([{ endpoint: '/sse', status: 200, bytes: 54, key: 'b8e8ab51' }]);
  });

  it('logs each request as the local one does, with arguments where that is asked for', async () => {
    const { send, lines } = await edge(ok, { AUDIT_ARGUMENTS: 'true' });
    const body = rpc('tools/call', { name: 'search', arguments: { query: 'loans', token: 't' } });
    await (await send('/mcp', { body, headers: { 'cf-ray': '8f0-FRA' } })).text();
    const said = { rpc_method: 'tools/call', tool: 'search', ray: '8f0-FRA', arguments: { query: 'loans', token: '(secret)' } };
    await expect.poll(() => lines).toMatchObject([said]);
  });

  it('passes redirects on, to itself as a path', async () => {
    const { send } = await edge(
      () => new WorkerResponse(null, { status: 307, headers: { location: 'https://mcp.example.com/mcp/' } }),
    );
    const response = await send('/mcp');
    expect([response.status, response.headers.get('location')]).toEqual([307, '/mcp/']);
  });

  it('serves the official client', async () => {
    const { createMcpHandler, McpServer } = await import('@modelcontextprotocol/server');
    const handler = createMcpHandler(() => {
      const server = new McpServer({ name: 'upstream', version: '1' });
      server.registerTool('hello', { description: 'says hello' }, async () => ({ content: [{ type: 'text', text: 'hello' }] }));
      return server;
    });
    const { worker } = await edge(async (request) => {
      const body = request.body === null ? {} : { body: await request.text() };
      const answer = await handler.fetch(
        new Request(request.url, { method: request.method, headers: [...request.headers], ...body }),
      );
      return new WorkerResponse(await answer.text(), { status: answer.status, headers: [...answer.headers] });
    });
    const transport = new StreamableHTTPClientTransport(new URL('/mcp', await worker.ready), {
      requestInit: { headers: { Authorization: 'Bearer dev-abc123' } },
    });
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(transport);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['hello']);
    expect((await client.callTool({ name: 'hello' })).content).toEqual([{ type: 'text', text: 'hello' }]);
    await client.close();
  });
});
