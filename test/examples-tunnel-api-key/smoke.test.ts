import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { createBuckets } from '../../src/guard/buckets.ts';
import { guardOf, key, serverOf } from '../guard/toy.ts';
import { cli } from '../runs/cli.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = `${root}examples/tunnel-api-key/`;
const program = `${root}node_modules/@modelcontextprotocol/server-everything/dist/index.js`;
const servers = { http: '', sse: '' };
const children: ChildProcess[] = [];

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function start(transport: 'streamableHttp' | 'sse'): Promise<string> {
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
  [servers.http, servers.sse] = await Promise.all([start('streamableHttp'), start('sse')]);
}, 30_000);
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** The script as somebody runs it: what it says, and its exit code. */
const smoke = (args: readonly string[], env: Readonly<Record<string, string>> = { MCP_KEY: key }) =>
  new Promise<{ readonly code: number; readonly said: string }>((resolve) => {
    const child = execFile(`${folder}smoke.sh`, args, { env: { PATH: process.env['PATH'], ...env } }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, said: stdout + stderr }),
    );
  });

describe('smoke.sh', { timeout: 60_000 }, () => {
  it.each([
    ['http', '', ['http']],
    ['http', '/mcp', []],
    ['sse', '/sse', ['sse']],
  ] as const)('finds nothing wrong with a real server over %s%s behind the guard', async (transport, path, words) => {
    const { url, lines } = await guardOf(servers[transport]);
    const { code, said } = await smoke([url + path, ...words]);
    expect({ code, said }).toMatchObject({ code: 0, said: expect.not.stringContaining('FAIL') });
    expect(said).toContain('ok    without a key: 401');
    expect(said).toContain('ok    with a wrong key: 401');
    expect(said).toContain('ok    messages get through');
    expect(said).toMatch(/ok {4}tools: [1-9]/);
    expect(said).not.toContain(key);
    expect(lines.filter(({ status }) => status === 401).length).toBeGreaterThanOrEqual(2);
  });

  it('waits where it is too fast for the limit', async () => {
    const { url, lines } = await guardOf(servers.http, { buckets: createBuckets({ rps: 2, burst: 2 }, () => performance.now()) });
    expect(await smoke([url])).toMatchObject({ code: 0 });
    expect(lines.map(({ status }) => status)).toContain(429);
  });

  it('says that a silent stream stays silent', async () => {
    const { url } = await guardOf(servers.http);
    const { code, said } = await smoke([url], { MCP_KEY: key, MCP_KEEP_ALIVE: '1' });
    expect({ code, said }).toMatchObject({
      code: 1,
      said: expect.stringContaining('FAIL  a silent stream shows no sign of life in 1'),
    });
  });

  it('says that the key does not open the guard', async () => {
    const { url } = await guardOf(servers.http);
    const { code, said } = await smoke([url], { MCP_KEY: 'stale', MCP_TIMEOUT: '5' });
    expect(code).toBe(1);
    expect(said).toContain('FAIL  the server does not answer initialize');
    expect(said).toContain('status 401');
    expect(said).not.toContain('stale');
  });

  it('says that nothing guards a server', async () => {
    const { code, said } = await smoke([servers.http]);
    expect(code).toBe(1);
    expect(said).toContain("FAIL  without a key: 401 with the guard's JSON is wanted");
  });

  it('says that a stream is there whose messages do not get through', async () => {
    const { url } = await serverOf((request, response) => {
      if (request.headers['x-api-key'] !== key) {
        response.writeHead(401).end('{"error":{"type":"auth","message":"Missing or invalid API key"}}');
      } else if (request.method === 'GET' && request.url === '/sse') {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: endpoint\ndata: /mcp/messages\n\n');
      } else response.writeHead(404).end();
    });
    const { code, said } = await smoke([`${url}/sse`, 'sse']);
    expect(code).toBe(1);
    expect(said).toContain('FAIL  the stream is there, and messages do not get through');
  });

  it('needs a key and a URL', async () => {
    expect(await smoke([])).toMatchObject({ code: 64 });
    expect(await smoke(['http://127.0.0.1:1'], {})).toMatchObject({ code: 64 });
  });
});

describe('compose.yaml', () => {
  const read = (name: string): string => readFileSync(folder + name, 'utf8');
  const { services } = parse(read('compose.yaml'));

  it('runs the connector as `tunnel compose` prints it', async () => {
    const { stdout } = await cli({ files: { 'portal.yaml': read('portal.yaml') } }).run('tunnel compose cfpb-mcp');
    expect(services.cloudflared).toEqual(parse(stdout).cloudflared);
  });

  it('publishes no port, and leads from the tunnel to the guard to the server', () => {
    expect(Object.values(services).flatMap((service) => Object.keys(Object(service)))).not.toContain('ports');
    expect(parse(read('portal.yaml')).tunnels['cfpb-mcp'].ingress[0].service).toBe('http://guard:8787');
    expect(services.guard.command).toContain('--upstream http://server:8000 --listen 0.0.0.0:8787');
    expect(services.server.environment).toContain('PORT=8000');
  });

  it('starts the guard with options that it has', async () => {
    const [, words = ''] = /mcp-portal (.*)/.exec(services.guard.command) ?? [];
    const { code, stderr } = await cli().run(words);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('CFPB_MCP_API_KEYS') });
  });
});
