import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cli } from '../runs/cli.ts';
import { bundle, example, key } from './worker.ts';

const env = { ATTIO_CLIENT_ID: 'attio-app', ATTIO_CLIENT_SECRET: 'attio-app-secret', TOKEN_ENCRYPTION_KEY: key };

describe('the bundle', () => {
  it('is one file of less than 1 MB, and 250 kB compressed', () => {
    const code = readFileSync(bundle);
    expect(code.byteLength).toBeLessThan(1_000_000);
    expect(gzipSync(code).byteLength).toBeLessThan(250_000);
    expect([...code.toString().matchAll(/\bfrom\s*"([^"]+)"/g)].map(([, name]) => name)).toEqual(['cloudflare:workers']);
  });
});

describe('portal.yaml', () => {
  const file = `-f ${example}portal.yaml`;

  it('deploys all of it in one apply, and then has nothing left to do', async () => {
    const at = cli();
    const applied = await at.run(`apply --yes --json ${file}`, { env });
    expect([applied.code, applied.json.ok]).toEqual([0, true]);
    expect(applied.json.applied.map(({ address }: { address: string }) => address)).toEqual(
      expect.arrayContaining([
        'kv_namespace:tokens',
        'kv_namespace:oauth',
        'worker:attio-mcp-server',
        'server:attio',
        'portal:crm',
      ]),
    );
    expect(applied.stdout + applied.stderr).not.toContain(key);
    expect((await at.run(`plan --detailed-exitcode ${file}`)).code).toBe(0);

    const [worker] = at.account.state.workers;
    expect(worker?.code).toBe(readFileSync(bundle, 'utf8'));
    expect(worker?.bindings).toContainEqual({ type: 'secret_text', name: 'TOKEN_ENCRYPTION_KEY', text: key });
    const server = await at.send('GET', '~/access/ai-controls/mcp/servers/attio');
    expect(server).toMatchObject({ hostname: 'https://attio.example.com/mcp', auth_type: 'oauth' });
    const portal = await at.send('GET', '~/access/ai-controls/mcp/portals/crm');
    const redirects = worker?.bindings.find(({ name }) => name === 'ALLOWED_REDIRECT_URIS');
    expect(JSON.stringify(redirects)).toContain(`https://${portal.hostname}/servers-callback`);
  });

  it('becomes another Worker with storage of its own in staging', async () => {
    const at = cli();
    const files = `${file} -f ${example}staging.yaml`;
    const staging = { ...env, STAGING_ACCOUNT_ID: at.account.accountId };
    expect((await at.run(`apply --yes ${files}`, { env: staging })).code).toBe(0);
    expect((await at.run(`plan --detailed-exitcode ${files}`, { env: staging })).code).toBe(0);
    expect(at.account.state.workers.map(({ id }) => id)).toEqual(['attio-mcp-server-staging']);
    const namespaces = await at.send('GET', '~/storage/kv/namespaces');
    expect(namespaces.map(({ title }: { title: string }) => title)).toEqual([
      'attio-mcp-tokens-staging',
      'attio-mcp-oauth-staging',
    ]);
  });

  it('is protected in production', async () => {
    const at = cli();
    const files = `${file} -f ${example}production.yaml`;
    const production = { ...env, PRODUCTION_ACCOUNT_ID: at.account.accountId };
    expect((await at.run(`apply --yes ${files}`, { env: production })).code).toBe(0);
    expect((await at.run(`plan --detailed-exitcode ${files}`, { env: production })).code).toBe(0);
    expect((await at.run(`destroy --yes ${files}`, { env: production })).code).toBe(3);
  });
});

it.each(['staging', 'production'])('wrangler can deploy it to %s', async (stage) => {
  const out = mkdtempSync(join(tmpdir(), 'attio-wrangler-'));
  onTestFinished(() => rmSync(out, { recursive: true, force: true }));
  const wrangler = fileURLToPath(new URL('../../node_modules/wrangler/bin/wrangler.js', import.meta.url));
  const args = [wrangler, 'deploy', '--dry-run', '--env', stage, '--outdir', out];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: example,
    env: { PATH: process.env['PATH'], HOME: out, CI: '1', WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1' },
  });
  expect(stdout).toMatch(/env\.TOKEN_STORE .*KV Namespace[^]*env\.OAUTH_KV .*KV Namespace/);
  expect(statSync(join(out, 'worker.js')).size).toBeLessThan(1_000_000);
});
