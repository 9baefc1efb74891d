import { describe, expect, it } from 'vitest';
import { cli, portal, type Cli } from './cli.ts';

const account = { zones: ['example.com'] };

async function applied(text = portal): Promise<Cli> {
  const user = cli({ account, files: { 'portal.yaml': text } });
  const details = { cause: 'no answer', status_code: 502, retryable: false };
  user.upstreams.set('https://notes.example.com/mcp', () => ({ is: 'error', error: 'it failed', details }));
  await user.run('apply --yes --wait', { env: { T: 'sesame' } });
  return user;
}

describe('list-servers', () => {
  it('shows each server in columns, and below what one needs that is not ready', async () => {
    const text = portal.replace(
      'portals:',
      '  mail: { url: https://mail.example.com/mcp, auth: oauth, access: { policies: [people] } }\nportals:',
    );
    const { code, stdout } = await (await applied(text)).run('list-servers');
    expect(code).toBe(0);
    expect(stdout).toBe(`ID     NAME   URL                            AUTH   STATUS   TOOLS  PROMPTS  PORTALS
mail   mail   https://mail.example.com/mcp   oauth  waiting  0      0
notes  notes  https://notes.example.com/mcp  none   error    0      0        tools

mail: an administrator has to sign in to it once
    next: Zero Trust > Access controls > AI controls > MCP servers > mail > Authenticate server
notes: no answer (HTTP 502)
    next: look at what answers at https://notes.example.com/mcp, then: mcp-portal sync-server notes
`);
  });

  it('gives the same as JSON, and counts tools and prompts', async () => {
    const user = await applied(portal.replace('/mcp, access', '/mcp, auth: { headers: { X-Key: env:T } }, access'));
    const server = {
      id: 'notes',
      name: 'notes',
      url: 'https://notes.example.com/mcp',
      auth: 'headers',
      prompts: 0,
      portals: ['tools'],
    };
    expect((await user.run('list-servers --json')).json).toEqual({
      schema_version: 1,
      ok: true,
      account: user.account.accountId,
      servers: [{ ...server, status: 'error', tools: 0, error: 'no answer (HTTP 502)' }],
    });
    user.upstreams.set(server.url, () => ({ is: 'ready', tools: [{ name: 'a' }, { name: 'b' }], prompts: [] }));
    await user.send('POST', '~/access/ai-controls/mcp/servers/notes/sync');
    const bare = (await user.run('list-servers --json -f bare.yaml')).code;
    expect(bare).toBe(64);
    user.write('portal.yaml', 'version: 1\n');
    expect((await user.run('list-servers --json')).json.servers).toEqual([
      { ...server, auth: 'bearer', status: 'ready', tools: 2 },
    ]);
  });

  it('fits the terminal', async () => {
    const { stdout } = await (await applied()).run('list-servers', { isTTY: true, columns: 40, env: { NO_COLOR: '1' } });
    expect(stdout.split('\n')[1]).toBe('notes  notes  https://notes.example.com…');
  });

  it('says when there is nothing', async () => {
    expect((await cli({ account }).run('list-servers')).stdout).toBe('No servers.\n');
    expect((await cli({ account }).run('list-servers --json')).json).toMatchObject({ schema_version: 1, ok: true, servers: [] });
    expect((await cli({ account }).run('list-portals')).stdout).toBe('No portals.\n');
  });
});

describe('list-portals', () => {
  it('shows the portals with one reading', async () => {
    const user = await applied();
    const before = user.account.requests.length;
    expect((await user.run('list-portals --json')).json).toEqual({
      schema_version: 1,
      ok: true,
      account: user.account.accountId,
      portals: [
        { id: 'tools', name: 'tools', hostname: 'tools.example.com', url: 'https://tools.example.com/mcp', servers: ['notes'] },
      ],
    });
    expect(user.account.requests.slice(before)).toHaveLength(2); // the account is looked up first
    expect((await user.run('list-portals')).stdout).toMatch(
      /^ID +NAME .*\ntools +tools +tools\.example\.com +https:.* +notes\n$/,
    );
  });
});

describe('get-portal', () => {
  it('shows the portal as the document writes it, with its URL and the status of its servers', async () => {
    const user = await applied(
      portal.replace('people: {', 'people: { name: Our People,').replace('[notes]', '{ notes: { tools: { search: false } } }'),
    );
    const { json } = await user.run('get-portal tools --json');
    expect(json).toMatchObject({
      schema_version: 1,
      ok: true,
      portal: {
        id: 'tools',
        url: 'https://tools.example.com/mcp',
        name: 'tools',
        hostname: 'tools.example.com',
        servers: {
          notes: {
            default: 'enabled',
            on_behalf: true,
            tools: { search: { enabled: false } },
            status: 'error',
            error: 'no answer (HTTP 502)',
          },
        },
        access: { policies: ['people'] },
      },
    });
    expect(json.portal).not.toHaveProperty('dns');
    const { stdout } = await user.run('get-portal tools');
    expect(stdout).toMatch(/^id: tools\nurl: https:\/\/tools\.example\.com\/mcp\nname: tools\n/);
    expect(stdout).toMatch(/\nnotes: no answer \(HTTP 502\)\n    next: /);
    user.write('portal.yaml', 'version: 1\n');
    expect((await user.run('get-portal tools --json')).json.portal.access.policies).toEqual(['Our People']);
  });

  it('suggests the nearest id', async () => {
    const { code, json } = await (await applied()).run('get-portal tool --json');
    expect([code, json.error]).toEqual([
      64,
      { code: 'not_found', message: 'there is no portal "tool"', hint: 'did you mean tools?' },
    ]);
  });

  it('shows a portal without a login, and a link whose server is gone', async () => {
    const user = cli({ account });
    await user.run('create-portal bare --hostname bare.example.com --yes');
    expect((await user.run('get-portal bare --json')).json.portal).toMatchObject({ id: 'bare', servers: {} });
    expect((await user.run('get-portal bare --json')).json.portal).not.toHaveProperty('access');
  });
});
