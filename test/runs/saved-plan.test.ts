import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, portal } from './cli.ts';

const files = { 'portal.yaml': portal };

describe('a saved plan', () => {
  it('is applied exactly, and once', async () => {
    const { run, mode } = cli({ files });
    const planned = await run('plan --out plan.json --json');
    expect(planned.code).toBe(0);
    expect(mode('plan.json')).toBe(0o600);
    const applied = await run('apply plan.json --yes --json');
    expect(applied.code).toBe(0);
    expect(applied.json.plan_id).toBe(planned.json.plan_id);
    expect(applied.json.applied).toHaveLength(6);
    const again = await run('apply plan.json --yes');
    expect(again.code).toBe(3);
    expect(again.stderr).toContain('live state');
  });

  it('needs --yes without a terminal, and can be shown with --dry-run', async () => {
    const { run, writes } = cli({ files });
    await run('plan --out plan.json');
    expect((await run('apply plan.json')).code).toBe(3);
    expect((await run('apply plan.json --dry-run')).stdout).toContain('6 to create');
    expect(writes()).toEqual([]);
  });

  it('of nothing to do is applied, too', async () => {
    const { run } = cli({ files });
    await run('apply --yes');
    await run('plan --out plan.json');
    expect(await run('apply plan.json --yes')).toMatchObject({
      code: 0,
      stdout: 'No changes. 6 resources match the document.\n',
    });
  });

  it('keeps what it was made with: targets and prune', async () => {
    const { run, account } = cli({ files });
    await run('plan --out plan.json --target server:notes');
    expect((await run('apply plan.json --yes --prune')).code).toBe(64);
    expect((await run('apply plan.json --yes --target portal:tools')).code).toBe(64);
    expect((await run('apply plan.json --yes')).code).toBe(0);
    expect(account.state.servers).toHaveLength(1);
    expect(account.state.portals).toEqual([]);
  });
});

describe('a plan that is stale', () => {
  it('because the document changed exits 3 and changes nothing', async () => {
    const { run, write, writes } = cli({ files });
    await run('plan --out plan.json');
    write('portal.yaml', `${portal}# a word\n`);
    const { code, stderr } = await run('apply plan.json --yes');
    expect(code).toBe(3);
    expect(stderr).toContain('portal.yaml');
    expect(writes()).toEqual([]);
  });

  it('because the document is gone exits 3', async () => {
    const { run, cwd } = cli({ files });
    await run('plan --out plan.json');
    renameSync(join(cwd, 'portal.yaml'), join(cwd, 'moved.yaml'));
    expect((await run('apply plan.json --yes')).code).toBe(3);
  });

  it('because live state moved exits 3 and changes nothing', async () => {
    const { run, send, writes } = cli({ files });
    await run('plan --out plan.json');
    await send('POST', '~/access/policies', { name: 'people', decision: 'deny', include: [{ everyone: {} }] });
    const before = writes().length;
    const { code, json } = await run('apply plan.json --yes --json');
    expect(code).toBe(3);
    expect(json.error.code).toBe('stale_plan');
    expect(writes().length).toBe(before);
  });

  it('because a variable has another value exits 3', async () => {
    const { run } = cli({ files: { 'portal.yaml': portal.replace('https://notes.example.com/mcp', '"https://${HOST}/mcp"') } });
    await run('plan --out plan.json', { env: { HOST: 'one.example.com' } });
    expect((await run('apply plan.json --yes', { env: { HOST: 'two.example.com' } })).code).toBe(3);
  });

  it('because it is for another account exits 3, before anything is read there', async () => {
    const { run, account } = cli({ files });
    await run('plan --out plan.json');
    const before = account.requests.length;
    const { code, stderr } = await run(`apply plan.json --yes --account ${'e'.repeat(32)}`);
    expect(code).toBe(3);
    expect(stderr).toContain(account.accountId);
    expect(account.requests.length).toBe(before);
  });

  it('because -f names another document exits 3; the same document is fine', async () => {
    const { run, write } = cli({ files });
    await run('plan --out plan.json');
    write('other.yaml', `${portal}\n`);
    expect((await run('apply plan.json --yes -f other.yaml')).code).toBe(3);
    expect((await run('apply plan.json --yes -f portal.yaml')).code).toBe(0);
  });
});

