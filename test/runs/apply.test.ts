import { beforeEach, describe, expect, it, vi } from 'vitest';
import { person } from './answers.ts';
import { cli, portal, portalWithToken } from './cli.ts';

vi.mock('../../src/terminal/inquirer.ts', async () => (await import('./answers.ts')).prompts);
beforeEach(() => void Object.assign(person, { answers: [], asked: [] }));

const files = { 'portal.yaml': portal };

describe('without a terminal', () => {
  it.each(['apply', 'destroy'])('%s needs --yes: exit 3, the diff shown, nothing changed', async (verb) => {
    const { run, writes } = cli({ files });
    if (verb === 'destroy') await run('apply --yes');
    const before = writes().length;
    const { code, stdout, stderr } = await run(verb);
    expect(code).toBe(3);
    expect(stdout).toMatch(/Plan: .*\n$/);
    expect(stderr).toContain('--yes');
    expect(stderr).toContain('--dry-run');
    expect(writes().length).toBe(before);
    const markdown = await run(`${verb} -o markdown`);
    expect(markdown.code).toBe(3);
    expect(markdown.stdout).toContain('```diff');
  });

  it('--dry-run shows what apply and destroy would do, and changes nothing', async () => {
    const { run, writes } = cli({ files });
    const apply = await run('apply --dry-run');
    expect(apply.code).toBe(0);
    expect(apply.stdout).toContain('Plan: 6 to create, 0 to change, 0 to replace, 0 to delete; 0 unchanged.');
    expect((await run('apply --dry-run --json')).json).toMatchObject({ ok: true, summary: { create: 6 } });
    expect(writes()).toEqual([]);
    await run('apply --yes');
    const before = writes().length;
    const { code, stdout } = await run('destroy --dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain('6 to delete');
    expect(writes().length).toBe(before);
  });
});

describe('on a terminal', () => {
  it('shows the diff, asks, and applies after a yes', async () => {
    const { run } = cli({ files });
    person.answers = [true];
    const { code, stdout } = await run('apply', { isTTY: true, env: { NO_COLOR: '1' } });
    expect(code).toBe(0);
    expect(person.asked).toEqual(['Apply these changes?']);
    expect(stdout.indexOf('+ server:notes')).toBeLessThan(stdout.indexOf('Applied: 6 created'));
  });

  it.each([
    ['', 'Nothing was changed.\n'],
    [' -o markdown', 'Nothing was changed.\n'],
    [' --quiet', 'Nothing was changed.\n'],
    [' --json', '"applied": []'],
  ])('answering no%s exits 0 and changes nothing', async (more, said) => {
    const { run, writes } = cli({ files });
    person.answers = [false];
    const { code, stdout, stderr } = await run(`apply${more}`, { isTTY: true, env: { NO_COLOR: '1' } });
    expect(code).toBe(0);
    expect(writes()).toEqual([]);
    expect(stdout + stderr).toContain('+ server:notes');
    expect(stdout).toContain(said);
  });

  it('asks where a new secret goes, after the diff was agreed to', async () => {
    const { run, read, mode } = cli({ files: { 'portal.yaml': portalWithToken } });
    person.answers = [true, 'dotenv:.env'];
    const { code, stdout, stderr } = await run('apply', { isTTY: true });
    expect(code).toBe(0);
    expect(person.asked[1]).toContain('service_token:ci');
    expect(read('.env')).toMatch(/^CF_ACCESS_CLIENT_ID=.+\nCF_ACCESS_CLIENT_SECRET=.+\n$/);
    expect(mode('.env')).toBe(0o600);
    expect(stderr).toContain('service_token:ci');
    expect(stdout).toContain('Applied: 7 created');
  });

  it('keeps standard output for a secret that the answer sends there', async () => {
    const { run } = cli({ files: { 'portal.yaml': portalWithToken } });
    person.answers = [true, 'stdout'];
    const { stdout } = await run('apply', { isTTY: true });
    expect(JSON.parse(stdout)).toMatchObject({ name: 'ci', client_secret: expect.any(String) });
  });

  it('asks for each secret that is written as -', async () => {
    const text = `version: 1
servers:
  a: { url: "https://a.example.com/mcp", auth: { bearer: "-" } }
  b: { url: "https://b.example.com/mcp", auth: { bearer: "-" } }
`;
    const { run, account } = cli({ files: { 'portal.yaml': text } });
    person.answers = [true, 'first', 'second'];
    expect((await run('apply', { isTTY: true })).code).toBe(0);
    expect(person.asked.slice(1)).toEqual(['Secret for server:a:', 'Secret for server:b:']);
    expect(account.state.servers.map(({ credentials }) => JSON.stringify(credentials)).join()).toMatch(/first.*second/);
  });
});

describe('apply', () => {
  it('prints a stable last line and the URL, and then has nothing to do', async () => {
    const { run, writes } = cli({ files });
    expect((await run('apply -y')).stdout).toMatch(
      /Applied: 6 created, 0 changed, 0 replaced, 0 deleted\.\ntools: https:\/\/tools\.example\.com\/mcp\n$/,
    );
    const before = writes().length;
    const again = await run('apply --yes');
    expect(again).toMatchObject({ code: 0, stdout: 'No changes. 6 resources match the document.\n' });
    expect((await run('apply')).code).toBe(0);
    expect((await run('plan --detailed-exitcode')).code).toBe(0);
    expect(writes().length).toBe(before);
  });

  it('answers the JSON of plan with applied and outputs', async () => {
    const { run } = cli({ files });
    const { code, json } = await run('apply --yes --json');
    expect(code).toBe(0);
    expect(Object.keys(json)).toEqual([
      'schema_version',
      'ok',
      'plan_id',
      'account',
      'summary',
      'changes',
      'left_in_place',
      'unmanaged',
      'diagnostics',
      'applied',
      'outputs',
    ]);
    expect(json.ok).toBe(true);
    expect(json.applied).toHaveLength(6);
    for (const one of json.applied)
      expect(one).toEqual({ address: expect.any(String), action: 'create', ok: true, id: expect.any(String) });
    expect(json.outputs).toEqual({ portals: { tools: { url: 'https://tools.example.com/mcp' } } });
  });

  it('answers a pull request comment with -o markdown, also when there is nothing to do', async () => {
    const { run } = cli({ files });
    const first = await run('apply --yes -o markdown');
    expect(first.stdout).toContain('Applied: 6 created');
    expect(first.stdout).toContain('<details>');
    const second = await run('apply --yes -o markdown');
    expect(second.stdout).toContain('No changes.');
    expect(second.stdout).toContain('Plan id: `sha256:');
  });

  it('--target takes one resource with what it needs', async () => {
    const { run, account } = cli({ files });
    const { code, stdout } = await run('apply --yes --target server_app:notes');
    expect(code).toBe(0);
    expect(stdout).toContain('Applied: 3 created');
    expect(account.state.servers).toHaveLength(1);
    expect(account.state.portals).toEqual([]);
    expect((await run('plan --target sevrer:notes')).code).toBe(64);
    expect((await run('plan --target sevrer:notes')).stderr).toContain('did you mean server:notes?');
  });

  it('shows the symbols, the fields, and why and impact of what is replaced', async () => {
    const { run, write } = cli({ files });
    await run('apply --yes');
    write('portal.yaml', portal.replace('notes.example.com', 'moved.example.com').replace('user@', 'other@'));
    const { stdout } = await run('plan');
    expect(stdout).toContain(
      '± server:notes\n    url: https://notes.example.com/mcp → https://moved.example.com/mcp  (forces replacement)\n    why: ',
    );
    expect(stdout).toMatch(/impact: /);
    expect(stdout).toMatch(/^~ policy:people$/m);
    expect(stdout).toMatch(/Plan: 0 to create, 1 to change, 1 to replace, 0 to delete; 4 unchanged\.\n$/);
  });
});

describe('--max-deletes', () => {
  it('refuses a destroy and an apply that delete more, and changes nothing', async () => {
    const { run, writes, write } = cli({ files });
    await run('apply --yes');
    const before = writes().length;
    const destroy = await run('destroy --yes --max-deletes 5');
    expect(destroy.code).toBe(3);
    expect(destroy.stderr).toContain('--max-deletes 6');
    write('portal.yaml', portal.replace('notes: {', 'notes: { absent: true,').replace('servers: [notes]', 'servers: []'));
    const apply = await run('apply --yes --max-deletes=0 --json');
    expect(apply.code).toBe(3);
    expect(apply.json.error.code).toBe('too_many_deletes');
    expect(writes().length).toBe(before);
  });

  it('is 10 where it is left out', async () => {
    const policies = Array.from({ length: 11 }, (_, at) => `  p${at}: { decision: allow, include: [{ everyone: true }] }\n`);
    const { run } = cli({ files: { 'portal.yaml': `version: 1\npolicies:\n${policies.join('')}` } });
    await run('apply --yes');
    expect((await run('destroy --yes')).code).toBe(3);
    expect((await run('destroy --yes --max-deletes 11')).code).toBe(0);
  });
});

describe('--prune', () => {
  const without = portal.replace(/servers:\n.*\n/, '').replace('servers: [notes]', 'servers: []');

  it('deletes what the declared portals no longer reach; without it, that is listed', async () => {
    const { run, write, account } = cli({ files });
    await run('apply --yes');
    write('portal.yaml', without);
    const plan = await run('plan --json');
    expect(plan.json.left_in_place.map((left: { address: string }) => left.address).toSorted()).toEqual([
      'server:notes',
      'server_app:notes',
    ]);
    expect((await run('plan')).stdout).toContain('· server:notes');
    expect((await run('apply --yes')).code).toBe(0);
    expect(account.state.servers).toHaveLength(1);
  });

  it('goes together with apply', async () => {
    const { run, write, account } = cli({ files });
    await run('apply --yes');
    write('portal.yaml', without);
    expect((await run('apply --yes --prune')).stdout).toContain('2 deleted');
    expect(account.state.servers).toEqual([]);
    expect((await run('drift --prune')).code).toBe(0);
  });
});

describe('destroy', () => {
  it('removes everything in reverse order, what others made stays', async () => {
    const { run, send, account, writes } = cli({ files });
    await send('POST', '~/access/groups', { name: 'theirs', include: [{ everyone: {} }] });
    await run('apply --yes');
    const before = writes().length;
    const { code, stdout } = await run('destroy --yes');
    expect(code).toBe(0);
    expect(stdout).toContain('Applied: 0 created, 0 changed, 0 replaced, 6 deleted.');
    expect(account.state.groups).toHaveLength(1);
    const order = writes()
      .slice(before)
      .map((line) => line.replace(/\/[^/]+$/, ''));
    expect(order.indexOf('DELETE /access/ai-controls/mcp/portals')).toBeLessThan(
      order.indexOf('DELETE /access/ai-controls/mcp/servers'),
    );
    expect(order.indexOf('DELETE /access/policies')).toBeGreaterThan(order.lastIndexOf('DELETE /access/apps'));
    expect((await run('destroy --yes')).code).toBe(0);
  });

  it('refuses what is protected: exit 3, nothing changed', async () => {
    const { run, writes } = cli({ files: { 'portal.yaml': portal.replace('tools: {', 'tools: { protect: true,') } });
    await run('apply --yes');
    const before = writes().length;
    const { code, stderr } = await run('destroy --yes');
    expect(code).toBe(3);
    expect(stderr).toContain('portal:tools is protected');
    expect(writes().length).toBe(before);
  });

  it('--target removes one resource with what hangs on it', async () => {
    const { run, account } = cli({ files });
    await run('apply --yes');
    const { code } = await run('destroy --yes --target portal:tools');
    expect(code).toBe(0);
    expect(account.state.portals).toEqual([]);
    expect(account.state.servers).toHaveLength(1);
  });
});

describe('drift', () => {
  it('says that nothing differs', async () => {
    const { run } = cli({ files });
    await run('apply --yes');
    expect(await run('drift')).toMatchObject({ code: 0, stdout: 'No changes. 6 resources match the document.\n' });
  });

  it('lists servers and policies that others added to a declared portal, exit 2', async () => {
    const { run, send, account } = cli({ files });
    await run('apply --yes');
    await send('POST', '~/access/ai-controls/mcp/servers', {
      id: 'foreign',
      name: 'Foreign',
      hostname: 'https://f.example.com/mcp',
      auth_type: 'unauthenticated',
    });
    const portalPath = '~/access/ai-controls/mcp/portals/tools';
    const live = await send('GET', portalPath);
    await send('PUT', portalPath, {
      name: live.name,
      hostname: live.hostname,
      servers: [{ server_id: 'notes' }, { server_id: 'foreign' }],
    });
    const policy = await send('POST', '~/access/policies', { name: 'outsiders', decision: 'allow', include: [{ everyone: {} }] });
    const app = (await send('GET', '~/access/apps')).find((one: { type: string }) => one.type === 'mcp_portal');
    await send('PUT', `~/access/apps/${app.id}`, {
      ...app,
      policies: [...app.policies.map(({ id }: { id: string }) => id), policy.id],
    });
    const { code, stdout } = await run('drift');
    expect(code).toBe(2);
    expect(stdout).toMatch(/^Live differs from the document\./);
    expect(stdout).toMatch(/servers.*foreign/);
    expect(stdout).toMatch(/access\.policies: \[people, outsiders\] → \[people\]/);
    expect(stdout).toContain('· server:foreign');
    expect((await run('drift --json')).json.changes.length).toBeGreaterThan(0);
    expect(account.requests.at(-1)?.method).toBe('GET');
  });

  it('differs from plan in its exit code only when it has to', async () => {
    const { run } = cli({ files });
    expect((await run('plan')).code).toBe(0);
    expect((await run('plan --detailed-exitcode')).code).toBe(2);
    expect((await run('diff --detailed-exitcode')).code).toBe(2);
    expect((await run('drift')).code).toBe(2);
  });
});

it('two live objects with one identity are a conflict: exit 3, both ids named, nothing written', async () => {
  const { run, send, writes } = cli({ files });
  const body = { name: 'people', decision: 'allow', include: [{ everyone: {} }] };
  const [one, two] = [await send('POST', '~/access/policies', body), await send('POST', '~/access/policies', body)];
  const before = writes().length;
  const { code, stderr } = await run('apply --yes');
  expect(code).toBe(3);
  expect(stderr).toContain(one.id);
  expect(stderr).toContain(two.id);
  expect(writes().length).toBe(before);
});

it('a foreign record where the portal needs its own is a conflict: exit 3, nothing written', async () => {
  const { run, send, account, writes } = cli({ files });
  const [zone] = account.state.zones;
  await send('POST', `/zones/${zone?.id}/dns_records`, { type: 'A', name: 'tools.example.com', content: '192.0.2.1', ttl: 1 });
  const before = writes().length;
  const { code, stderr } = await run('apply --yes');
  expect(code).toBe(3);
  expect(stderr).toContain('tools.example.com');
  expect(writes().length).toBe(before);
});

it('--show-unmanaged lists what the account has beside the document', async () => {
  const { run, send } = cli({ files });
  const group = await send('POST', '~/access/groups', { name: 'theirs', include: [{ everyone: {} }] });
  expect((await run('plan --json')).json.unmanaged).toEqual([]);
  expect((await run('plan --show-unmanaged --json')).json.unmanaged).toEqual([{ address: 'group:theirs', id: group.id }]);
  expect((await run('plan --show-unmanaged')).stdout).toContain('· group:theirs  (not in the document)');
});

it('--resend-secrets sends again what Cloudflare already holds', async () => {
  const text = portal.replace('/mcp, access', '/mcp, auth: { bearer: env:NOTES }, access');
  const { run, account } = cli({ files: { 'portal.yaml': text } });
  await run('apply --yes', { env: { NOTES: 'old-value' } });
  expect((await run('apply --yes')).stdout).toContain('No changes.');
  const { code, stdout } = await run('apply --yes --resend-secrets', { env: { NOTES: 'new-value' } });
  expect(code).toBe(0);
  expect(stdout).toContain('auth.bearer: (secret) → (secret)  (sent again)');
  expect(JSON.stringify(account.state.servers[0]?.credentials)).toContain('new-value');
});
