import { describe, expect, it } from 'vitest';
import { cli, portal } from './cli.ts';

const insecure = portal.replace('https://notes.example.com/mcp', 'http://notes.example.com/sse');
const comment = '  # mcp-portal-ignore MCP008, MCP009: it moves next month\n  notes:';
const files = { 'portal.yaml': insecure, 'silent.yaml': insecure.replace('  notes:', comment) };

const codesIn = (diagnostics: readonly { readonly code: string }[]) => diagnostics.map(({ code }) => code);

describe('warnings that a comment silences', () => {
  it.each(['validate', 'plan', 'apply --yes', 'drift'])('are not told by %s', async (command) => {
    const { run } = cli({ files });
    expect(codesIn((await run(`${command} --json`)).json.diagnostics)).toEqual(['MCP008', 'MCP009']);
    expect(codesIn((await run(`${command} --json -f silent.yaml`)).json.diagnostics)).toEqual([]);
  });

  it('are not counted', async () => {
    const { run } = cli({ files });
    expect((await run('validate')).stdout).toMatch(/, 2 warnings\.\n$/);
    expect(await run('validate -f silent.yaml')).toMatchObject({
      stdout: expect.stringMatching(/, 0 warnings\.\n$/),
      stderr: '',
    });
  });

  it('are not told beside errors either, which stay', async () => {
    const { run, write } = cli({ files });
    write('silent.yaml', files['silent.yaml'].replace('hostname:', 'hots: 1, hostname:').replace('MCP008,', 'MCP008, MCP102,'));
    const { code, stderr } = await run('validate -f silent.yaml');
    expect(code).toBe(64);
    expect(stderr).toContain('error MCP102');
    expect(stderr).not.toMatch(/MCP00|MCP091/);
  });

  it('may be about live state', async () => {
    const tool = { name: 'search', inputSchema: { type: 'object' } };
    const override = portal.replace('access:', 'tools: { serach: false }, access:');
    const { run, upstreams, send } = cli({
      files: { 'portal.yaml': override, 'silent.yaml': `# mcp-portal-ignore MCP019\n${override}` },
    });
    upstreams.set('https://notes.example.com/mcp', () => ({ is: 'ready', tools: [tool], prompts: [] }));
    await run('apply --yes');
    await send('POST', '~/access/ai-controls/mcp/servers/notes/sync');
    expect(codesIn((await run('plan --json')).json.diagnostics)).toEqual(['MCP019']);
    for (const command of ['plan', 'drift', 'apply --yes'])
      expect((await run(`${command} --json -f silent.yaml`)).json.diagnostics).toEqual([]);
    expect((await run('validate -f silent.yaml')).stderr).toBe('');
  });
});

it('a comment that silences nothing is a note', async () => {
  const { run } = cli({ files: { 'portal.yaml': portal.replace('  notes:', comment) } });
  const { code, stdout, stderr } = await run('validate');
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/, 0 warnings\.\n$/) });
  expect(stderr).toContain('portal.yaml:5:3: info MCP091: no MCP008 or MCP009 is reported here that could be silenced');
});
