import { describe, expect, it } from 'vitest';
import { cli } from '../runs/cli.ts';

const words =
  'init --yes --portal tools --hostname mcp.example.com --server notes=https://notes.example.com/mcp --email you@example.com';
const offline = { env: { CLOUDFLARE_API_TOKEN: '' } };

describe('init --yes', () => {
  it('writes a valid document without warnings and without credentials; a second run changes nothing', async () => {
    const { run, read, account } = cli(offline);
    const line = `${words} --email-domain example.org --service-token ci`;
    expect(await run(line)).toMatchObject({ code: 0, stdout: '' });
    expect(await run('validate')).toMatchObject({ code: 0, stdout: 'Valid: 8 resources, 0 warnings.\n' });
    const text = read('portal.yaml');
    expect(text).toContain('out: [dotenv:.env]');
    expect(text).toContain('email_domain: example.org');
    const again = await run(line);
    expect(again.stderr).toContain('says all of this already');
    expect(read('portal.yaml')).toBe(text);
    expect(account.requests).toEqual([]);
  });

  it('applies only when it is told to', async () => {
    const { run, exists, writes } = cli();
    expect((await run(words)).code).toBe(0);
    expect(writes()).toEqual([]);
    const applied = await run(`${words} --apply --service-token ci`);
    expect(applied).toMatchObject({ code: 0 });
    expect(applied.stdout).toContain('tools: https://mcp.example.com/mcp');
    expect(exists('.env')).toBe(true);
    expect((await run('plan')).stdout).toContain('No changes.');
  });

  it('writes nothing where it cannot apply', async () => {
    const { run, exists } = cli(offline);
    const { code, stderr } = await run(`${words} --apply`);
    expect(code).toBe(1);
    expect(stderr).toContain('CLOUDFLARE_API_TOKEN');
    expect(exists('portal.yaml')).toBe(false);
  });

  it('merges into a file, whose comments and other entries stay', async () => {
    const { run, read } = cli({
      ...offline,
      files: {
        'portal.yaml': `version: 1
policies:
  people: { decision: allow, include: [{ email: [me@example.com, you@example.com] }] } # us
servers:
  notes: { url: https://notes.example.com/mcp, access: { policies: [people] } }
portals:
  tools: { hostname: mcp.example.com, servers: { notes: { default: disabled } }, access: { policies: [people] } } # ours
`,
      },
    });
    const before = read('portal.yaml');
    expect((await run(words)).code).toBe(0);
    expect(read('portal.yaml')).toBe(before);
    expect((await run('init --yes --server wiki=https://wiki.example.com/mcp --email they@example.com')).code).toBe(0);
    const after = read('portal.yaml');
    expect(after).toContain('# us');
    expect(after).toContain('# ours');
    expect(after).toContain('they@example.com');
    expect(after).toMatch(/notes:\s*\{ default: disabled \}, wiki: \{\}/);
    expect((await run('validate')).stdout).toContain('0 warnings');
    expect(
      (
        await run(
          'init --yes --portal other --hostname other.example.com --server notes=https://notes.example.com/mcp --email new@example.com',
        )
      ).code,
    ).toBe(0);
    expect(read('portal.yaml')).toContain('other-people: { decision: allow, include: [{ email: new@example.com }] }');
  });

  it('prints the file with --dry-run, and one JSON document with --json', async () => {
    const { run, exists } = cli(offline);
    const { code, stdout } = await run(words.replace('--yes', '--dry-run'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# What mcp-portal sets up[^]*hostname: mcp\.example\.com/);
    expect((await run(`${words} --dry-run --json`)).json).toMatchObject({
      ok: true,
      file: 'portal.yaml',
      written: false,
      text: stdout,
    });
    expect(exists('portal.yaml')).toBe(false);
    expect((await run(`${words} --json`)).json).toEqual({ schema_version: 1, ok: true, file: 'portal.yaml', written: true });
    expect((await run(`${words} --apply --json --sandbox`)).json).toMatchObject({ ok: true });
  });

  it('writes the file that -f names', async () => {
    const { run, exists } = cli(offline);
    expect((await run(`${words} -f mine.yaml`)).code).toBe(0);
    expect([exists('mine.yaml'), exists('portal.yaml')]).toEqual([true, false]);
    expect((await run(`${words} -f a.yaml -f b.yaml`)).code).toBe(64);
    expect((await run(`${words} -f -`)).code).toBe(64);
  });

  it('warns that git would take the secret along', async () => {
    const { run, read } = cli({ ...offline, files: { '.git/HEAD': 'ref: refs/heads/main\n', '.gitignore': 'dist\n' } });
    expect((await run(`${words} --service-token ci`)).stderr).toContain('.env will hold a secret');
    expect(read('.gitignore')).toBe('dist\n');
  });

  it('gets bots in where no people are named', async () => {
    const { run } = cli(offline);
    expect((await run(words.replace(' --email you@example.com', ' --service-token ci'))).code).toBe(0);
    expect((await run('validate')).stdout).toContain('0 warnings');
  });
});

describe('init refuses, and writes nothing:', () => {
  it.each([
    ['--server', words.replace('https://notes.example.com/mcp', 'notes.example.com')],
    ['--server', words.replace('notes=https', 'my_notes=https')],
    ['--server', words.replace('notes=https', `${'n'.repeat(33)}=https`)],
    ['--server', words.replace('notes=', '')],
    ['--server notes', `${words} --server notes=https://other.example.com/mcp`],
    ['--hostname', words.replace('mcp.example.com', 'https://mcp.example.com')],
    ['--hostname', words.replace('mcp.example.com', 'mcp.elsewhere.org')],
    ['--portal', words.replace('tools', 'my_tools')],
    ['--email', words.replace('you@', 'you')],
    ['--email-domain', `${words} --email-domain nowhere`],
    ['--hostname HOST', 'init --yes --portal tools --server notes=https://notes.example.com/mcp'],
    ['--portal ID', 'init --yes'],
  ])('%s of %s', async (option, line) => {
    const { run, exists, writes } = cli();
    const { code, stderr } = await run(line);
    expect({ code, stderr }).toMatchObject({ code: 64, stderr: expect.stringContaining(option) });
    expect(stderr.match(/error/g)).toHaveLength(1);
    expect([exists('portal.yaml'), writes()]).toEqual([false, []]);
  });

  it('questions that nobody can answer', async () => {
    const { run, exists } = cli(offline);
    const { code, stderr } = await run('init');
    expect(code).toBe(3);
    expect(stderr).toContain('--yes');
    expect(exists('portal.yaml')).toBe(false);
  });

  it('a hostname only where the zones could be read', async () => {
    const { run, exists } = cli();
    const fetch = async () =>
      Response.json({ success: false, errors: [{ code: 9109, message: 'Invalid access token' }] }, { status: 403 });
    const { code, stderr } = await run(words, { fetch });
    expect(code).toBe(0);
    expect(stderr).toContain('was not checked');
    expect(exists('portal.yaml')).toBe(true);
  });
});
