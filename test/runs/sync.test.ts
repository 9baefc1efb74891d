import { describe, expect, it } from 'vitest';
import type { AccountOptions } from '../../src/sandbox/account.ts';
import { cli, portal, type Cli } from './cli.ts';

const sync = (id: string): string => `POST /access/ai-controls/mcp/servers/${id}/sync`;
const urlOf = (id: string): string => `https://${id}.example.com/mcp`;

const offers = (one: Cli, id: string, tools: readonly string[], prompts: readonly string[] = []): void => {
  const named = (names: readonly string[]) => names.map((name) => ({ name, description: 'x' }));
  one.upstreams.set(urlOf(id), () => ({ is: 'ready', tools: named(tools), prompts: named(prompts) }));
};

const fails = (one: Cli, id: string, details: Record<string, string | number | boolean>): void =>
  void one.upstreams.set(urlOf(id), () => ({ is: 'error', error: 'it failed', details: { cause: 'it failed', ...details } }));

/** An account with servers that nobody has looked at yet. */
async function withServers(ids: readonly string[], more: object = {}, account: AccountOptions = {}): Promise<Cli> {
  const one = cli({ account });
  for (const id of ids)
    await one.send('POST', '~/access/ai-controls/mcp/servers', {
      id,
      name: id,
      hostname: urlOf(id),
      auth_type: 'unauthenticated',
      ...more,
    });
  one.account.requests.length = 0;
  return one;
}

