import { describe, expect, it } from 'vitest';
import { cli, portal, type Cli } from './cli.ts';

const files = { 'portal.yaml': portal };
const url = 'https://notes.example.com/mcp';

const failing = (one: Cli, details: Record<string, string | number | boolean>): void =>
  void one.upstreams.set(url, () => ({
    is: 'error',
    error: 'it failed',
    details: { cause: 'it failed', is_upstream: true, ...details },
  }));

describe('--wait', () => {
  it('ends when the servers are ready, and says so as it goes', async () => {
    const one = cli({ files });
    const { code, stdout, stderr } = await one.run('apply --yes --wait');
    expect(code).toBe(0);
    expect(stderr).toContain('server:notes: ready');
    expect(stdout).not.toContain('server:notes: ready');
    expect(one.account.state.servers[0]?.discovery.status).toBe('ready');
    expect((await cli({ files }).run('apply --yes --wait --quiet')).stderr).toBe('');
  });

  it('waits for an upstream that comes up late', async () => {
    const one = cli({ files });
    let asked = 0;
    one.upstreams.set(url, () => {
      asked += 1;
      return asked < 3
        ? { is: 'error', error: 'refused', details: { cause: 'refused', retryable: true } }
        : { is: 'ready', tools: [], prompts: [] };
    });
    const { code, stderr } = await one.run('apply --yes --wait');
    expect(code).toBe(0);
    expect(stderr.indexOf('server:notes: refused')).toBeLessThan(stderr.indexOf('server:notes: ready'));
  });

  it('stops at once at a failure that is not retryable: exit 4 with cause and HTTP status', async () => {
    const one = cli({ files });
    failing(one, { retryable: false, status_code: 401 });
    const { code, stdout, stderr } = await one.run('apply --yes --wait');
    expect(code).toBe(4);
    expect(stdout).toContain('Applied: 6 created');
    expect(stderr).toContain('failed: server:notes: it failed (HTTP 401)');
    expect(one.sleeps).toEqual([]);
  });

  it('ends in time at a failure that may pass: exit 4', async () => {
    const one = cli({ files });
    failing(one, { retryable: true, status_code: 503 });
    const before = one.sleeps.length;
    const { code, json } = await one.run('apply --yes --json --wait=20');
    expect(code).toBe(4);
    expect(one.sleeps.slice(before).reduce((sum, ms) => sum + ms, 0)).toBe(20_000);
    expect(json).toMatchObject({
      ok: false,
      error: { code: 'not_ready', message: expect.stringContaining('HTTP 503') },
      waited: [{ address: 'server:notes', ready: false, why: 'it failed (HTTP 503)' }],
    });
    expect(json.applied).toHaveLength(6);
  });

  it.each(['lost', 'error-500', 'reset'] as const)('goes on where the start of a server got no answer (%s)', async (what) => {
    const one = cli({ files });
    one.account.faults.fail({ what, method: 'POST', path: /sync$/ });
    expect((await one.run('apply --yes --wait')).code).toBe(0);
    expect(one.account.state.servers[0]?.discovery.status).toBe('ready');
    expect(one.writes().filter((line) => line.endsWith('sync'))).toHaveLength(what === 'lost' ? 1 : 2);
  });

  it('is bounded by --timeout where it has no number of its own', async () => {
    const one = cli({ files });
    failing(one, { retryable: true });
    expect((await one.run('apply --yes --wait --timeout 9')).code).toBe(4);
    expect(one.sleeps.reduce((sum, ms) => sum + ms, 0)).toBe(9000);
  });

  it('also waits when nothing changed', async () => {
    const one = cli({ files });
    await one.run('apply --yes');
    const ready = await one.run('apply --yes --wait');
    expect(ready.code).toBe(0);
    expect(ready.stdout).toContain('No changes.');
    const other = cli({ files });
    failing(other, { retryable: false, status_code: 404 });
    await other.run('apply --yes');
    expect((await other.run('apply --yes')).code).toBe(0);
    expect((await other.run('apply --wait')).code).toBe(4);
  });

  it('with --target waits for that alone', async () => {
    const two = portal.replace('servers:\n', 'servers:\n  bad: { url: https://bad.example.com/mcp }\n');
    const one = cli({ files: { 'portal.yaml': two } });
    one.upstreams.set('https://bad.example.com/mcp', () => ({ is: 'error', error: 'x', details: { retryable: false } }));
    await one.run('apply --yes');
    expect((await one.run('apply --yes --wait --target server:notes')).code).toBe(0);
    expect((await one.run('apply --yes --wait')).code).toBe(4);
  });

  it('that fails by itself still reports what was applied', async () => {
    const one = cli({ files });
    one.account.faults.fail({ what: 'forbidden', method: 'POST', path: /sync$/ });
    const { code, json } = await one.run('apply --yes --wait --json');
    expect(code).toBe(1);
    expect(json.applied).toHaveLength(6);
    expect(json.error.message).toContain('403');
  });
});

describe('an OAuth server', () => {
  const text = portal.replace('/mcp, access', '/mcp, auth: oauth, access');

  it('exits 4 with --wait, at once, and says who has to do what', async () => {
    const one = cli({ files: { 'portal.yaml': text } });
    const { code, stderr } = await one.run('apply --yes --wait');
    expect(code).toBe(4);
    expect(stderr).toMatch(/^\? server:notes: an administrator has to sign in to it once; .*Authenticate server/m);
    expect(one.sleeps).toEqual([]);
  });

  it('exits 0 with a notice without --wait', async () => {
    const one = cli({ files: { 'portal.yaml': text } });
    const { code, stderr } = await one.run('apply --yes');
    expect(code).toBe(0);
    expect(stderr).toContain('? server:notes: an administrator has to sign in');
    const { json } = await cli({ files: { 'portal.yaml': text } }).run('apply --yes --json');
    expect(json.diagnostics).toContainEqual(expect.objectContaining({ severity: 'info', code: 'MCP090' }));
    expect((await one.run('plan')).stdout).toContain('? server:notes: ');
  });
});
