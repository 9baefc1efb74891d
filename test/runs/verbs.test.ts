import { describe, expect, it } from 'vitest';
import { cli, portal, type Cli } from './cli.ts';

const account = { zones: ['example.com'] };
const files = { 'portal.yaml': portal };
const docs = 'add-server docs --url https://docs.example.com/mcp --policy people --portal tools --yes';
const reads = (user: Cli): readonly string[] =>
  user.account.requests.filter(({ method }) => method === 'GET').map(({ path }) => path.replace(/^.*\/(access|mcp)\//, ''));

/** An account that matches the document. */
async function applied(text = portal): Promise<Cli> {
  const user = cli({ account, files: { 'portal.yaml': text } });
  expect((await user.run('apply --yes', { env: { T: 'sesame' } })).code).toBe(0);
  return user;
}

/** What a second run of the same line still writes. */
async function writesAgain(user: Cli, line: string): Promise<readonly string[]> {
  const before = user.writes().length;
  expect(await user.run(line)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^No changes\./m) });
  return user.writes().slice(before);
}

describe('add-server', () => {
  it('registers a server without a document, with its application and its place in a portal', async () => {
    const user = await applied();
    user.write('portal.yaml', 'version: 1\n');
    const { code, json } = await user.run(`${docs} -o json`);
    expect(code).toBe(0);
    expect(json.applied).toMatchObject([
      { address: 'server:docs', action: 'create', ok: true },
      { address: 'server_app:docs', action: 'create', ok: true },
      { address: 'portal:tools', action: 'update', ok: true },
    ]);
    expect((await user.run('get-portal tools --json')).json.portal.servers).toMatchObject({
      notes: { default: 'enabled' },
      docs: { default: 'enabled' },
    });
    expect(await writesAgain(user, docs)).toEqual([]);
  });

  it('reads one list for each kind that it touches and writes each object once, however large the document', async () => {
    const many = Array.from(
      { length: 200 },
      (_, at) => `  s${at}: { url: https://s${at}.example.com/mcp, access: { policies: [people] } }\n`,
    );
    const user = cli({
      account,
      files: { 'portal.yaml': portal.replace('portals:\n', `${many.join('')}portals:\n`).replace('[notes]', '[notes, s7]') },
    });
    await user.run('create-portal tools --yes');
    const [read, write] = [reads(user).length, user.writes().length];
    expect((await user.run('add-server s100 --yes')).code).toBe(0);
    expect(user.writes().slice(write)).toEqual(['POST /access/ai-controls/mcp/servers', 'POST /access/apps']);
    const twice = ['servers', 'apps'];
    expect(
      reads(user)
        .slice(read)
        .filter((path) => path !== '/client/v4/accounts' && !path.endsWith('accounts'))
        .toSorted(),
    ).toEqual(['policies', ...twice, ...twice].toSorted());
    expect(await writesAgain(user, 'add-server s100 --yes')).toEqual([]);
  });

  it('makes the id from the name, and suggests one for an id that Cloudflare does not take', async () => {
    const user = cli({ account });
    const { stdout } = await user.run(['add-server', '--name', 'My Notes!', '--url', 'https://n.example.com/mcp', '--yes']);
    expect(stdout).toContain('+ server:my-notes');
    for (const [id, better] of [
      ['my_notes', 'my-notes'],
      ['n'.repeat(40), 'n'.repeat(32)],
    ] as const) {
      const { code, stderr } = await user.run(`add-server ${id} --url https://n.example.com/mcp --yes`);
      expect([code, stderr]).toEqual([
        64,
        expect.stringMatching(new RegExp(`^error: "${id}" cannot be an id: at most 32 .*\nhint: use ${better};`)),
      ]);
    }
    const odd = await user.run('add-server __proto__ --url https://n.example.com/mcp --yes');
    expect([odd.code, odd.stderr]).toEqual([64, 'error: "__proto__" cannot be used as an id\n']);
    const gone = await user.run('remove-server my_notes --yes');
    expect([gone.code, gone.stderr]).toEqual([64, expect.stringMatching(/^error: "my_notes" cannot be an id/)]);
    expect(user.writes()).toHaveLength(1);
  });

  it('tells a mistake of the option, with its path in JSON, and shows no document', async () => {
    const user = cli({ account });
    const { code, stderr } = await user.run('add-server a --url nowhere --yes');
    expect([code, stderr]).toEqual([64, 'error: --url: a whole URL is needed, such as https://host/mcp\n']);
    const { json } = await user.run('add-server a --url nowhere --yes --json');
    expect(json).toMatchObject({
      ok: false,
      error: { code: 'usage_error', message: expect.stringMatching(/^--url: /), path: 'servers.a.url' },
    });
    for (const [line, words] of [
      ['add-server a', 'add-server a needs --url'],
      ['add-server', 'an id is missing'],
      ['add-server a --url https://a.example.com/mcp --auth basic', '--auth must be one of none, oauth, bearer, headers'],
      ['add-server a --url https://a.example.com/mcp --auth bearer', '--auth bearer needs one --auth-secret REF'],
      ['add-server a --url https://a.example.com/mcp --auth headers --auth-secret sesame', "written 'Name=REF'"],
      ['add-server a --url https://a.example.com/mcp --auth headers', "--auth headers needs --auth-secret 'Name=REF'"],
      ['add-server a --url https://a.example.com/mcp --auth-secret env:T', '--auth-secret goes with'],
      ['add-server a --url https://a.example.com/mcp --auth bearer --auth-secret sesame', '--auth: '],
    ] as const) {
      const wrong = await user.run(`${line} --yes`);
      expect([wrong.code, wrong.stderr]).toEqual([64, expect.stringContaining(words)]);
      expect(wrong.stderr).not.toContain('sesame');
    }
    expect(user.writes()).toEqual([]);
  });

  it('sends the secrets that --auth-secret refers to, and shows none', async () => {
    const user = cli({ account });
    const line = [
      'add-server',
      'a',
      '--url',
      'https://a.example.com/mcp',
      '--auth',
      'headers',
      '--auth-secret',
      'X-Key=env:KEY',
      '--auth-secret',
      'X-Other=env:OTHER',
      '--yes',
    ];
    const { code, stdout, stderr } = await user.run(line, { env: { KEY: 'sesame', OTHER: 'poppy' } });
    expect(code).toBe(0);
    expect(stdout + stderr).not.toMatch(/sesame|poppy/);
    expect(JSON.parse(user.account.state.servers[0]?.credentials ?? '')).toEqual({
      headers: { 'X-Key': 'sesame', 'X-Other': 'poppy' },
    });
  });

  it('suggests the nearest portal, and names the next step for one that is only in the document', async () => {
    const user = await applied();
    const { code, stderr } = await user.run(docs.replace('tools', 'tool'));
    expect([code, stderr]).toEqual([64, expect.stringMatching(/there is no portal "tool"\nhint: did you mean tools\?/)]);
    const fresh = await cli({ account, files }).run(docs);
    expect([fresh.code, fresh.stderr]).toEqual([
      64,
      expect.stringContaining('hint: make it first: mcp-portal create-portal tools'),
    ]);
  });

  it('applies the entry of the document, and suggests the nearest', async () => {
    const user = cli({ account, files });
    expect((await user.run('add-server notes --yes')).stdout).toContain('Applied: 3 created');
    expect(await user.run('add-server note --yes')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('did you mean notes?'),
    });
  });

  it('never removes what the document wants gone', async () => {
    const user = await applied();
    user.write('portal.yaml', portal.replace('notes: {', 'notes: { absent: true,').replace('servers: [notes], ', ''));
    const { code, stderr } = await user.run('add-server notes --name Notes --yes');
    expect([code, stderr]).toEqual([64, expect.stringContaining('servers.notes is absent: true in the document')]);
  });

  it('changes nothing with --dry-run, without a terminal, and where somebody says no', async () => {
    const user = cli({ account });
    const line = 'add-server a --url https://a.example.com/mcp';
    const dry = await user.run(`${line} --dry-run --json`);
    expect([dry.code, Object.keys(dry.json)]).toEqual([
      0,
      ['schema_version', 'ok', 'plan_id', 'account', 'summary', 'changes', 'left_in_place', 'unmanaged', 'diagnostics'],
    ]);
    expect((await user.run(line)).code).toBe(3);
    expect(user.writes()).toEqual([]);
    const done = await user.run(`${line} --yes --json`);
    expect(Object.keys(done.json)).toEqual([...Object.keys(dry.json), 'applied', 'outputs']);
  });
});

