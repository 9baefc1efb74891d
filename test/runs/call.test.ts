import { describe, expect, it } from 'vitest';
import { cli, type Cli, type Ran } from './cli.ts';

const ask = (user: Cli, request: unknown, ...more: readonly string[]): Promise<Ran> =>
  user.run(['call', '--input-json', typeof request === 'string' ? request : JSON.stringify(request), ...more]);

const addNotes = { command: 'add_server', name: 'Health Ledger', url: 'https://notes.example.com/mcp' };

describe('call', () => {
  it('registers a server under an id made from its name, once', async () => {
    const user = cli();
    const first = await ask(user, addNotes, '--yes');
    expect(first.code).toBe(0);
    expect(first.json).toMatchObject({
      ok: true,
      command: 'add_server',
      account_id: user.account.accountId,
      result: { applied: [{ address: 'server:health-ledger', action: 'create', ok: true }] },
    });
    expect((await ask(user, addNotes, '--yes')).json.result.applied).toEqual([]);
    expect(user.writes()).toEqual(['POST /access/ai-controls/mcp/servers']);
  });

  it('lists with a count, and takes id and server_id, dashes and underscores', async () => {
    const user = cli();
    await ask(user, { ...addNotes, server_id: 'notes', auth_type: 'unauthenticated' }, '--yes');
    const { json } = await ask(user, { command: 'list-servers' });
    expect(json).toMatchObject({
      ok: true,
      command: 'list_servers',
      account_id: user.account.accountId,
      count: 1,
      result: [{ id: 'notes', auth: 'none' }],
    });
    expect((await ask(user, { command: 'sync_server', id: 'notes' }, '--yes')).json.result.synced).toMatchObject([
      { id: 'notes' },
    ]);
    expect((await ask(user, { command: 'remove_server', server_id: 'notes' }, '--yes')).code).toBe(0);
    expect((await ask(user, { command: 'list_servers' })).json.count).toBe(0);
  });

  it('sets all servers of a portal, as texts or as objects', async () => {
    const user = cli({ account: { zones: ['example.com'] } });
    for (const id of ['a', 'b', 'c']) await ask(user, { ...addNotes, id, url: `https://${id}.example.com/mcp` }, '--yes');
    await ask(user, { command: 'create_portal', id: 'tools', hostname: 'tools.example.com', servers: ['a'] }, '--yes');
    await ask(user, { command: 'update_portal_servers', portal_id: 'tools', servers: ['b', { server_id: 'c' }] }, '--yes');
    const { json } = await ask(user, { command: 'get_portal', id: 'tools' });
    expect(Object.keys(json.result.servers)).toEqual(['b', 'c']);
    expect((await ask(user, { command: 'list_portals' })).json.result).toMatchObject([{ id: 'tools', servers: ['b', 'c'] }]);
  });

  it('changes nothing without --yes, and shows it with --dry-run', async () => {
    const user = cli();
    const refused = await ask(user, addNotes);
    expect([refused.code, refused.json.error]).toMatchObject([3, { code: 'validation_error', reason: 'confirmation_needed' }]);
    const shown = await ask(user, addNotes, '--dry-run');
    expect([shown.code, shown.json.result.summary.create]).toEqual([0, 1]);
    expect(user.writes()).toEqual([]);
  });

  it('reads the request from standard input', async () => {
    const { json } = await cli().run('call --input-json -', { stdin: '{"command":"list_portals"}' });
    expect(json).toMatchObject({ command: 'list_portals', result: [], count: 0 });
  });

  it.each([
    ['no JSON', '{', 'is not JSON'],
    ['no object', '[1]', 'one JSON object'],
    ['no command', '{}', 'needs "command"'],
    ['an unknown command', { command: 'add_sever' }, 'no command "add_sever"'],
    ['an unknown field', { ...addNotes, urll: 'x' }, 'no field "urll"'],
    ['a field of another type', { ...addNotes, url: 4 }, '"url" must be a text'],
    ['no subject', { command: 'sync_server' }, 'needs "id" or "server_id"'],
    ['an unknown server', { command: 'sync_server', id: 'nots' }, 'nots'],
    ['a URL that is none', { ...addNotes, url: 'nope' }, 'a whole URL is needed'],
  ])('answers %s with a validation_error', async (_what, request, words) => {
    const { code, json } = await ask(cli(), request, '--yes');
    expect(code).toBe(64);
    expect(json).toMatchObject({ ok: false, error: { code: 'validation_error' } });
    expect(json.error.message).toContain(words);
  });

  it('answers missing credentials with an auth_error that names both forms', async () => {
    const { code, json } = await cli().run(['call', '--input-json', '{"command":"list_servers"}'], {
      env: { CLOUDFLARE_API_TOKEN: undefined },
    });
    expect(code).toBe(1);
    expect(json.error).toMatchObject({
      code: 'auth_error',
      message: expect.stringMatching(/CLOUDFLARE_API_TOKEN.*CLOUDFLARE_API_KEY/s),
    });
  });

  it('answers a failing API with an api_error', async () => {
    const user = cli();
    const fetch = async () => new Response('<html>', { status: 400 });
    const { json } = await user.run(['call', '--input-json', '{"command":"list_servers"}'], { fetch });
    expect(json.error.code).toBe('api_error');
  });
});
