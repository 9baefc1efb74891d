import { describe, expect, it } from 'vitest';
import { cli, portal, type Cli } from './cli.ts';

const two = `${portal}  other: { hostname: other.example.com, servers: [notes], access: { policies: [people] } }\n`;
const url = 'https://tools.example.com/mcp';

/** A user without credentials, whose home is the folder `home` of the working directory. */
function user(files: Readonly<Record<string, string>> = { 'portal.yaml': portal }): Cli {
  const made = cli({ files });
  const env = { HOME: `${made.cwd}/home`, CLOUDFLARE_API_TOKEN: undefined };
  return { ...made, run: (line, options) => made.run(line, { ...options, env: { ...env, ...options?.env } }) };
}

const config = 'home/.cursor/mcp.json';
const entry = (text: string): unknown => JSON.parse(text).mcpServers?.tools;

describe('client-config', () => {
  it("prints the document's portal offline, without credentials", async () => {
    const me = user();
    const { code, stdout, stderr } = await me.run('client-config claude-code');
    expect([code, JSON.parse(stdout)]).toEqual([0, { mcpServers: { tools: { type: 'http', url } } }]);
    expect(stderr).toMatch(/^hint: It belongs into ~\/\.claude\.json; --write puts it there\.\nhint: /);
    expect(me.account.requests).toEqual([]);
  });

  it('needs nothing else of the document, such as variables of secrets', async () => {
    const text = portal.replace('notes.example.com/mcp,', 'notes.example.com/mcp, auth: { bearer: "env:NOBODY_SET_IT" },');
    expect((await user({ 'portal.yaml': `account: \${NOBODY_SET_IT}\n${text}` }).run('client-config cursor')).code).toBe(0);
  });

  it('says which variable of the hostname is not set', async () => {
    const text = portal.replace('hostname: tools.example.com', 'hostname: "${HOST}"');
    const me = user({ 'portal.yaml': text });
    expect((await me.run('client-config cursor')).stderr).toContain('HOST');
    expect((await me.run('client-config cursor', { env: { HOST: 'x.example.com' } })).stdout).toContain(
      'https://x.example.com/mcp',
    );
  });

  it('chooses among several portals, and lists them where none is named', async () => {
    const me = user({ 'portal.yaml': two });
    const unsaid = await me.run('client-config cursor');
    expect([unsaid.code, unsaid.stdout, unsaid.stderr]).toEqual([64, '', expect.stringContaining('tools, other')]);
    const mistyped = await me.run('client-config cursor --portal othr');
    expect([mistyped.code, mistyped.stderr]).toEqual([64, expect.stringContaining('Did you mean other?')]);
    const { stdout } = await me.run('client-config cursor --portal other --name mine');
    expect(JSON.parse(stdout)).toEqual({ mcpServers: { mine: { url: 'https://other.example.com/mcp' } } });
  });

  it('leaves out a portal that the document wants gone', async () => {
    const me = user({ 'portal.yaml': `${portal}  other: { absent: true }\n` });
    expect((await me.run('client-config cursor')).stdout).toContain(url);
  });

  it("reads the account's portals without a document", async () => {
    const me = cli({ files: { 'portal.yaml': portal } });
    await me.run('apply --yes');
    const away = { folder: '.', env: { HOME: me.cwd } };
    me.write('elsewhere/empty', '');
    const { code, stdout } = await me.run('client-config cursor', { ...away, folder: 'elsewhere' });
    expect([code, entry(stdout)]).toEqual([0, { url }]);
    const unknown = await me.run('client-config cursor --portal tool', { ...away, folder: 'elsewhere' });
    expect([unknown.code, unknown.stderr]).toEqual([64, expect.stringContaining('Did you mean tools?')]);
  });

  it('takes a hostname alone', async () => {
    const me = user({});
    expect(JSON.parse((await me.run('client-config cursor --hostname MCP.chitty.cc')).stdout)).toEqual({
      mcpServers: { 'mcp-chitty-cc': { url: 'https://mcp.chitty.cc/mcp' } },
    });
    for (const host of ['https://mcp.chitty.cc/mcp', 'x', '$(id).example.com'])
      expect((await me.run(['client-config', 'cursor', '--hostname', host])).code).toBe(64);
  });

  it('refuses a service token where none can be sent, with the reason and what works', async () => {
    for (const name of ['anthropic-api', 'chatgpt', 'claude-ai', 'playground']) {
      const { code, stdout, stderr } = await user().run(`client-config ${name} --service-token`);
      expect([code, stdout]).toEqual([3, '']);
      expect(stderr).toMatch(/cannot use a service token: .+\nhint: Instead: /);
    }
  });

  it('says when the document lets no service token in', async () => {
    expect((await user().run('client-config cursor --service-token')).stderr).toContain('service_tokens: [KEY]');
  });

  it('refuses what it does not know', async () => {
    const me = user();
    for (const [line, words] of [
      ['client-config', 'the client is missing'],
      ['client-config claude-cod', 'Did you mean claude-code?'],
      ['client-config whatever', 'The clients are: claude-desktop, '],
      ['client-config cursor --name a.b', '--name "a.b" does not suit every client'],
      ['client-config windsurf --scope project', 'Windsurf has no file per project'],
    ] as const) {
      const { code, stderr } = await me.run(line);
      expect([code, stderr]).toEqual([64, expect.stringContaining(words)]);
    }
  });

  it('answers with one JSON document', async () => {
    const me = user();
    const { json, stderr } = await me.run('client-config codex -o json');
    expect(stderr).toBe('');
    expect(json).toEqual({
      schema_version: 1,
      ok: true,
      client: 'codex',
      name: 'tools',
      url,
      format: 'toml',
      path: `${me.cwd}/home/.codex/config.toml`,
      config: `[mcp_servers.tools]\nurl = "${url}"\n`,
      hints: expect.arrayContaining([expect.stringContaining('codex mcp login tools')]),
    });
    const steps = (await me.run('client-config chatgpt -o json')).json;
    expect([steps.steps.length, steps.path]).toEqual([5, undefined]);
    expect((await me.run('client-config cursor --json')).json.config).toEqual({ mcpServers: { tools: { url } } });
  });

  it('lists the clients', async () => {
    const me = user({});
    expect((await me.run('client-config --list')).stdout).toMatch(/^CLIENT .*\nclaude-desktop /);
    const { json } = await me.run('client-config --list --json');
    expect(json.clients).toHaveLength(19);
    expect(json.clients[2]).toMatchObject({ name: 'claude-ai', format: 'steps', service_token: false, write: false });
  });
});