describe('--policy', () => {
  const people = { name: 'Our People', decision: 'allow', include: [{ email: { email: 'user@example.com' } }] };
  const line = ['add-server', 'a', '--url', 'https://a.example.com/mcp', '--yes', '--policy'];

  it('takes a live name or a live id, and a key or name of the document', async () => {
    const user = cli({ account });
    const { id } = await user.send('POST', '~/access/policies', people);
    const { stdout, stderr } = await user.run([...line, 'Our People']);
    expect([stdout, stderr]).toEqual([
      expect.stringContaining(`access.policies: [${id}]`),
      `--policy: "Our People" is the live policy ${id}\n`,
    ]);
    expect((await user.send('GET', '~/access/apps'))[0].policies).toMatchObject([{ id }]);
    expect((await user.run([...line, id])).stdout).toContain('No changes.');
    const named = cli({ account, files: { 'portal.yaml': portal.replace('people: {', 'people: { name: The People,') } });
    expect((await named.run([...line, 'The People'])).stdout).toContain('+ policy:people');
  });

  it('never guesses between two of a name, and suggests the nearest', async () => {
    const user = cli({ account });
    for (const _ of [1, 2]) await user.send('POST', '~/access/policies', people);
    const twins = await user.run([...line, 'Our People']);
    expect([twins.code, twins.stderr]).toEqual([3, expect.stringMatching(/belongs to 2 live policies: .*\nhint: use the id/)]);
    const unknown = await user.run([...line, 'Our Peeple']);
    expect([unknown.code, unknown.stderr]).toEqual([64, expect.stringContaining('did you mean Our People?')]);
  });
});

