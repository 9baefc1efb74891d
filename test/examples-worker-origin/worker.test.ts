import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundle } from '../../src/bundler/bundle.ts';
import { realFiles } from '../../src/system/files.ts';
import { root } from '../source-files.ts';

const folder = `${root}examples/worker-origin`;
const key = 'the-key';
const api = { answer: (_request: IncomingMessage, _response: ServerResponse): void => undefined, bodies: [] as string[] };
let server: Server;
let code: string;
let worker: Miniflare;
let url: URL;

const optionsWith = (bindings: Readonly<Record<string, string>>) => ({
  modules: true as const,
  script: code,
  compatibilityDate: '2026-04-01',
  bindings: { API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, MCP_KEY: key, ...bindings },
  host: '127.0.0.1',
  port: 0,
});

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      api.bodies.push(`${request.method} ${request.url} ${body}`.trim());
      api.answer(request, response);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Exactly what `apply` would upload.
  const made = await bundle({ world: { cwd: folder, files: realFiles(folder) }, folder, file: './src/index.ts' });
  if ('problems' in made) throw new Error(made.problems[0]?.message);
  code = made.bundle.text;
  worker = new Miniflare(optionsWith({}));
  url = new URL('/mcp', await worker.ready);
});
afterAll(async () => {
  await worker.dispose();
  server.close();
});
beforeEach(() => {
  api.bodies.length = 0;
  api.answer = (_request, response) => response.setHeader('content-type', 'application/json').end('{"sections":["intro"]}');
});

async function connected(): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers: { authorization: `Bearer ${key}` } } }));
  return client;
}

describe('the Worker of the worker-origin example, in workerd', () => {
  it('offers the API as tools to the official client', async () => {
    const client = await connected();
    const { tools } = await client.listTools();
    expect(tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint])).toEqual([
      ['list_sections', true],
      ['get_section', true],
      ['update_section', false],
    ]);
    const listed = await client.callTool({ name: 'list_sections', arguments: {} });
    expect(listed.content).toEqual([{ type: 'text', text: '{"sections":["intro"]}' }]);
    await client.callTool({ name: 'update_section', arguments: { id: '../a b', text: 'new' } });
    expect(api.bodies).toEqual(['GET /api/presentation/sections/', 'PUT /api/presentation/sections/..%2Fa%20b/ {"text":"new"}']);
    await client.close();
  });

  it.each([
    ['a login page', (response: ServerResponse) => response.end('<!doctype html>'), 'not JSON'],
    ['a redirect', (response: ServerResponse) => response.writeHead(302, { location: '/login' }).end(), 'redirects'],
    ['an error', (response: ServerResponse) => response.writeHead(500).end('{"secret":"detail"}'), 'answered 500'],
    ['nothing at all', (response: ServerResponse) => response.destroy(), 'cannot be reached'],
  ])('says what came instead of an answer: %s', async (_what, answer, words) => {
    api.answer = (_request, response) => void answer(response);
    const client = await connected();
    const { isError, content } = await client.callTool({ name: 'list_sections', arguments: {} });
    expect(isError).toBe(true);
    expect(JSON.stringify(content)).toContain(words);
    expect(JSON.stringify(content)).not.toContain('detail');
    await client.close();
  });

  it('lets nobody in without the key, and asks the API nothing', async () => {
    for (const headers of [{}, { authorization: 'Bearer other' }, { authorization: key }])
      expect((await fetch(url, { method: 'POST', headers, body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' })).status).toBe(
        401,
      );
    expect(api.bodies).toEqual([]);
  });

  it.each([
    [{ API_URL: 'http://api.example.com' }, 'https address'],
    [{ API_URL: 'no address' }, 'https address'],
  ])('calls no API in the clear: %j', async (bindings, words) => {
    const other = new Miniflare(optionsWith(bindings));
    const body = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_sections"}}';
    const response = await fetch(new URL('/mcp', await other.ready), {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body,
    });
    expect(await response.text()).toContain(words);
    await other.dispose();
  });

  it('takes a list of addresses as one more guard', async () => {
    const other = new Miniflare(optionsWith({ ALLOWED_IPS: '192.0.2.1, 192.0.2.2' }));
    const at = new URL('/mcp', await other.ready);
    const send = (ip: string, bearer: string) =>
      fetch(at, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}`, 'cf-connecting-ip': ip },
        body: '{"jsonrpc":"2.0","id":1,"method":"ping"}',
      });
    expect((await send('192.0.2.9', key)).status).toBe(403);
    expect((await send('192.0.2.2', 'other')).status).toBe(401);
    expect((await send('192.0.2.2', key)).status).toBe(200);
    await other.dispose();
  });
});
