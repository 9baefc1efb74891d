import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { newApi, server, servers } from './api.ts';

const running: Server[] = [];
afterEach(() => {
  for (const each of running.splice(0)) {
    each.close();
    each.closeAllConnections();
  }
});

const listen = async (listener: (...given: Parameters<RequestListener>) => unknown): Promise<string> => {
  const http = createServer((...given) => void listener(...given));
  running.push(http);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
};

/** An MCP server with one tool and one prompt that lets in only who brings the header. */
const upstream = async (needed: Readonly<Record<string, string>> = {}): Promise<string> => {
  const handler = createMcpHandler(() => {
    const mcp = new McpServer({ name: 'upstream', version: '1' });
    mcp.registerTool('ping', { description: 'Answers', inputSchema: z.object({}) }, () => ({ content: [] }));
    mcp.registerPrompt('greet', { description: 'Greets' }, () => ({ messages: [] }));
    return mcp;
  });
  return listen(async (incoming, outgoing) => {
    const allowed = Object.entries(needed).every(([name, value]) => incoming.headers[name] === value);
    if (!allowed) return void outgoing.writeHead(401).end();
    if (incoming.url !== '/mcp') return void outgoing.writeHead(404).end();
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const response = await handler.fetch(
      new Request(`http://127.0.0.1${incoming.url}`, {
        method: incoming.method ?? 'GET',
        headers: Object.entries(incoming.headers).flatMap(([name, value]): [string, string][] =>
          typeof value === 'string' ? [[name, value]] : [],
        ),
        body: chunks.length === 0 ? null : Buffer.concat(chunks),
      }),
    );
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  });
};

describe('the sync of an MCP server', () => {
  it('lists what the upstream offers', async () => {
    const api = newApi({ now: () => new Date('2026-09-10T12:00:00Z') });
    await api.post(servers, server('a', { hostname: `${await upstream()}/mcp` }));
    const synced = await api.post(`${servers}/a/sync`);
    expect(synced).toMatchObject({ status: 200, result: { status: 'ready', error: '', error_details: null } });
    expect((await api.get(`${servers}/a`)).result).toMatchObject({
      status: 'ready',
      tools: [{ name: 'ping', description: 'Answers' }],
      prompts: [{ name: 'greet' }],
      last_synced: '2026-09-10 12:00:00',
      last_successful_sync: '2026-09-10 12:00:00',
    });
  });

  it('finds the endpoint below a URL that is neither /mcp nor /sse', async () => {
    const api = newApi();
    await api.post(servers, server('a', { hostname: await upstream() }));
    expect((await api.post(`${servers}/a/sync`)).result.status).toBe('ready');
  });

  it.each([
    ['a bare token', 'token-1', { authorization: 'Bearer token-1' }, 'ready'],
    ['headers', '{"headers":{"X-Api-Key":"k"}}', { 'x-api-key': 'k' }, 'ready'],
    ['a list of pairs, which has no effect', '[{"name":"X-Api-Key","value":"k"}]', { 'x-api-key': 'k' }, 'error'],
  ])('uses the stored credentials: %s', async (_what, auth_credentials, needed, status) => {
    const api = newApi();
    const hostname = `${await upstream(needed)}/mcp`;
    await api.post(servers, server('a', { hostname, auth_type: 'bearer', auth_credentials }));
    expect((await api.post(`${servers}/a/sync`)).result.status).toBe(status);
  });

  it('tells that the upstream refused, and that trying again does not help', async () => {
    const api = newApi();
    const hostname = `${await upstream({ authorization: 'Bearer right' })}/mcp`;
    await api.post(servers, server('a', { hostname, auth_type: 'bearer', auth_credentials: 'wrong' }));
    const synced = await api.post(`${servers}/a/sync`);
    expect(synced).toMatchObject({
      status: 200,
      result: { status: 'error', error_details: { status_code: 401, retryable: false, is_upstream: true } },
    });
    expect((await api.get(`${servers}/a`)).result).toMatchObject({ status: 'error', last_successful_sync: null });
  });

  it('tells that the upstream is broken or gone, and that trying again may help', async () => {
    const api = newApi();
    const broken = await listen((_incoming, outgoing) => void outgoing.writeHead(503).end('no'));
    await api.post(servers, server('broken', { hostname: `${broken}/mcp` }));
    expect((await api.post(`${servers}/broken/sync`)).result.error_details).toMatchObject({ status_code: 503, retryable: true });
    const gone = await listen(() => undefined);
    await new Promise<void>((resolve) => running.pop()?.close(() => resolve()));
    await api.post(servers, server('gone', { hostname: `${gone}/mcp` }));
    const synced = await api.post(`${servers}/gone/sync`);
    expect(synced.result.error_details).toMatchObject({ status_code: null, retryable: true });
    expect(synced.result.error).toContain('ECONNREFUSED');
  });

  it('does not connect when told so', async () => {
    const api = newApi({ connect: false });
    await api.post(servers, server('a'));
    expect((await api.post(`${servers}/a/sync`)).result.status).toBe('ready');
    expect((await api.get(`${servers}/a`)).result.tools).toEqual([]);
  });
});
