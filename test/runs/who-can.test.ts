import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { cli, portalWithToken, type Cli } from './cli.ts';

const document = portalWithToken.replace(
  'servers: [notes]',
  'servers: { notes: { on_behalf: false, tools: { purge: false, search: { alias: find } } } }',
);

const ask = (words: string, text = document) => cli({ files: { 'portal.yaml': text } }).run(`who-can ${words}`);

/** A repository whose last commit has these files; git reads no configuration but its own. */
function committed(files: Readonly<Record<string, string>>): Cli {
  const user = cli({ files });
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      cwd: user.cwd,
      env: { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
      stdio: 'pipe',
    });
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'first');
  return user;
}

describe('who-can', () => {
  it('tells which portals, servers and tools somebody gets, and why', async () => {
    const { code, stdout, stderr } = await ask('user@example.com');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`user@example.com

✓ tools  allowed  https://tools.example.com/mcp
    policy people (allow): email user@example.com
  ✓ notes  allowed  policy people (allow): email user@example.com
      tools: shown: search as find; hidden: purge; all others shown
`);
  });

  it('answers 0 also where nobody is let in', async () => {
    const { code, stdout } = await ask('bob@example.com');
    expect(code).toBe(0);
    expect(stdout).toContain('✗ tools  refused  https://tools.example.com/mcp\n    no policy matches\n    none of its 1 servers');
  });

  it('tells a bot that it needs a policy of its own', async () => {
    const { json } = await ask('token:ci --json');
    expect(json).toMatchObject({ schema_version: 1, ok: true, who: 'token:ci', portals: [{ id: 'tools', access: 'no' }] });
    const open = document.replace(
      'access: { policies: [people] } }\nservice',
      'access: { policies: [people] }, service_tokens: [ci] }\nservice',
    );
    const { json: answer } = await ask('token:ci --json', open);
    expect(answer.portals).toEqual([
      {
        id: 'tools',
        hostname: 'tools.example.com',
        access: 'yes',
        policy: 'service-token-ci',
        why: 'policy service-token-ci (service_auth): service_token ci',
        servers_declared: true,
        servers: [
          {
            id: 'notes',
            access: 'yes',
            policy: 'service-token-ci',
            why: 'policy service-token-ci (service_auth): service_token ci',
            tools: { default: 'enabled', shown: ['search'], hidden: ['purge'], renamed: { search: 'find' } },
          },
        ],
      },
    ]);
  });

  it('sends nothing, and needs no credentials', async () => {
    const user = cli({ files: { 'portal.yaml': document } });
    const { code } = await user.run('who-can user@example.com', { env: { CLOUDFLARE_API_TOKEN: undefined } });
    expect(code).toBe(0);
    expect(user.account.requests).toEqual([]);
  });

  it('gives a table in Markdown that no name can break', async () => {
    const text = document.replace('user@example.com', 'a|`b<script>@example.com');
    const { stdout } = await cli({ files: { 'portal.yaml': text } }).run([
      'who-can',
      'a|`b<script>@example.com',
      '-o',
      'markdown',
    ]);
    expect(stdout).toContain("| `tools` |  | ✓ allowed | `policy people (allow): email a\\|'b<script>@example.com` |  |");
  });

  it('reads the answer of the whole network from an address alone', async () => {
    const text = document.replace(
      '{ decision: allow, include: [{ email: user@example.com }] }',
      '{ decision: bypass, include: [{ ip: 192.0.2.0/24 }] }',
    );
    expect((await ask('--ip 192.0.2.9 --json', text)).json).toMatchObject({ who: 'anybody', portals: [{ access: 'yes' }] });
    expect((await ask('--ip 198.51.100.1 --json', text)).json).toMatchObject({ portals: [{ access: 'no' }] });
  });

  it.each([
    ['', 'who-can needs somebody to ask about'],
    ['alice', 'alice is no email address'],
    ['token:cj', 'the document has no service token "cj"'],
    ['a@example.com --portal tolls', 'the document has no portal "tolls"'],
    ['a@example.com --ip home', '--ip: home is no address'],
    ['a@example.com --country Holland', '--country: Holland is no country code'],
    ['a@example.com extra', 'too many arguments'],
  ])('refuses the words "%s"', async (words, message) => {
    const { code, stderr } = await ask(words);
    expect(code).toBe(64);
    expect(stderr).toContain(message);
  });

  it('suggests the name that was meant', async () => {
    const robots = document.replace('  ci: {}', '  robots: {}');
    expect((await ask('token:robot', robots)).stderr).toContain('did you mean robots?');
    expect((await ask('a@example.com --portal tolls')).stderr).toContain('did you mean tools?');
  });

  it('refuses a document that is not valid, with the place', async () => {
    const { code, stderr } = await ask('a@example.com', document.replace('include:', 'inclde:'));
    expect(code).toBe(64);
    expect(stderr).toMatch(/portal\.yaml:3:\d+/);
    expect(stderr).toContain('did you mean "include"');
  });

  it('reads YAML beyond the plain kind, several files, variables and standard input', async () => {
    const anchored = document
      .replace('policies: [people] } }\nportals', 'policies: &who [people] } }\nportals')
      .replace('access: { policies: [people] } }', 'access: { policies: *who } }');
    expect((await ask('user@example.com --json', anchored)).json).toMatchObject({ portals: [{ access: 'yes' }] });
    const user = cli({ files: { 'a.yaml': document, 'b.yaml': 'policies: { people: { include: [{ email: "${WHO}" }] } }\n' } });
    const run = (env: Readonly<Record<string, string>>) =>
      user.run('who-can bob@example.com -f a.yaml -f b.yaml --json', { env });
    expect((await run({ WHO: 'bob@example.com' })).json).toMatchObject({ portals: [{ access: 'yes' }] });
    expect((await run({})).code).toBe(64);
    const piped = await user.run('who-can user@example.com -f - --json', { stdin: document });
    expect(piped.json).toMatchObject({ portals: [{ access: 'yes' }] });
  });
});