describe('a file that is no plan', () => {
  it.each([
    ['is missing', undefined],
    ['is no JSON', 'version: 1\n'],
    ['is other JSON', '{"saved_plan":2}'],
  ])('because it %s exits 64', async (_, text) => {
    const { run, write } = cli({ files });
    if (text !== undefined) write('plan.json', text);
    const { code, stderr } = await run('apply plan.json --yes');
    expect(code).toBe(64);
    expect(stderr).toContain('plan.json');
    expect(stderr).toContain('--out');
  });

  it.each([
    ['its plan_id', (plan: Record<string, unknown>) => ({ ...plan, plan_id: 'sha256:0000' })],
    [
      'its documents',
      (plan: Record<string, unknown>) => ({
        ...plan,
        documents: [{ name: 'portal.yaml', text: portal.replace('user@', 'me@') }],
      }),
    ],
    [
      'its choices',
      (plan: Record<string, unknown>) => ({
        ...plan,
        choices: { prune: false, targets: ['server:notes'], resendSecrets: false, showUnmanaged: false },
      }),
    ],
  ])('because somebody changed %s exits 3', async (_, tamper) => {
    const { run, read, write, writes } = cli({ files });
    await run('plan --out plan.json');
    write('plan.json', JSON.stringify(tamper(JSON.parse(read('plan.json')))));
    expect((await run('apply plan.json --yes')).code).toBe(3);
    expect(writes()).toEqual([]);
  });
});

it('finds its document from another folder, and secret files beside it', async () => {
  const text = portal.replace('/mcp, access', '/mcp, auth: { bearer: "file:token.txt" }, access');
  const { run, account, cwd } = cli({ files: { 'here/portal.yaml': text, 'here/token.txt': 'the-token\n', 'there/x': '' } });
  await run('plan -f portal.yaml --out plan.json', { folder: 'here' });
  const { code, stderr } = await run(['apply', join(cwd, 'here/plan.json'), '--yes'], { folder: 'there' });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(JSON.stringify(account.state.servers[0]?.credentials)).toContain('the-token');
});

it('may be applied in a copy of its folder elsewhere, when its own folder is gone', async () => {
  const { run, cwd } = cli({ files: { 'one/portal.yaml': portal } });
  await run('plan --out plan.json', { folder: 'one' });
  mkdirSync(join(cwd, 'elsewhere'));
  renameSync(join(cwd, 'one'), join(cwd, 'elsewhere/two'));
  expect((await run('apply plan.json --yes', { folder: 'elsewhere/two' })).code).toBe(0);
});

it('of standard input carries its document along', async () => {
  const { run } = cli();
  expect((await run('plan -f - --out plan.json', { stdin: portal })).code).toBe(0);
  expect((await run('apply plan.json --yes')).stdout).toContain('Applied: 6 created');
});

it('never has a secret in it', async () => {
  const text = portal.replace('/mcp, access', '/mcp, auth: { bearer: env:NOTES }, access');
  const { run, read } = cli({ files: { 'portal.yaml': text } });
  await run('plan --out plan.json', { env: { NOTES: 'bearer-secret-value' } });
  expect(read('plan.json')).not.toContain('bearer-secret-value');
  expect(read('plan.json')).toContain('env:NOTES');
  expect((await run('apply plan.json --yes', { env: { NOTES: 'bearer-secret-value' } })).code).toBe(0);
});

it('that cannot be written fails with a sentence', async () => {
  const { code, stderr } = await cli({ files }).run('plan --out nowhere/plan.json');
  expect(code).toBe(1);
  expect(stderr).toContain('nowhere');
});

it('uses the account that it was made for where nothing else names one', async () => {
  const { run, account } = cli({ files });
  await run(`plan --out plan.json --account ${account.accountId}`);
  const before = account.requests.length;
  expect((await run('apply plan.json --yes')).code).toBe(0);
  expect(account.requests.slice(before).map(({ path }) => path)).not.toContain('/accounts');
});
