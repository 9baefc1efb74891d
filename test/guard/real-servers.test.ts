import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Client, SSEClientTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { guardOf, key } from './toy.ts';

const program = fileURLToPath(
  new URL('../../node_modules/@modelcontextprotocol/server-everything/dist/index.js', import.meta.url),
);
const servers = { streamableHttp: '', sse: '' };
const children: ChildProcess[] = [];

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function start(transport: keyof typeof servers): Promise<string> {
  const port = await freePort();
  const env = { PATH: process.env['PATH'], PORT: String(port) };
  const child = spawn(process.execPath, [program, transport], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  children.push(child);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  await vi.waitFor(() => expect(said).toMatch(/(listening on|running on) port/), { timeout: 20_000 });
  return `http://127.0.0.1:${port}`;
}

beforeAll(async () => {
  [servers.streamableHttp, servers.sse] = await Promise.all([start('streamableHttp'), start('sse')]);
}, 30_000);
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

const headers = { 'X-API-Key': key };
const transports = {
  streamableHttp: (url: string) => new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit: { headers } }),
  sse: (url: string) =>
    new SSEClientTransport(new URL('/sse', url), {
      requestInit: { headers },
      // The stream of this transport is opened without the headers of its messages.
      eventSourceInit: { fetch: (at, init) => fetch(at, { ...init, headers: { ...init.headers, ...headers } }) },
    }),
};

/** A client whose way to the real server leads through a guard. */
async function connected(transport: keyof typeof servers) {
  const guarded = await guardOf(servers[transport]);
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transports[transport](guarded.url));
  onTestFinished(() => client.close());
  return { ...guarded, client };
}

describe.each(['streamableHttp', 'sse'] as const)('a real server over %s', (transport) => {
  it('lists its tools and answers calls, each in the audit log', async () => {
    const { client, lines } = await connected(transport);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('echo');
    const result = await client.callTool({ name: 'echo', arguments: { message: 'grüße' } });
    expect(result.content).toEqual([{ type: 'text', text: 'Echo: grüße' }]);
    await vi.waitFor(() =>
      expect(lines).toContainEqual(expect.objectContaining({ rpc_method: 'tools/call', tool: 'echo', key: 'b8e8ab51' })),
    );
    expect(lines).toContainEqual(expect.objectContaining({ rpc_method: 'initialize' }));
    expect(JSON.stringify(lines)).not.toContain('grüße');
  });

  it('tells the progress of a call while it runs', async () => {
    const { client } = await connected(transport);
    const seen: number[] = [];
    const call = { name: 'trigger-long-running-operation', arguments: { duration: 0.6, steps: 3 } };
    await client.callTool(call, { onprogress: ({ progress }) => void seen.push(progress) });
    // The client drops the last one where it comes together with the result, also without a guard.
    expect(seen.slice(0, 2)).toEqual([1, 2]);
  });

  it('learns that a call is cancelled, and goes on', async () => {
    const { client, lines } = await connected(transport);
    const abort = new AbortController();
    const call = { name: 'trigger-long-running-operation', arguments: { duration: 30, steps: 30 } };
    const running = client.callTool(call, { signal: abort.signal });
    setTimeout(() => abort.abort(new Error('changed my mind')), 100);
    await expect(running).rejects.toThrow('changed my mind');
    await vi.waitFor(() => expect(lines).toContainEqual(expect.objectContaining({ rpc_method: 'notifications/cancelled' })));
    expect((await client.callTool({ name: 'echo', arguments: { message: '2' } })).content).toEqual([
      { type: 'text', text: 'Echo: 2' },
    ]);
  });

  it('stays out of reach without a key', async () => {
    const { url, lines } = await guardOf(servers[transport]);
    const path = transport === 'sse' ? '/sse' : '/mcp';
    const bare =
      transport === 'sse' ? new SSEClientTransport(new URL(path, url)) : new StreamableHTTPClientTransport(new URL(path, url));
    await expect(new Client({ name: 'test', version: '1' }).connect(bare)).rejects.toThrow(/401|Missing or invalid API key/);
    await vi.waitFor(() => expect(lines[0]).toMatchObject({ key: 'none', status: 401 }));
  });
});

it('a session over Streamable HTTP is ended through the guard, too', async () => {
  const { url, lines } = await guardOf(servers.streamableHttp);
  const transport = transports.streamableHttp(url);
  await new Client({ name: 'test', version: '1' }).connect(transport);
  await transport.terminateSession();
  await transport.close();
  await vi.waitFor(() => expect(lines).toContainEqual(expect.objectContaining({ http_method: 'DELETE', status: 200 })));
});
