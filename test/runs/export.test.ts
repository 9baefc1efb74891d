import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { cli, portal, portalWithToken, type Cli } from './cli.ts';

/** The plan of an exported document: its change lines, empty where nothing differs. */
async function planOf(one: Cli, document: string): Promise<readonly string[]> {
  one.write('exported.yaml', document);
  const { json } = await one.run('plan -f exported.yaml --json');
  if (json.ok !== true) throw new Error(json.error.message);
  return json.changes.map((change: { action: string; address: string }) => `${change.action} ${change.address}`);
}

describe('export', () => {
  it('of what apply made gives a document whose plan is empty, and whose destroy leaves nothing', async () => {
    const one = cli({ files: { 'portal.yaml': portalWithToken } });
    await one.run('apply --yes --secrets-out file:s.json');
    const { code, stdout, stderr } = await one.run('export --all');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await planOf(one, stdout)).toEqual([]);
    expect(stdout).not.toContain(JSON.parse(one.read('s.json')).client_secret);
    expect((await one.run('destroy -f exported.yaml --yes')).code).toBe(0);
    expect(one.account.state.portals).toEqual([]);
    expect(one.account.state.service_tokens).toEqual([]);
  });

  it('writes a file with --out, and a JSON document with --json', async () => {
    const one = cli({ files: { 'portal.yaml': portal } });
    await one.run('apply --yes');
    const { stdout } = await one.run('export');
    expect(await one.run('export --out mine.yaml')).toMatchObject({ code: 0, stdout: '' });
    expect(one.read('mine.yaml')).toBe(stdout);
    expect((await one.run('export --json')).json).toMatchObject({
      schema_version: 1,
      ok: true,
      document: { version: 1, portals: { tools: {} } },
    });
    expect((await one.run('export --out no/such/mine.yaml')).code).toBe(1);
  });

  it('--portal takes one portal and what it reaches; the others stay out', async () => {
    const one = cli({ files: { 'portal.yaml': portal } });
    await one.run('apply --yes');
    await one.send('POST', '~/access/ai-controls/mcp/servers', {
      id: 'lonely',
      name: 'Lonely',
      hostname: 'https://l.example.com/mcp',
      auth_type: 'unauthenticated',
    });
    const document = parse((await one.run('export --portal tools')).stdout);
    expect(Object.keys(document.servers)).toEqual(['notes']);
    expect(Object.keys(document.policies)).toEqual(['people']);
    const unknown = await one.run('export --portal tolls');
    expect(unknown.code).toBe(64);
    expect(unknown.stderr).toContain('did you mean tools?');
  });

  it('takes the account of a document that is named', async () => {
    const one = cli({ files: { 'portal.yaml': `${portal}account: ${'d'.repeat(32)}\n` } });
    expect((await one.run('export -f portal.yaml')).code).toBe(1);
    const below = one.account.requests.filter(({ path }) => path.startsWith('/accounts'));
    expect(below.every(({ path }) => path.startsWith(`/accounts/${'d'.repeat(32)}/`))).toBe(true);
  });

  it('of an empty account is a valid document', async () => {
    const one = cli();
    const { stdout } = await one.run('export --all');
    expect(await planOf(one, stdout)).toEqual([]);
  });
});

describe('export of an account with odd things', () => {
  /** An account as others may have left it. */
  async function odd(): Promise<Cli> {
    const one = cli({ files: { 'portal.yaml': portal }, account: { zones: ['example.com', 'example.org', 'sub.example.com'] } });
    await one.run('apply --yes');
    const { send, account } = one;
    const everyone = { decision: 'allow', include: [{ everyone: {} }] };
    await send('POST', '~/access/policies', { name: 'twin', ...everyone });
    const twin = await send('POST', '~/access/policies', { name: 'twin', ...everyone });
    await send('POST', '~/access/policies', { name: 'costs ${5} $${HOME}', ...everyone });
    await send('POST', '~/access/policies', { name: 'Größe 日本語 🎉', ...everyone });
    await send('POST', '~/access/groups', { name: 'group: "quoted" #1', include: [{ email_domain: { domain: 'example.com' } }] });
    await send('POST', '~/access/apps', { type: 'self_hosted', name: 'Classic', domain: 'app.example.com', policies: [twin.id] });
    await send('POST', '~/access/apps', {
      type: 'self_hosted',
      name: 'Inline',
      domain: 'inline.example.com',
      policies: [{ name: 'inline one', decision: 'allow', include: [{ everyone: {} }] }],
    });
    await send('POST', '~/access/ai-controls/mcp/servers', {
      id: 'signed',
      name: 'Signed ${x}',
      hostname: 'https://s.example.com/mcp',
      auth_type: 'bearer',
      auth_credentials: 'held-secret',
      description: 'über $HOME ${HOME}',
    });
    await send('POST', '~/access/ai-controls/mcp/servers', {
      id: 'login',
      name: 'Login',
      hostname: 'https://o.example.com/mcp',
      auth_type: 'oauth',
    });
    await send('POST', '~/access/ai-controls/mcp/servers', {
      id: 'manual',
      name: 'Manual',
      hostname: 'https://m.example.com/mcp',
      auth_type: 'oauth',
      client_secret: 'client-held-secret',
      is_shared_oauth_callback_enabled: true,
      auth_credentials: JSON.stringify({
        auth_mode: 'manual',
        config: { issuer: 'https://issuer.example.com' },
        registration_info: { client_id: 'abc' },
      }),
    });
    for (const zone of account.state.zones) {
      const path = `/zones/${zone.id}/dns_records`;
      const name = `many.${zone.name}`;
      await send('POST', path, { type: 'TXT', name, content: '"v=spf1 -all"', ttl: 1 });
      await send('POST', path, { type: 'TXT', name, content: '"second; with ${braces}"', ttl: 300 });
      await send('POST', path, { type: 'A', name, content: '192.0.2.1', ttl: 1, proxied: true });
      await send('POST', path, { type: 'A', name, content: '192.0.2.2', ttl: 1, proxied: true });
    }
    return one;
  }

  it('gives a document whose plan is empty', async () => {
    const one = await odd();
    const { code, stdout, stderr } = await one.run('export --all');
    expect(code).toBe(0);
    expect(stdout).not.toContain('held-secret');
    expect(await planOf(one, stdout)).toEqual([]);
    const document = parse(stdout);
    expect(document.servers.signed.auth).toEqual({ bearer: 'env:SIGNED_TOKEN' });
    expect(document.servers.login.auth).toBe('oauth');
    expect(document.servers.manual.auth).toBe('oauth');
    for (const line of stderr.split('\n').filter(Boolean)) expect(line).toMatch(/^warning: left out: /);
  });

  it('never reads a live name as a variable', async () => {
    const one = await odd();
    const { stdout } = await one.run('export --all');
    one.write('exported.yaml', stdout);
    const { code } = await one.run('validate -f exported.yaml', { env: { HOME: '/root', x: 'y' } });
    expect(code).toBe(0);
    expect(stdout).toContain('$${HOME}');
  });
});