describe('update-server', () => {
  it('replaces a server for another address: portals, overrides and its application come back', async () => {
    const user = await applied(portal.replace('servers: [notes]', 'servers: { notes: { tools: { search: { alias: find } } } }'));
    const before = (await user.run('get-portal tools --json')).json.portal;
    user.write('portal.yaml', 'version: 1\n');
    const { json } = await user.run('update-server notes --url https://other.example.com/mcp --yes --json');
    expect(json.applied).toMatchObject([{ address: 'server:notes', action: 'replace', ok: true }]);
    expect(json.diagnostics).toEqual([]);
    const after = (await user.run('get-portal tools --json')).json.portal;
    expect(after.servers.notes).toMatchObject({ tools: { search: { alias: 'find' } } });
    expect(after.access).toEqual({ ...before.access, policies: ['people'] });
    expect((await user.run('list-servers --json')).json.servers).toMatchObject([
      { url: 'https://other.example.com/mcp', portals: ['tools'] },
    ]);
    expect(user.account.state.applications).toHaveLength(2);
    expect(await writesAgain(user, 'update-server notes --url https://other.example.com/mcp --yes')).toEqual([]);
  });

  it('says nothing of missing access where Cloudflare has it, and says it where it has not', async () => {
    const user = await applied();
    user.write('portal.yaml', 'version: 1\n');
    const line = ['update-server', 'notes', '--description', 'Team notes', '--yes'];
    expect((await user.run(line)).stdout).not.toContain('MCP001');
    const app = user.account.state.applications.find(({ body }) => body['type'] === 'mcp');
    await user.send('DELETE', `~/access/apps/${app?.id}`);
    const { stdout } = await user.run([...line.slice(0, 3), 'Other notes', '--yes']);
    expect(stdout).toMatch(/^warning MCP001: servers\.notes has no access.*\n    hint: say who gets in: --policy KEY/m);
  });

  it('keeps what others set, and suggests the nearest id', async () => {
    const user = await applied();
    await user.send('PUT', '~/access/ai-controls/mcp/servers/notes', {
      name: 'notes',
      description: 'by hand',
      updated_tools: [{ name: 'x', enabled: false }],
    });
    await user.run('update-server notes --name Notes --yes');
    expect(user.account.state.servers[0]?.body).toMatchObject({
      name: 'Notes',
      description: 'by hand',
      updated_tools: [{ name: 'x', enabled: false }],
    });
    expect(await user.run('update-server nots --name N --yes')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('did you mean notes?'),
    });
  });
});

