import { request } from 'node:http';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Server } from '@modelcontextprotocol/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serveHttp } from '../../src/mcp/http.ts';
import { refusalFor } from '../../src/mcp/http-checks.ts';

const key = 'mcpk_of-these-tests';

async function serve(): Promise<URL> {
  const controller = new AbortController();
  const lines: string[] = [];
  const factory = () => {
    const server = new Server({ name: 'test', version: '1' }, { capabilities: { tools: {} } });
    server.setRequestHandler('tools/list', () => ({ tools: [{ name: 'one', inputSchema: { type: 'object' as const } }] }));
    return server;
  };
  const said = new Promise<string>((resolve) => {
    const served = serveHttp({
      factory,
      listen: '127.0.0.1:0',
      key,
      signal: controller.signal,
      say: resolve,
      warn: (line) => lines.push(line),
    });
    onTestFinished(async () => {
      controller.abort();
      await served;
    });
  });
  return new URL((await said).replace('listening on ', ''));
}

describe('serving HTTP', () => {
  it.each(['legacy', 'auto'] as const)('answers the official client with the key, %s', async (mode) => {
    const url = await serve();
    const client = new Client({ name: 't', version: '1' }, { versionNegotiation: { mode } });
    await client.connect(
      new StreamableHTTPClientTransport(url, { requestInit: { headers: { authorization: `Bearer ${key}` } } }),
    );
    expect((await client.listTools()).tools).toMatchObject([{ name: 'one' }]);
    expect(client.getNegotiatedProtocolVersion()).toBe(mode === 'legacy' ? '2025-11-25' : '2026-07-28');
    await client.close();
  });

  it('lets nobody in without the key, from a page elsewhere, or under another name', async () => {
    const url = await serve();
    const status = (headers: Record<string, string>): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const sent = request(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        sent.on('error', reject).end('{"jsonrpc":"2.0","id":1,"method":"ping"}');
      });
    const authorization = `Bearer ${key}`;
    expect(await status({})).toBe(401);
    expect(await status({ authorization: `Bearer ${key}x` })).toBe(401);
    expect(await status({ authorization, host: 'evil.example.com' })).toBe(403);
    expect(await status({ authorization, origin: 'https://evil.example.com' })).toBe(403);
    expect(await status({ authorization, origin: 'null' })).toBe(403);
    expect(await status({ authorization, origin: url.origin, accept: 'application/json, text/event-stream' })).toBe(200);
  });

  it('takes no more than a document needs, and survives what is no JSON', async () => {
    const url = await serve();
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    };
    expect((await fetch(url, { method: 'POST', headers, body: `"${'x'.repeat(5 * 1024 * 1024)}"` })).status).toBe(413);
    expect((await fetch(url, { method: 'POST', headers, body: '{"jsonrpc":' })).status).toBe(400);
    expect((await fetch(url, { method: 'POST', headers, body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' })).status).toBe(
      200,
    );
  });

  it('knows the endpoint', () => {
    const headers = { host: 'localhost:1', authorization: `Bearer ${key}` };
    expect(refusalFor({ headers, url: '/mcp' }, key)).toBeUndefined();
    expect(refusalFor({ headers, url: '/mcp?x=1' }, key)).toBeUndefined();
    expect(refusalFor({ headers, url: '/other' }, key)?.status).toBe(404);
    expect(refusalFor({ headers: { ...headers, host: 'localhost.evil.example.com' }, url: '/mcp' }, key)?.status).toBe(403);
  });

  it('stays on this machine', async () => {
    const listen = {
      factory: () => new Server({ name: 't', version: '1' }),
      listen: '0.0.0.0:0',
      key,
      signal: AbortSignal.abort(),
    };
    await expect(serveHttp({ ...listen, say: () => {}, warn: () => {} })).rejects.toThrow(/other machines/);
  });
});