describe('client-config --write', () => {
  it('makes the file with its folder, for its owner alone', async () => {
    const me = user();
    const { code, stdout, stderr } = await me.run('client-config cursor --write --yes');
    expect([code, entry(stdout)]).toEqual([0, { url }]);
    expect(stderr).toContain(`~/.cursor/mcp.json (a new file)\n  + mcpServers.tools.url: "${url}"\nWrote ~/.cursor/mcp.json.\n`);
    expect([entry(me.read(config)), me.mode(config)]).toEqual([{ url }, 0o600]);
    expect(me.exists(`${config}.bak`)).toBe(false);
  });

  it('keeps what is there, a copy of it, and who may read it', async () => {
    const me = user();
    const before = '{\n\t"mcpServers": {\n\t\t"notes": { "url": "https://notes.example.com/mcp" } // mine\n\t}\n}\n';
    me.write(config, before, 0o640);
    me.write(`${config}.bak`, 'older');
    const { json } = await me.run('client-config cursor --write --yes --json');
    expect(json).toMatchObject({ ok: true, changed: true, backup: `${me.cwd}/${config}.bak.1` });
    expect(me.read(config)).toBe(before.replace('} // mine\n', `}, // mine\n\t\t"tools": {\n\t\t\t"url": "${url}"\n\t\t}\n`));
    expect([me.read(`${config}.bak`), me.read(`${config}.bak.1`)]).toEqual(['older', before]);
    expect([me.mode(config), me.mode(`${config}.bak.1`)]).toEqual([0o640, 0o640]);
  });

  it('does nothing the second time, and needs no --yes for that', async () => {
    const me = user();
    me.write(config, '{}');
    await me.run('client-config cursor --write --yes');
    const [text, again] = [me.read(config), await me.run('client-config cursor --write')];
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('~/.cursor/mcp.json has it already.')]);
    expect([me.read(config), me.exists(`${config}.bak.1`)]).toEqual([text, false]);
  });

  it('changes nothing without --yes where nobody can be asked, nor with --dry-run', async () => {
    const me = user();
    const unasked = await me.run('client-config cursor --write');
    expect([unasked.code, unasked.stderr]).toEqual([3, expect.stringContaining('--yes')]);
    const dry = await me.run('client-config cursor --write --dry-run');
    expect([dry.code, dry.stderr]).toEqual([0, expect.stringContaining('+ mcpServers.tools.url')]);
    expect(me.exists(config)).toBe(false);
  });

  it('writes into the project where that is asked for', async () => {
    const me = user();
    await me.run('client-config vscode --write --scope project --service-token --yes');
    expect(JSON.parse(me.read('.vscode/mcp.json'))).toMatchObject({ inputs: [{ password: true }, { password: true }] });
    expect(me.mode('.vscode/mcp.json') & 0o044).toBe(0o044);
  });

  it('says where a file is broken, and leaves it', async () => {
    const me = user();
    me.write(config, '{\n  "mcpServers": {,}\n}\n');
    const { code, stdout, stderr } = await me.run('client-config cursor --write --yes');
    expect([code, stdout]).toEqual([64, '']);
    expect(stderr).toContain('~/.cursor/mcp.json:2:18: a key in double quotes is missing here');
    expect(me.read(config)).toBe('{\n  "mcpServers": {,}\n}\n');
  });

  it('never shows what the file says', async () => {
    const me = user();
    me.write(config, '{"mcpServers": {"tools": {"url": "https://x.example.com/mcp?key=hush", "headers": {"A": "hush"}}}}');
    const { stdout, stderr } = await me.run('client-config cursor --write --yes --service-token');
    expect(stdout + stderr).not.toContain('hush');
    expect(entry(me.read(config))).toMatchObject({ url, headers: { A: 'hush' } });
  });

  it('refuses clients that have no file of their own', async () => {
    for (const name of ['claude-ai', 'chatgpt', 'playground', 'anthropic-api', 'openai-responses', 'mcp-remote', 'inspector']) {
      const { code, stderr } = await user().run(`client-config ${name} --write --yes`);
      expect([code, stderr]).toEqual([3, expect.stringContaining('--write cannot write for')]);
    }
  });

  it('needs to know the home folder', async () => {
    const { code, stderr } = await user().run('client-config cursor --write --yes', { env: { HOME: undefined } });
    expect([code, stderr]).toEqual([64, expect.stringContaining('Set HOME')]);
  });
});