describe('remove-server', () => {
  it('detaches the server first and takes its application along; the reason is the command', async () => {
    const user = await applied();
    const { json } = await user.run('remove-server notes --yes --json');
    expect(json.changes.map(({ address, reason }: { address: string; reason: string }) => `${address}: ${reason}`)).toEqual([
      'server_app:notes: this command asks for it',
      'portal:tools: server:notes goes away',
      'server:notes: this command asks for it',
    ]);
    expect(json.left_in_place).toEqual([]);
    expect(await writesAgain(user, 'remove-server notes --yes')).toEqual([]);
  });

  it('respects protect: true, and says when there is no such server', async () => {
    const user = await applied(portal.replace('notes: {', 'notes: { protect: true,'));
    expect(await user.run('remove-server notes --yes')).toMatchObject({ code: 3, stderr: expect.stringContaining('protected') });
    expect(await user.run('remove-server note --yes')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('did you mean notes?'),
    });
  });
});

describe('portals', () => {
  it('are made with login and record, changed and removed, each once', async () => {
    const user = cli({ account });
    await user.send('POST', '~/access/policies', { name: 'people', decision: 'allow', include: [{ everyone: {} }] });
    await user.run('add-server notes --url https://notes.example.com/mcp --policy people --yes');
    const create = 'create-portal tools --hostname tools.example.com --server notes --policy people --yes';
    const { stdout } = await user.run(create);
    expect(stdout).toContain('Applied: 3 created, 0 changed, 0 replaced, 0 deleted.\ntools: https://tools.example.com/mcp');
    expect(await writesAgain(user, create)).toEqual([]);
    expect(await writesAgain(user, 'update-portal tools --name tools --yes')).toEqual([]);
    const { json } = await user.run('remove-portal tools --yes --json');
    expect(json).toMatchObject({ summary: { delete: 3 }, left_in_place: [], diagnostics: [] });
    expect(json.applied).toContainEqual(expect.objectContaining({ address: 'dns_record:tools.example.com/CNAME' }));
    expect(await writesAgain(user, 'remove-portal tools --yes')).toEqual([]);
    expect((await user.run('dns list --zone example.com --json')).json.records).toEqual([]);
  });

  it('move to another hostname with their login, and say how the old record goes', async () => {
    const user = await applied();
    user.write('portal.yaml', 'version: 1\n');
    const line = 'update-portal tools --hostname new.example.com --yes';
    const { json } = await user.run(`${line} --json`);
    expect(json.changes.map(({ address, action }: { address: string; action: string }) => `${action} ${address}`)).toEqual([
      'update portal:tools',
      'update portal_app:tools',
      'create dns_record:new.example.com/CNAME',
    ]);
    const command = 'mcp-portal dns remove tools.example.com CNAME';
    expect(json.left_in_place).toEqual([
      { address: 'dns_record:tools.example.com/CNAME', why: `nothing needs it any more; to remove it: ${command}` },
    ]);
    expect(await writesAgain(user, line)).toEqual([]);
    expect((await user.run(`${command.replace('mcp-portal ', '')} --yes`)).stdout).toContain('1 deleted');
  });

  it('get no login where they had none', async () => {
    const user = cli({ account });
    await user.run('create-portal tools --hostname tools.example.com --yes');
    const { json } = await user.run('update-portal tools --hostname new.example.com --no-dns --yes --json');
    expect(json.applied.map(({ address }: { address: string }) => address)).toEqual(['portal:tools']);
    expect(json.diagnostics).toMatchObject([{ code: 'MCP001', path: 'portals.tools' }]);
  });

  it('outside every zone are refused before anything is written', async () => {
    const user = cli({ account });
    const { code, stderr } = await user.run('create-portal tools --hostname tools.example.org --yes');
    expect([code, stderr]).toEqual([1, expect.stringContaining('no zone of this account fits tools.example.org')]);
    expect(await user.run('create-portal tools --yes')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('needs --hostname'),
    });
    expect(user.writes()).toEqual([]);
  });

  it('are completed with the servers that the document lists', async () => {
    const user = await applied();
    await user.run('add-server docs --url https://docs.example.com/mcp --yes');
    await user.run('create-portal tools --server docs --yes');
    expect((await user.run('list-portals --json')).json.portals).toMatchObject([{ servers: ['notes', 'docs'] }]);
    await user.run('update-portal tools --server docs --yes');
    expect((await user.run('list-portals --json')).json.portals).toMatchObject([{ servers: ['docs'] }]);
  });
});

