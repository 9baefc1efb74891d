import { readFileSync } from 'node:fs';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../source-files.ts';

const token = 'id-token';
let worker: Miniflare;
let url: URL;

beforeAll(async () => {
  worker = new Miniflare({
    modules: true,
    script: readFileSync(`${root}examples/chittymcp/worker/index.js`, 'utf8'),
    compatibilityDate: '2026-04-01',
    kvNamespaces: ['KV'],
    bindings: { CHITTY_ID_TOKEN: token },
    host: '127.0.0.1',
    port: 0,
  });
  url = new URL('/mcp', await worker.ready);
});
afterAll(() => worker.dispose());

const post = (
  body: string,
  headers: Readonly<Record<string, string>> = { authorization: `Bearer ${token}` },
): Promise<Response> => fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });

describe('the Worker of the chittymcp example, in workerd', () => {
  it('is an MCP server for the official client, and keeps its notes', async () => {
    const client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(
      new StreamableHTTPClientTransport(url, { requestInit: { headers: { authorization: `Bearer ${token}` } } }),
    );
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['remember', 'recall']);
    await client.callTool({ name: 'remember', arguments: { name: 'a', note: 'first' } });
    const recalled = await client.callTool({ name: 'recall', arguments: { name: 'a' } });
    expect(recalled.content).toEqual([{ type: 'text', text: 'first' }]);
    expect((await client.callTool({ name: 'recall', arguments: {} })).isError).toBe(true);
    await expect(client.callTool({ name: 'toString', arguments: {} })).rejects.toThrow('there is no tool');
    await client.close();
  });

  it.each([{}, { authorization: 'Bearer wrong' }, { authorization: token }, { authorization: 'Bearer ' }])(
    'knows nobody with %j',
    async (headers) => {
      const response = await post('{"jsonrpc":"2.0","id":1,"method":"tools/list"}', headers);
      expect(response.status).toBe(401);
    },
  );

  it('answers what is no request without falling over', async () => {
    expect((await post('no json')).status).toBe(400);
    expect((await post('{"jsonrpc":"2.0","method":"notifications/initialized"}')).status).toBe(202);
    expect((await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status).toBe(405);
    expect((await fetch(new URL('/', url))).status).toBe(404);
    expect(await (await post('{"jsonrpc":"2.0","id":1,"method":"constructor"}')).json()).toMatchObject({
      error: { code: -32601 },
    });
    for (const odd of [
      'null',
      '[]',
      '1',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"recall","arguments":null}}',
    ])
      expect((await post(odd)).status).toBeLessThan(500);
  });
});
