import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describe, expect, it, onTestFinished } from 'vitest';
import { root } from './source-files.ts';

const wanted = {
  team: 'ledger',
  hostname: 'mcp.example.com',
  emails: ['a@example.com'],
  servers: [{ id: 'notes', url: 'http://127.0.0.1:9/mcp' }],
};

async function orchestrator(mode: 'legacy' | 'auto', action: 'accept' | 'decline') {
  const cwd = mkdtempSync(join(tmpdir(), 'mcp-portal-orchestrator-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const program = [process.execPath, join(root, 'bin/mcp-portal.js'), '--sandbox=state.json'];
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [join(root, 'examples/orchestrator/server.mjs'), ...program],
    cwd,
    env: { PATH: process.env['PATH'] ?? '' },
    stderr: 'ignore',
  });
  const client = new Client(
    { name: 't', version: '1' },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode } },
  );
  const messages: string[] = [];
  client.setRequestHandler('elicitation/create', ({ params }) => {
    messages.push(params.message);
    return { action, ...(action === 'accept' ? { content: {} } : {}) };
  });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return { cwd, messages, call: () => client.callTool({ name: 'provision_team_portal', arguments: wanted }) };
}

describe.skipIf(!existsSync(join(root, 'dist/main.js')))('the orchestrator', () => {
  it.each(['legacy', 'auto'] as const)(
    'provisions through mcp-portal when the person accepts, and once, %s',
    { timeout: 60_000 },
    async (mode) => {
      const { call, messages, cwd } = await orchestrator(mode, 'accept');
      const first = await call();
      expect(first.structuredContent).toEqual({
        status: 'applied',
        portal_url: 'https://mcp.example.com/mcp',
        credentials: 'file:.mcp-portal-secrets.jsonl',
      });
      expect(messages).toHaveLength(1);
      expect(messages[0]).toContain('portal:ledger-tools');
      expect((await call()).structuredContent).toMatchObject({ status: 'unchanged' });
      expect(messages).toHaveLength(1);
      const secret = JSON.parse(readFileSync(join(cwd, '.mcp-portal-secrets.jsonl'), 'utf8')).client_secret;
      expect(JSON.stringify(first)).not.toContain(secret);
    },
  );

  it('changes nothing when the person declines', { timeout: 60_000 }, async () => {
    const { call, cwd } = await orchestrator('auto', 'decline');
    expect(await call()).toMatchObject({ isError: true });
    expect(existsSync(join(cwd, '.mcp-portal-secrets.jsonl'))).toBe(false);
  });
});
