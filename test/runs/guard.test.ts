import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { call, open, recorder, rpc, serverOf, type Line } from '../guard/toy.ts';
import { cli } from './cli.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

beforeAll(async () => {
  if (!existsSync(join(root, 'dist/main.js')))
    await promisify(execFile)(process.execPath, [join(root, '.ci/build.mjs')], { cwd: root });
}, 120_000);

let cwd = '';
const children: ChildProcess[] = [];
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'mcp-portal-guard-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(cwd, { recursive: true, force: true });
});

const keys = { CFPB_MCP_API_KEYS: 'dev-abc123,dev-def456' };

/** The built program as a guard, in front of `upstream`, listening. */
async function guard(upstream: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = keys) {
  const words = ['guard', '--upstream', upstream, '--listen', '127.0.0.1:0', '--env-prefix', 'CFPB_MCP', ...args];
  const child = spawn(process.execPath, [join(root, 'bin/mcp-portal.js'), ...words], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
  });
  children.push(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  await vi.waitFor(() => expect(stdout).toMatch(/^listening on \S+ .*\n$/), { timeout: 15_000 });
  return { child, ended, url: /http:\S+/.exec(stdout)?.[0] ?? '', stderr: () => stderr, said: () => stdout + stderr };
}

const linesOf = (text: string): readonly Line[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('guard', () => {
  it('lets keys through and nobody else, limits them, and logs each request to standard error', async () => {
    const upstream = recorder();
    const { url, stderr, said } = await guard((await serverOf(upstream.listener)).url);
    expect((await call(`${url}/mcp/sse`, { headers: { 'x-api-key': '' } })).status).toBe(401);
    const statuses = [];
    for (let at = 0; at < 7; at += 1) statuses.push((await call(`${url}/mcp/messages`, { body: rpc('tools/list') })).status);
    expect(statuses.slice(0, 5)).toEqual([200, 200, 200, 200, 200]);
    expect(statuses).toContain(429);
    await vi.waitFor(() => expect(linesOf(stderr())).toHaveLength(8));
    expect(linesOf(stderr())[1]).toMatchObject({
      endpoint: '/mcp/messages',
      rpc_method: 'tools/list',
      key: 'b8e8ab51',
      status: 200,
    });
    expect(said()).not.toContain('dev-');
  });

  it('takes its limit from the environment, digests from a file, and appends to a log that only its owner reads', async () => {
    const upstream = recorder();
    const digest = createHash('sha256').update('dev-abc123').digest('hex');
    writeFileSync(join(cwd, 'keys.txt'), `# one\nsha256:${digest}\n`);
    writeFileSync(join(cwd, 'audit.jsonl'), '{"before":1}\n', { mode: 0o644 });
    const env = { CFPB_MCP_RATE_LIMIT_RPS: '0.1', CFPB_MCP_RATE_LIMIT_BURST: '1' };
    const args = ['--keys-file', 'keys.txt', '--audit', 'audit.jsonl', '--audit-arguments'];
    const { url, child, ended, stderr } = await guard((await serverOf(upstream.listener)).url, args, env);
    const body = rpc('tools/call', { name: 'search', arguments: { query: 'loans' } });
    expect((await call(url, { body })).status).toBe(200);
    expect(await call(url, { body })).toMatchObject({ status: 429, headers: { 'retry-after': '10' } });
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    const lines = linesOf(readFileSync(join(cwd, 'audit.jsonl'), 'utf8'));
    expect(lines).toMatchObject([{ before: 1 }, { tool: 'search', arguments: { query: 'loans' } }, { status: 429 }]);
    expect(statSync(join(cwd, 'audit.jsonl')).mode & 0o777).toBe(0o600);
    expect(stderr()).toBe('');
  });

  it('goes on without its log, and says so once', async () => {
    const upstream = recorder();
    const { url, stderr } = await guard((await serverOf(upstream.listener)).url, ['--audit', 'audit.jsonl']);
    rmSync(cwd, { recursive: true });
    for (let at = 0; at < 3; at += 1) expect((await call(url, { body: rpc('ping') })).status).toBe(200);
    await vi.waitFor(() => expect(stderr()).toMatch(/^warning: the audit log cannot be written.*\n$/));
  });

  it('drains at SIGTERM: streams go on until their grace is over', async () => {
    const { url: upstream } = await serverOf((_, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
      setTimeout(() => outgoing.write('data: 2\n\n'), 300);
    });
    const { url, child, ended, stderr } = await guard(upstream, ['--grace', '1']);
    const response = await open(`${url}/sse`);
    let seen = '';
    response.setEncoding('utf8').on('data', (text: string) => (seen += text));
    response.on('error', () => {});
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(seen).toBe('data: 1\n\ndata: 2\n\n');
    expect(linesOf(stderr())).toMatchObject([{ endpoint: '/sse', status: 200, reason: 'shutdown', client: '127.0.0.1' }]);
  });
});

describe('a command line that no guard comes of', () => {
  const env = { MCP_PORTAL_API_KEYS: 'dev-abc123' };
  it.each<[string, Record<string, string>, string, number]>([
    ['guard --upstream http://127.0.0.1:1', {}, 'MCP_PORTAL_API_KEYS', 1],
    ['guard --upstream http://127.0.0.1:1 --env-prefix CFPB_MCP', env, 'CFPB_MCP_API_KEYS', 1],
    ['guard --upstream http://127.0.0.1:1 --listen 0.0.0.0:8787', env, '--allow-remote', 64],
    ['guard', env, '--upstream is missing', 64],
    ['guard --upstream http://127.0.0.1:1 --access-team acme', env, '--access-aud belong together', 64],
    ['guard --upstream http://127.0.0.1:1 --audit none/audit.jsonl', env, 'cannot write', 1],
    ['guard --upstream http://127.0.0.1:1', { ...env, MCP_PORTAL_RATE_LIMIT_RPS: 'fast' }, 'MCP_PORTAL_RATE_LIMIT_RPS', 1],
    ['guard keys', env, 'ACTION', 64],
    ['guard keys old', env, 'new or hash', 64],
    ['guard keys hash', env, 'no key on standard input', 64],
  ])('%s %j says %s', async (line, given, message, code) => {
    const ran = await cli({ env: given }).run(line);
    expect(ran).toMatchObject({ code, stdout: '' });
    expect(ran.stderr).toContain(message);
  });
});

describe('guard keys', () => {
  it('new prints a key alone, and its digest beside it; hash prints the same digest', async () => {
    const { run } = cli();
    const made = await run('guard keys new');
    expect(made.stdout).toMatch(/^mcpk_[\w-]{43}\n$/);
    const digest = /sha256:[0-9a-f]{64}/.exec(made.stderr)?.[0];
    expect((await run('guard keys hash', { stdin: made.stdout })).stdout).toBe(`${digest}\n`);
    expect((await run('guard keys hash --json', { stdin: '# a comment\na\nb' })).json.digests).toHaveLength(2);
    const { key, digest: hashed, ok } = (await run('guard keys new --json')).json;
    expect({ ok, hashed }).toEqual({ ok: true, hashed: `sha256:${createHash('sha256').update(key).digest('hex')}` });
  });
});