describe('who-can --diff', () => {
  const later = document
    .replace('purge: false', 'purge: true')
    .replace('portals:', '  mail: { url: https://mail.example.com/mcp, access: { policies: [people] } }\nportals:')
    .replace('servers: { notes:', 'servers: { mail: {}, notes:');

  it('tells what somebody gains and loses', async () => {
    const user = committed({ 'portal.yaml': document });
    expect((await user.run('who-can user@example.com --diff HEAD')).stdout).toBe(
      'user@example.com has the same access as in HEAD.\n',
    );
    user.write('portal.yaml', later);
    const { code, stdout } = await user.run('who-can user@example.com --diff HEAD');
    expect(code).toBe(0);
    expect(stdout).toBe(`user@example.com compared with HEAD: 2 gained, 0 lost.
+ portal tools, server mail: refused → allowed (policy people (allow): email user@example.com)
+ portal tools, server notes, tool purge: hidden → purge
`);
    const { json } = await user.run('who-can user@example.com --diff HEAD --json');
    expect(json.diff).toMatchObject({
      ref: 'HEAD',
      changes: [
        { change: 'gained', server: 'mail' },
        { change: 'gained', tool: 'purge' },
      ],
    });
    expect(json.portals).toHaveLength(1);
    expect((await user.run('who-can user@example.com --diff HEAD -o markdown')).stdout).toBe(
      `Access of \`user@example.com\`, compared with \`HEAD\`: 2 gained, 0 lost.

\`\`\`diff
+ portal tools, server mail: refused → allowed (policy people (allow): email user@example.com)
+ portal tools, server notes, tool purge: hidden → purge
\`\`\`
`,
    );
  });

  it('finds the document from a folder below, and takes one that the revision lacks for empty', async () => {
    const user = committed({ 'deep/portal.yaml': document, 'other.txt': '' });
    expect((await user.run('who-can user@example.com --diff HEAD', { folder: 'deep' })).stdout).toContain('the same access');
    user.write('new.yaml', document);
    const { stdout } = await user.run('who-can user@example.com --diff HEAD -f ../new.yaml', { folder: 'deep' });
    expect(stdout).toContain('2 gained');
  });

  it('refuses a file outside of the repository', async () => {
    const user = committed({ 'portal.yaml': document });
    const outside = cli({ files: { 'portal.yaml': document } });
    const { code, stderr } = await user.run([
      'who-can',
      'user@example.com',
      '--diff',
      'HEAD',
      '-f',
      `${outside.cwd}/portal.yaml`,
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain('is outside repository');
  });

  it('asks for a token that either version has', async () => {
    const user = committed({ 'portal.yaml': document });
    user.write('portal.yaml', document.replace('  ci: {}', '  ca: {}'));
    expect((await user.run('who-can token:ci --diff HEAD')).code).toBe(0);
    expect((await user.run('who-can token:ci')).code).toBe(64);
  });

  it.each(['--output=x', 'HEAD:portal.yaml', 'no-such-branch', 'HEAD main'])('refuses the revision %j', async (ref) => {
    const user = committed({ 'portal.yaml': document });
    const { code } = await user.run(['who-can', 'user@example.com', `--diff=${ref}`]);
    expect(code).toBe(64);
    expect(user.exists('x')).toBe(false);
  });

  it('says what git says outside of a repository, and that standard input has no history', async () => {
    const { code, stderr } = await cli({ files: { 'portal.yaml': document } }).run('who-can user@example.com --diff HEAD', {
      env: { GIT_CEILING_DIRECTORIES: '/' },
    });
    expect(code).toBe(64);
    expect(stderr).toContain('git: not a git repository');
    const piped = await committed({ 'portal.yaml': document }).run('who-can user@example.com --diff HEAD -f -', {
      stdin: document,
    });
    expect(piped.code).toBe(64);
  });
});

describe('graph', () => {
  it('draws the document in each form', async () => {
    const user = cli({ files: { 'portal.yaml': document } });
    expect((await user.run('graph')).stdout).toContain(
      'MCP server portal tools (tools.example.com)\n  let in by\n    Access policy people (allow): email user@example.com',
    );
    expect((await user.run('graph --format mermaid')).stdout).toMatch(/^flowchart LR\n/);
    expect((await user.run('graph -o markdown')).stdout).toMatch(/^```mermaid\nflowchart LR\n[^`]*```\n$/);
    expect((await user.run('graph tools --format svg')).stdout).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    const { json } = await user.run('graph --json');
    expect(json).toMatchObject({ schema_version: 1, ok: true });
    expect(json.edges).toContainEqual({ from: 'policy:people', to: 'portal:tools', label: '', dotted: false });
    expect(user.account.requests).toEqual([]);
  });

  it('marks what differs from a revision', async () => {
    const user = committed({ 'portal.yaml': document });
    user.write('portal.yaml', document.replace('purge: false, ', ''));
    expect((await user.run('graph --diff HEAD')).stdout).toContain('~ MCP server notes');
    user.write('portal.yaml', document.replaceAll('notes', 'mail'));
    const { stdout } = await user.run('graph --diff HEAD');
    expect(stdout).toContain('+ MCP server mail');
    expect(stdout).toContain('- MCP server notes');
  });

  it('marks the servers that are not ready in the account', async () => {
    const user = cli({ files: { 'portal.yaml': document }, account: { zones: ['example.com'] } });
    user.upstreams.set('https://notes.example.com/mcp', () => ({
      is: 'error',
      error: 'x',
      details: { cause: 'no answer', status_code: 502, retryable: false },
    }));
    await user.run('apply --yes --wait --secrets-out file:token.json');
    expect((await user.run('graph --live')).stdout).toContain('[not ready: no answer (HTTP 502)]');
    expect((await user.run('graph')).stdout).not.toContain('not ready');
  });

  it('refuses a portal that the document does not have', async () => {
    const { code, stderr } = await cli({ files: { 'portal.yaml': document } }).run('graph tolls');
    expect(code).toBe(64);
    expect(stderr).toContain('did you mean tools?');
  });
});