describe('sync-server', () => {
  it('reads the tools again, and says what appeared and disappeared', async () => {
    const one = await withServers(['notes', 'docs']);
    offers(one, 'notes', ['search', 'write'], ['summary']);
    const first = await one.run('sync-server notes --yes');
    expect(first.code).toBe(0);
    expect(first.stdout).toContain(
      '~ server:notes\n    status: waiting → (known after apply)\n    why: its tools and prompts are read again',
    );
    expect(first.stdout).toMatch(
      /Applied: 0 created, 1 changed.*\nnotes: ready\n {2}\+ tool search\n {2}\+ tool write\n {2}\+ prompt summary\n$/,
    );
    offers(one, 'notes', ['search', 'edit']);
    const { json } = await one.run('sync_server notes --yes --json');
    expect(json).toMatchObject({
      schema_version: 1,
      ok: true,
      changes: [{ address: 'server:notes', action: 'update' }],
      applied: [{ address: 'server:notes', ok: true, id: 'notes' }],
    });
    expect(json.synced).toEqual([
      {
        id: 'notes',
        status: 'ready',
        tools_added: ['edit'],
        tools_removed: ['write'],
        prompts_added: [],
        prompts_removed: ['summary'],
        warnings: [],
      },
    ]);
    expect((await one.run('sync-server notes --yes')).stdout).toContain('notes: ready, nothing new\n');
    expect(one.writes()).toEqual([sync('notes'), sync('notes'), sync('notes')]);
  });

  it('takes several, as arguments and with --id, each once, and all of them with --all', async () => {
    const one = await withServers(['notes', 'docs', 'mail']);
    await one.run('sync-server notes docs --id notes --yes');
    expect(one.writes().toSorted()).toEqual([sync('docs'), sync('notes')]);
    const { json } = await one.run('sync-server --all --yes --json');
    expect(json.synced.map(({ id }: { id: string }) => id).toSorted()).toEqual(['docs', 'mail', 'notes']);
    expect(one.writes()).toHaveLength(5);
  });

  it('needs to be told which, and knows no strangers', async () => {
    const one = await withServers(['notes']);
    expect(await one.run('sync-server --yes')).toMatchObject({ code: 64, stderr: expect.stringContaining('--all') });
    expect((await one.run('sync-server notes --all --yes')).code).toBe(64);
    expect(await one.run('sync-server nots --yes')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('did you mean notes?'),
    });
    expect(one.writes()).toEqual([]);
    expect(await cli().run('sync-server --all --yes')).toMatchObject({ code: 0, stdout: 'No servers.\n' });
    expect((await cli().run('sync-server --all --yes --json')).json).toMatchObject({ ok: true, changes: [], synced: [] });
  });

  it('asks first, and changes nothing with --dry-run or without --yes', async () => {
    const one = await withServers(['notes']);
    expect((await one.run('sync-server notes')).code).toBe(3);
    const dry = await one.run('sync-server notes --dry-run --json');
    expect(dry).toMatchObject({ code: 0, json: { ok: true, summary: { update: 1 } } });
    expect(dry.json).not.toHaveProperty('synced');
    expect(one.writes()).toEqual([]);
  });

  it('never has more under way than --concurrency says', async () => {
    let [running, most] = [0, 0];
    const discover: AccountOptions['discover'] = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running -= 1;
      return { is: 'ready', tools: [], prompts: [] };
    };
    const one = await withServers(
      Array.from({ length: 12 }, (_, at) => `s${at}`),
      {},
      { discover },
    );
    expect((await one.run('sync-server --all --yes --concurrency 3')).code).toBe(0);
    expect(most).toBe(3);
    expect(one.writes()).toHaveLength(12);
  });

  it('exits 4 where a server fails, with its cause and HTTP status, and tells of the others', async () => {
    const one = await withServers(['notes', 'docs']);
    offers(one, 'notes', ['search']);
    fails(one, 'docs', { status_code: 502, retryable: true });
    const { code, stdout, stderr } = await one.run('sync-server --all --yes');
    expect(code).toBe(4);
    expect(stdout).toContain('docs: error: it failed (HTTP 502)');
    expect(stdout).toContain('notes: ready\n  + tool search');
    expect(stderr).toContain('failed: server:docs: it failed (HTTP 502)');
    expect(one.writes()).toHaveLength(2);
    const { json } = await one.run('sync-server --all --yes --json');
    expect(json).toMatchObject({ ok: false, error: { code: 'not_ready', message: expect.stringContaining('HTTP 502') } });
    expect(json.synced).toContainEqual(
      expect.objectContaining({ id: 'docs', status: 'error', error: 'it failed (HTTP 502)', tools_added: [] }),
    );
  });

  it('with --wait follows until they are ready, and starts again what may pass', async () => {
    const one = await withServers(['notes']);
    let asked = 0;
    one.upstreams.set(urlOf('notes'), () => {
      asked += 1;
      return asked < 3
        ? { is: 'error', error: 'down', details: { cause: 'down', retryable: true } }
        : { is: 'ready', tools: [{ name: 'search' }], prompts: [] };
    });
    const { code, stdout, stderr } = await one.run('sync-server notes --wait --yes');
    expect([code, asked]).toEqual([0, 3]);
    expect(stderr).toMatch(/server:notes: down\nserver:notes: ready/);
    expect(stdout).toContain('notes: ready\n  + tool search');
  });

  it('with --wait stops at once at what is not retryable, without asking again', async () => {
    const one = await withServers(['notes']);
    fails(one, 'notes', { status_code: 401, retryable: false });
    const { code, stderr } = await one.run('sync-server notes --wait --yes');
    expect([code, one.sleeps]).toEqual([4, []]);
    expect(stderr).toContain('failed: server:notes: it failed (HTTP 401)');
    expect(one.writes()).toEqual([sync('notes')]);
  });

  it('with --wait ends in time', async () => {
    const one = await withServers(['notes']);
    fails(one, 'notes', { status_code: 503, retryable: true });
    expect((await one.run('sync-server notes --wait=20 --yes --json')).json).toMatchObject({
      ok: false,
      synced: [{ error: 'it failed (HTTP 503)' }],
    });
    expect(one.sleeps.reduce((sum, ms) => sum + ms, 0)).toBe(20_000);
  });

  it('that Cloudflare refuses exits 1 with the reason, and tells of the others', async () => {
    const one = await withServers(['notes', 'docs']);
    one.account.faults.fail({ what: 'forbidden', method: 'POST', path: /docs\/sync$/ });
    const { code, json } = await one.run('sync-server --all --yes --json');
    expect([code, json.ok, json.error.code]).toEqual([1, false, 'partly_applied']);
    expect(json.synced).toMatchObject([
      { id: 'notes', status: 'ready' },
      { id: 'docs', error: expect.stringContaining('403'), warnings: [] },
    ]);
  });

  it('that was carried out though its answer was lost is not sent again', async () => {
    for (const [what, times] of [
      ['lost', 1],
      ['reset', 2],
    ] as const) {
      const one = await withServers(['notes']);
      one.account.faults.fail({ what, method: 'POST', path: /sync$/ });
      expect((await one.run('sync-server notes --yes')).code).toBe(0);
      expect(one.writes()).toHaveLength(times);
    }
  });

  it('whose outcome cannot be read says so, beside what was done', async () => {
    const one = await withServers(['notes']);
    one.account.faults.fail({ what: 'forbidden', method: 'GET', path: /servers$/, nth: 2, times: 9 });
    const { code, json } = await one.run('sync-server notes --yes --json');
    expect([code, json.ok, json.error.code]).toEqual([1, false, 'wait_failed']);
    expect(json.applied).toMatchObject([{ address: 'server:notes', ok: true }]);
  });
});