describe('attach-server and detach-server', () => {
  it('keep the other links, their overrides and what others set', async () => {
    const user = await applied(
      portal.replace('servers: [notes]', 'servers: { notes: { on_behalf: false, tools: { search: false } } }'),
    );
    await user.run('add-server docs --url https://docs.example.com/mcp --yes');
    user.write('portal.yaml', 'version: 1\n');
    const before = user.writes().length;
    await user.run('attach-server tools docs --yes');
    expect(await writesAgain(user, 'attach-server tools docs --yes')).toEqual([]);
    const detached = await user.run('detach-server tools docs --yes --json');
    expect(detached.json.left_in_place).toEqual([]);
    expect(await writesAgain(user, 'detach-server tools docs --yes')).toEqual([]);
    expect(user.writes()).toHaveLength(before + 2);
    expect((await user.run('get-portal tools --json')).json.portal.servers).toEqual({
      notes: { default: 'enabled', on_behalf: false, tools: { search: { enabled: false } }, status: 'waiting' },
    });
  });

  it('move no hostname that the document has changed', async () => {
    const user = await applied();
    user.write('portal.yaml', portal.replaceAll('tools.example.com', 'new.example.com'));
    const { json } = await user.run('detach-server tools notes --yes --json');
    expect(json.changes).toMatchObject([{ address: 'portal:tools', fields: [{ path: 'servers.notes' }] }]);
    const moved = await user.run('create-portal tools --server notes --yes --json');
    expect(moved.json.applied.map(({ address }: { address: string }) => address)).toEqual([
      'portal:tools',
      'portal_app:tools',
      'dns_record:new.example.com/CNAME',
    ]);
  });

  it('refuse what nobody knows', async () => {
    const user = await applied();
    expect(await user.run('attach-server tools note --yes')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('did you mean notes?'),
    });
    expect(await user.run('detach-server tools note --yes')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('did you mean notes?'),
    });
    expect(await user.run('detach-server tool notes --yes')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('did you mean tools?'),
    });
  });

  it('open the server to the bots of the portal', async () => {
    const text = `${portal.replace('servers: [notes]', 'servers: [notes], service_tokens: [ci]').replace('portals:', '  docs: { url: https://docs.example.com/mcp, access: { policies: [people] } }\nportals:')}service_tokens:\n  ci: { out: [dotenv:.env] }\n`;
    const user = await applied(text);
    const { json } = await user.run('attach-server tools docs --yes --json');
    expect(json.changes.map(({ address, action }: { address: string; action: string }) => `${action} ${address}`)).toEqual([
      'update server_app:docs',
      'update portal:tools',
    ]);
    expect((await user.run('get-portal tools --json')).json.portal.servers.docs.on_behalf).toBe(false);
  });
});

describe('--wait of a verb', () => {
  const line = 'add-server a --url https://a.example.com/mcp --yes --wait';

  it('exits 4 with the cause and the HTTP status of a server that fails', async () => {
    const user = cli({ account });
    user.upstreams.set('https://a.example.com/mcp', () => ({
      is: 'error',
      error: 'no',
      details: { cause: 'it failed', status_code: 401, retryable: false },
    }));
    const { code, stderr } = await user.run(line);
    expect([code, stderr]).toEqual([4, expect.stringContaining('failed: server:a: it failed (HTTP 401)')]);
  });

  it('exits 4 for a server that waits for a person, naming the page', async () => {
    const { code, stderr } = await cli({ account }).run(`${line} --auth oauth`);
    expect([code, stderr]).toEqual([4, expect.stringContaining('MCP servers > a > Authenticate server')]);
  });

  it('follows what is attached, and nothing else of the document', async () => {
    const user = await applied();
    user.upstreams.set('https://notes.example.com/mcp', () => ({ is: 'error', error: 'no', details: { retryable: false } }));
    await user.run('add-server docs --url https://docs.example.com/mcp --yes');
    const { code, json } = await user.run('attach-server tools docs --yes --wait --json');
    expect([code, json.waited]).toEqual([0, [{ address: 'server:docs', ready: true }]]);
  });
});
