import { describe, expect, it } from 'vitest';
import { commandGroups } from '../../src/commands/index.ts';
import { kinds } from '../../src/kinds/index.ts';
import { cli, portal } from './cli.ts';

describe('completion', () => {
  it.each([
    ['bash', 'complete -o bashdefault -o default -F _mcp_portal mcp-portal\n'],
    ['zsh', '#compdef mcp-portal\n'],
    ['fish', "complete -c mcp-portal -f -a '(__mcp_portal)'\n"],
  ])('prints a script for %s', async (shell, part) => {
    const { code, stdout, stderr } = await cli().run(`completion ${shell}`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(part);
    expect(stdout).not.toContain('undefined');
  });

  it('tells how each shell takes its script', async () => {
    const { stdout } = await cli().run('completion --help');
    expect(stdout).toMatch(/~\/\.bashrc.*\n.*~\/\.zshrc.*\n.*~\/\.config\/fish\//);
  });

  it('knows no other shell', async () => {
    const { code, stderr } = await cli().run('completion bsh');
    expect({ code, stderr }).toEqual({ code: 64, stderr: 'error: no completion for the shell bsh\nhint: did you mean bash?\n' });
  });
});

/** What stands behind a line, with the network failing loudly. */
async function complete(words: readonly string[], files: Readonly<Record<string, string>> = { 'portal.yaml': portal }) {
  const { run, account } = cli({ files });
  const { code, stdout, stderr } = await run(['__complete', '--', ...words], { env: { CLOUDFLARE_API_TOKEN: undefined } });
  expect({ code, stderr, requests: account.requests }).toEqual({ code: 0, stderr: '', requests: [] });
  return stdout;
}

describe('the candidates for a shell', () => {
  it('are the commands and options that begin with the word', async () => {
    expect(await complete(['pl'])).toBe('plan\tshow what apply would change\n');
    expect(await complete(['plan', '--detailed'])).toBe('--detailed-exitcode\texit 2 when changes are pending\n');
    expect(await complete(['plan', '--output=m'])).toBe('--output=markdown\n');
  });

  it('are addresses of all that the document stands for', async () => {
    expect(await complete(['plan', '--target', ''])).toBe(
      [
        'policy:people',
        'server:notes',
        'server_app:notes',
        'portal:tools',
        'portal_app:tools',
        'dns_record:tools.example.com/CNAME\ttools.example.com',
        '',
      ].join('\n'),
    );
  });

  it('are names of the document that -f names, or of both', async () => {
    const files = { 'a.yaml': 'version: 1\nportals: { red: {} }\n', 'b.yaml': 'version: 1\nportals: { blue: { name: Blue } }\n' };
    expect(await complete(['export', '-f', 'a.yaml', '--portal', ''], files)).toBe('red\n');
    expect(await complete(['-fa.yaml', 'export', '--file=b.yaml', '--portal='], files)).toBe(
      '--portal=red\n--portal=blue\tBlue\n',
    );
  });

  it('are what is written while the document is not valid', async () => {
    const draft = 'version: 1\nservers:\n  notes:\n    url: ${NOTES_URL}\n  "two words": {}\nportals:\n  tools:\n    hostname:\n';
    expect(await complete(['plan', '--target', ''], { 'portal.yaml': draft })).toBe('server:notes\nportal:tools\n');
  });

  it('are names where arguments and options of the verbs take them', async () => {
    expect(await complete(['update-server', ''])).toBe('notes\n');
    expect(await complete(['attach_server', 'tools', 'notes', ''])).toBe('notes\n');
    expect(await complete(['add-server', 'new', '--portal', 't'])).toBe('tools\n');
    expect(await complete(['create-portal', '--policy=p'])).toBe('--policy=people\n');
  });

  it('name nothing but kinds', () => {
    const commands = commandGroups.flatMap((group) => group.commands);
    const named = commands.flatMap(({ args = [], options }) => [...args, ...Object.values(options)].map(({ names }) => names));
    const known = new Set([undefined, 'address', ...kinds.map(({ kind }) => kind)]);
    expect(named.filter((names) => !known.has(names))).toEqual([]);
  });

  it.each([
    [['plan', '--target', ''], {}],
    [['plan', '--target', ''], { 'portal.yaml': 'version: [' }],
    [['plan', '-f', '-', '--target', ''], {}],
    [['plan', '-f', ''], { 'portal.yaml': portal }],
    [['dns', 'nonsense', ''], { 'portal.yaml': portal }],
  ])('are none, without a word about it, behind %j with %j', async (words, files) => {
    expect(await complete(words, files)).toBe('');
  });
});
