import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describe, expect, it, onTestFinished } from 'vitest';
import { root } from '../source-files.ts';

const program = join(root, 'bin/mcp-portal.js');

function folder(): string {
  const cwd = mkdtempSync(join(tmpdir(), 'mcp-portal-built-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  return cwd;
}

const env = { PATH: process.env['PATH'] ?? '' };
const wanted = {
  hostname: 'mcp.chitty.cc',
  servers: [{ id: 'notes', url: 'http://127.0.0.1:9/mcp' }],
  emails: ['a@example.com'],
  service_token: true,
};

describe.skipIf(!existsSync(join(root, 'dist/main.js')))('the built program', () => {
  it.each(['legacy', 'auto'] as const)(
    'serves the official client over standard streams, %s',
    { timeout: 60_000 },
    async (mode) => {
      const cwd = folder();
      const transport = new StdioClientTransport({
        command: process.execPath,
        args: [program, 'mcp', '--sandbox', '--auto-approve'],
        cwd,
        env,
        stderr: 'ignore',
      });
      const client = new Client({ name: 't', version: '1' }, { versionNegotiation: { mode } });
      await client.connect(transport);
      expect(client.getServerVersion()).toMatchObject({ name: 'mcp-portal' });
      const first = await client.callTool({ name: 'provision_mcp_portal', arguments: wanted });
      expect(first.structuredContent).toMatchObject({
        status: 'applied',
        portal_url: 'https://mcp.chitty.cc/mcp',
        credentials: 'file:.mcp-portal-secrets.jsonl',
      });
      const second = await client.callTool({ name: 'provision_mcp_portal', arguments: wanted });
      expect(second.structuredContent).toMatchObject({ status: 'unchanged' });
      await client.close();
    },
  );

  it('serves the client of the former SDK', { timeout: 60_000 }, async () => {
    const near = createRequire(
      createRequire(join(root, 'package.json')).resolve('@modelcontextprotocol/server-everything/package.json'),
    );
    const load = (part: string) =>
      import(/* @vite-ignore */ pathToFileURL(near.resolve(`@modelcontextprotocol/sdk/client/${part}.js`)).href);
    const [{ Client: Former }, { StdioClientTransport: FormerTransport }] = await Promise.all([load('index'), load('stdio')]);
    const client = new Former({ name: 'former', version: '1' }, { capabilities: {} });
    await client.connect(
      new FormerTransport({
        command: process.execPath,
        args: [program, 'mcp', '--sandbox', '--approve', 'plan-id'],
        cwd: folder(),
        env,
        stderr: 'ignore',
      }),
    );
    const planned = await client.callTool({
      name: 'mcpportal_put_policy',
      arguments: { key: 'p', entry: { decision: 'allow', include: [{ everyone: true }] } },
    });
    expect(planned.structuredContent.status).toBe('planned');
    const applied = await client.callTool({ name: 'mcpportal_apply', arguments: { plan_id: planned.structuredContent.plan_id } });
    expect(applied.structuredContent.status).toBe('applied');
    expect((await client.listTools()).tools.length).toBeGreaterThan(30);
    await client.close();
  });

  it(
    'writes only messages to standard output, outlives nonsense, and ends when its input closes',
    { timeout: 60_000 },
    async () => {
      const child = spawn(process.execPath, [program, 'mcp', '--sandbox', '--debug'], {
        cwd: folder(),
        env,
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      let out = '';
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
      const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
      const send = (message: unknown): void =>
        void child.stdin.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`);
      send({
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
      });
      send('{ this is no JSON');
      send('[]');
      send({ jsonrpc: '2.0', id: 'x', method: 'no/such' });
      send({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'no_such_tool', arguments: {} } });
      send({ jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name: 'mcpportal_status', arguments: {} } });
      await expect.poll(() => out, { timeout: 20_000 }).toContain('"id":3');
      child.stdin.end();
      expect(await ended).toBe(0);
      const messages = out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(new Set(messages.map(({ id }) => id))).toEqual(new Set([1, 2, 3, 'x']));
      expect(messages.find(({ id }) => id === 2)).toHaveProperty('error');
      expect(messages.find(({ id }) => id === 3).result.structuredContent.status).toBe('ok');
    },
  );
});