describe('an OAuth server', () => {
  it('that waits for a person exits 0 with a notice that names the page, and 4 with --wait', async () => {
    const one = await withServers(['notes'], { auth_type: 'oauth' });
    const { code, stdout, stderr } = await one.run('sync-server notes --yes');
    expect(code).toBe(0);
    expect(stdout).toContain('impact: none, until an administrator has signed in to it');
    expect(stdout).toContain('notes: waiting\n');
    expect(stderr).toMatch(/^\? server:notes: an administrator has to sign in to it once; Zero Trust > .*Authenticate server/m);
    const waited = await one.run('sync-server notes --wait --yes --json');
    expect(waited).toMatchObject({
      code: 4,
      json: { ok: false, error: { code: 'not_ready', message: expect.stringContaining('Zero Trust >') } },
    });
    expect(waited.json.synced).toMatchObject([
      { id: 'notes', status: 'waiting', next: expect.stringContaining('Authenticate server') },
    ]);
    expect(one.sleeps).toEqual([]);
  });

  it('that was set up by hand is said not to be read by a sync', async () => {
    const auth = JSON.stringify({
      auth_mode: 'manual',
      config: { authorization_endpoint: 'https://a.example.com/authorize', token_endpoint: 'https://a.example.com/token' },
      registration_info: { client_id: 'c', redirect_uris: ['https://tools.example.com/servers-callback'] },
    });
    const one = await withServers(['notes'], { auth_type: 'oauth', auth_credentials: auth, client_secret: 'x' });
    const { code, stdout, stderr } = await one.run('sync-server notes --yes');
    expect([code, stdout, stderr]).toEqual([
      0,
      expect.stringContaining('impact: none: its OAuth client was set up by hand'),
      expect.stringContaining('when the first person signs in'),
    ]);
  });
});

describe('settings for a tool that is not there any more', () => {
  const text = portal
    .replace('mcp, access', 'mcp, tools: { search: { alias: find } }, access')
    .replace('servers: [notes]', 'servers: { notes: { prompts: { brief: false } } }');

  it('are warned of after a sync, wherever they stand, once', async () => {
    const one = cli({ files: { 'portal.yaml': text } });
    offers(one, 'notes', ['search'], ['brief']);
    await one.run('apply --yes --wait');
    expect((await one.run('sync-server notes --yes --json')).json.synced[0].warnings).toEqual([]);
    offers(one, 'notes', ['search_all'], ['long']);
    const { code, stdout } = await one.run('sync-server notes --yes');
    expect(code).toBe(0);
    expect(stdout).toMatch(/ {2}- tool search\n/);
    expect(stdout.match(/warning: servers\.notes\.tools\.search: the server has no tool of this name/g)).toHaveLength(1);
    expect(stdout).toContain('warning: portals.tools.servers.notes.prompts.brief: the server has no prompt of this name');
    const other = await one.run('sync-server notes --yes --json -f empty.yaml', { folder: '.' });
    expect(other.code).toBe(64);
    one.write('empty.yaml', 'version: 1\n');
    expect((await one.run('sync-server notes --yes --json -f empty.yaml')).json.synced[0].warnings).toHaveLength(2);
  });

  it('are not guessed where the server shows no tools at all', async () => {
    const one = cli({ files: { 'portal.yaml': text } });
    await one.run('apply --yes');
    expect((await one.run('sync-server notes --yes --json')).json.synced[0].warnings).toEqual([]);
    fails(one, 'notes', { retryable: false });
    expect((await one.run('sync-server notes --yes --json')).json.synced[0].warnings).toEqual([]);
  });
});
