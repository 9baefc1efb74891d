import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Cloudflare from 'cloudflare';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { portal, portalWithToken } from './cli.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'bin/mcp-portal.js');

// `npm run check` has built the program by now; a lone `vitest` in a clean clone has not.
beforeAll(async () => {
  if (!existsSync(join(root, 'dist/main.js')))
    await promisify(execFile)(process.execPath, [join(root, '.ci/build.mjs')], { cwd: root });
}, 120_000);

let cwd = '';
const children: ChildProcess[] = [];
const servers: Server[] = [];
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'mcp-portal-built-'));
  writeFileSync(join(cwd, 'portal.yaml'), portal);
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const server of servers.splice(0)) server.close().closeAllConnections();
  rmSync(cwd, { recursive: true, force: true });
});

/** Starts the program. What the shell that runs the tests has set must not steer it. */
function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [program, ...args], { cwd, env: { PATH: process.env['PATH'], ...env } });
  children.push(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ended, said: () => stdout + stderr };
}

async function run(line: string, input = '') {
  const { child, ended } = start(line.split(' '));
  child.stdin?.end(input);
  return await ended;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('the built program', () => {
  it('applies, plans again with nothing to do, and destroys, with a state file between the runs', async () => {
    const first = await run('apply --sandbox=account.json --yes');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/tools: https:\/\/tools\.example\.com\/mcp\n$/);
    expect(await run('plan --sandbox account.json --detailed-exitcode')).toMatchObject({
      code: 0,
      stdout: 'No changes. 6 resources match the document.\n',
    });
    expect((await run('destroy --sandbox=account.json --yes --json')).code).toBe(0);
  });

  it('reads the document from standard input', async () => {
    const { code, stdout } = await run('plan --sandbox -f -', portal);
    expect(code).toBe(0);
    expect(stdout).toContain('Plan: 6 to create');
  });

  it('tells a caller that credentials are missing in the word for it', async () => {
    const { code, stdout } = await run('call --input-json {"command":"list_servers"}');
    expect([code, JSON.parse(stdout)]).toMatchObject([1, { error: { code: 'auth_error' } }]);
  });

  it('needs --yes, since nobody sits at a terminal', async () => {
    expect((await run('apply --sandbox')).code).toBe(3);
  });

  it('says where a document is wrong', async () => {
    writeFileSync(join(cwd, 'portal.yaml'), 'version: 1\nservres: {}\n');
    const { code, stdout, stderr } = await run('validate');
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toContain('portal.yaml:2:1: error');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('fails at once where the sandbox state cannot be written', async () => {
    writeFileSync(join(cwd, 'file'), '');
    const { code, stderr } = await run('plan --sandbox=file/account.json');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: cannot (read|write) the simulator's state/);
    expect((await run('sandbox --state file/account.json')).code).toBe(1);
  });

  it('ends quietly when nobody reads its output any more', async () => {
    const { child, ended, said } = start(['schema']);
    child.stdout?.destroy();
    expect((await ended).code).toBe(0);
    expect(said()).not.toContain('EPIPE');
  });
});

describe('sandbox over HTTP', () => {
  /** A running simulator with the variables that it printed. */
  async function sandbox(...args: string[]) {
    const running = start(['sandbox', ...args]);
    await until(() => running.said().endsWith('listening\n'));
    const lines = running.said().trimEnd().split('\n');
    const env = Object.fromEntries(lines.slice(0, -1).map((line) => line.split(/=(.*)/s).slice(0, 2)));
    return { ...running, lines, env };
  }

  it('prints its variables, serves the program, and keeps its state at SIGTERM', async () => {
    const { child, ended, lines, env, said: running } = await sandbox('--state', 'account.json');
    expect(lines.map((line) => line.split('=')[0])).toEqual([
      'CLOUDFLARE_BASE_URL',
      'CLOUDFLARE_ACCOUNT_ID',
      'CLOUDFLARE_API_TOKEN',
      'listening',
    ]);
    const applied = start(['apply', '--yes'], env);
    expect((await applied.ended).code).toBe(0);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
    const state = JSON.parse(readFileSync(join(cwd, 'account.json'), 'utf8'));
    expect(state.portals).toHaveLength(1);
    expect(running()).toMatch(/listening\nPORTAL_TOOLS=http:\/\/127\.0\.0\.1:\d+\/mcp\n$/);
    const again = await sandbox('--state', 'account.json');
    expect(again.lines).toContainEqual(expect.stringMatching(/^PORTAL_TOOLS=/));
    expect(again.env['CLOUDFLARE_ACCOUNT_ID']).toBe(env['CLOUDFLARE_ACCOUNT_ID']);
    expect((await start(['plan'], again.env).ended).stdout).toContain('No changes.');
  });

  it('serves the official SDK, and refuses an empty token', async () => {
    const { env } = await sandbox('--zone', 'one.example', '--zone', 'two.example');
    const account = { account_id: env['CLOUDFLARE_ACCOUNT_ID'] ?? '' };
    const client = new Cloudflare({ baseURL: env['CLOUDFLARE_BASE_URL'] ?? '', apiToken: 'anything', maxRetries: 0 });
    const names: string[] = [];
    for await (const zone of client.zones.list()) names.push(zone.name);
    expect(names.toSorted()).toEqual(['one.example', 'two.example']);
    const policy = await client.zeroTrust.access.policies.create({
      ...account,
      name: 'people',
      decision: 'allow',
      include: [{ everyone: {} }],
    });
    expect((await client.zeroTrust.access.policies.get(policy.id ?? '', account)).name).toBe('people');
    const refused = await fetch(`${env['CLOUDFLARE_BASE_URL']}/accounts`, { headers: { authorization: 'Bearer ' } });
    expect([400, 401, 403]).toContain(refused.status);
  });
});

describe('Ctrl-C', () => {
  /** An API where the creation of the portal hangs. */
  async function hanging(env: Readonly<Record<string, string>>): Promise<{ url: string; reached(): boolean }> {
    let reached = false;
    const server = createServer(async (request, response) => {
      if (request.method === 'POST' && request.url?.endsWith('/mcp/portals') === true) {
        reached = true;
        return;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { origin } = new URL(env['CLOUDFLARE_BASE_URL'] ?? '');
      const answer = await fetch(`${origin}${request.url}`, {
        method: request.method ?? 'GET',
        headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
        ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return { url: `http://127.0.0.1:${port}/client/v4`, reached: () => reached };
  }

  it('lets a change that runs come to its end, a second one does not wait; the next run completes', async () => {
    writeFileSync(join(cwd, 'portal.yaml'), portalWithToken);
    const running = start(['sandbox']);
    await until(() => running.said().endsWith('listening\n'));
    const env = Object.fromEntries(
      running
        .said()
        .split('\n')
        .slice(0, 3)
        .map((line) => line.split(/=(.*)/s).slice(0, 2)),
    );
    const api = await hanging(env);
    const { child, ended } = start(['apply', '--yes', '--secrets-out', 'file:token.json'], {
      ...env,
      CLOUDFLARE_BASE_URL: api.url,
    });
    await until(() => api.reached() && existsSync(join(cwd, 'token.json')));
    child.kill('SIGINT');
    const early = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 300, 'still running'))]);
    expect(early).toBe('still running');
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    const next = start(['apply', '--yes', '--json'], env);
    const { code, stdout } = await next.ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout).applied.map((outcome: { address: string }) => outcome.address)).toContain('portal:tools');
    expect((await start(['plan'], env).ended).stdout).toContain('No changes.');
  });
});
