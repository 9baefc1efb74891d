import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openAccount } from '../../src/sandbox/account.ts';
import { serveAccount } from '../../src/sandbox/server.ts';
import { root } from '../source-files.ts';

/** A simulated account over HTTP, and wrangler in a folder of its own pointed at it. */
async function wranglerAt(files: Readonly<Record<string, string>>) {
  const account = openAccount();
  const served = await serveAccount(account);
  const folder = mkdtempSync(join(tmpdir(), 'mcp-portal-wrangler-'));
  onTestFinished(async () => {
    await served.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  for (const [name, text] of Object.entries(files)) write(name, text);
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    CI: '1',
    CLOUDFLARE_API_BASE_URL: served.url,
    CLOUDFLARE_API_TOKEN: 'sandbox',
    CLOUDFLARE_ACCOUNT_ID: account.accountId,
    WRANGLER_SEND_METRICS: 'false',
    // Its look for a newer version must not leave this machine.
    npm_config_registry: served.url,
  };
  const run = (...args: readonly string[]): Promise<{ readonly code: number | null; readonly text: string }> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [join(root, 'node_modules/wrangler/bin/wrangler.js'), ...args], { cwd: folder, env });
      let text = '';
      child.stdout.on('data', (chunk) => (text += String(chunk)));
      child.stderr.on('data', (chunk) => (text += String(chunk)));
      child.stdin.end('from wrangler\n');
      child.once('close', (code) => resolve({ code, text }));
    });
  return { account, run, write };
}

const config = (namespace: string): string => `name = "from-wrangler"
main = "worker.js"
compatibility_date = "2026-01-01"
workers_dev = true
routes = [{ pattern = "example.com/x/*", zone_name = "example.com" }, { pattern = "w.example.com", custom_domain = true }]
[vars]
A = "b"
[[kv_namespaces]]
binding = "KV"
id = "${namespace}"
`;

describe('wrangler, against the simulator', () => {
  it('creates a namespace, deploys twice, keeps a secret between, and deletes', { timeout: 120_000 }, async () => {
    const { account, run, write } = await wranglerAt({ 'worker.js': 'export default { fetch: () => new Response("hi") };\n' });
    expect((await run('kv', 'namespace', 'create', 'STORE')).code).toBe(0);
    const listed = await run('kv', 'namespace', 'list');
    const [namespace] = account.state.kv_namespaces;
    expect(listed.text).toContain(namespace?.id);
    write('wrangler.toml', config(namespace?.id ?? ''));
    const deployed = await run('deploy');
    expect(deployed).toMatchObject({ code: 0, text: expect.stringContaining('https://from-wrangler.sandbox.workers.dev') });
    expect(account.state.worker_domains.map(({ body }) => body['hostname'])).toEqual(['w.example.com']);
    expect(account.state.worker_routes.map(({ body }) => body['pattern'])).toEqual(['example.com/x/*']);
    expect((await run('secret', 'put', 'TOKEN')).code).toBe(0);
    expect((await run('deploy')).code).toBe(0);
    expect(account.state.workers[0]?.bindings).toContainEqual({ type: 'secret_text', name: 'TOKEN', text: 'from wrangler' });
    expect((await run('delete', '--force')).code).toBe(0);
    expect(account.state.workers).toEqual([]);
    expect(account.state.worker_domains).toEqual([]);
  });
});
