import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { upsertServer } from 'add-mcp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseDocument } from 'yaml';
import { clients } from '../../src/clients/clients.ts';
import { configPath } from '../../src/clients/config-path.ts';
import { fragmentOf } from '../../src/clients/fragment.ts';
import type { ClientName } from '../../src/clients/names.ts';

/*
 * Another program that writes clients' files says where they are and how they look. It differs on purpose for
 * claude-desktop and windsurf (ours go through mcp-remote), for VS Code with a service token (ours asks for the
 * secrets), and for Codex (ours names variables).
 */
const url = 'https://tools.example.com/mcp';
const headers = { 'CF-Access-Client-Id': '${CF_ACCESS_CLIENT_ID}', 'CF-Access-Client-Secret': '${CF_ACCESS_CLIENT_SECRET}' };

let [home, cwd] = ['', ''];
let upsert: typeof upsertServer;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'mcp-portal-clients-'));
  cwd = join(home, 'project');
  mkdirSync(cwd);
  // It works out its paths when it is loaded.
  vi.stubEnv('HOME', home);
  vi.stubEnv('XDG_CONFIG_HOME', undefined);
  vi.stubEnv('CODEX_HOME', undefined);
  ({ upsertServer: upsert } = await import('add-mcp'));
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

type Agent = Parameters<typeof upsertServer>[0];
type Written = { readonly path: string; readonly value: unknown };

function written(agent: Agent, { local, bot }: { readonly local: boolean; readonly bot: boolean }): Written {
  const server = { type: 'http' as const, url, ...(bot ? { headers } : {}) };
  const { path, error } = upsert(agent, 'tools', server, { local, cwd });
  if (error !== undefined) throw new Error(error);
  const text = readFileSync(path, 'utf8');
  rmSync(path);
  if (path.endsWith('.toml')) return { path, value: text };
  return { path, value: path.endsWith('.yaml') ? parseDocument(text).toJS() : JSON.parse(text) };
}

const pathOf = (name: ClientName, scope: 'user' | 'project'): string | undefined => {
  const client = clients[name];
  const file = client.is === 'entry' ? client.file : undefined;
  return file === undefined ? undefined : configPath(file, scope, { platform: process.platform, env: { HOME: home }, cwd });
};

const ours = (name: ClientName, serviceToken: boolean): unknown =>
  fragmentOf(clients[name], { name: 'tools', url, serviceToken });

describe('add-mcp', () => {
  it.each([
    ['claude-code', 'claude-code'],
    ['cursor', 'cursor'],
    ['gemini-cli', 'gemini-cli'],
    ['cline', 'cline'],
    ['copilot-cli', 'github-copilot-cli'],
  ] as const)('writes what we print for %s, into the same file', (name, agent) => {
    for (const bot of [false, true]) {
      expect(written(agent, { local: false, bot })).toEqual({ path: pathOf(name, 'user'), value: ours(name, bot) });
    }
  });

  it('writes what we print for Zed', () => {
    const { path, value } = written('zed', { local: false, bot: true });
    expect(value).toEqual(ours('zed', true));
    // On macOS it takes another folder than the one that Zed documents.
    expect([pathOf('zed', 'user'), join(home, 'Library/Application Support/Zed/settings.json')]).toContain(path);
  });

  it('writes what we print for VS Code, where no secret is in it', () => {
    expect(written('vscode', { local: false, bot: false })).toEqual({
      path: pathOf('vscode', 'user'),
      value: ours('vscode', false),
    });
  });

  it('writes what we print for Goose, save what only describes it', () => {
    const { path, value } = written('goose', { local: false, bot: true });
    expect(path).toBe(pathOf('goose', 'user'));
    expect(value).toEqual({ extensions: { tools: { ...extension(), description: '' } } });
  });

  it('puts the tables of Codex where we put them', () => {
    const { path, value } = written('codex', { local: false, bot: false });
    expect(path).toBe(pathOf('codex', 'user'));
    expect(value).toContain(`[mcp_servers.tools]`);
    expect(value).toContain(`url = "${url}"`);
  });

  it.each([
    ['claude-desktop', 'claude-desktop'],
    ['windsurf', 'windsurf'],
  ] as const)('has the same file for %s', (name, agent) => {
    expect(written(agent, { local: false, bot: false }).path).toBe(pathOf(name, 'user'));
  });

  it.each([
    ['claude-code', 'claude-code'],
    ['cursor', 'cursor'],
    ['vscode', 'vscode'],
    ['zed', 'zed'],
    ['gemini-cli', 'gemini-cli'],
    ['codex', 'codex'],
    ['copilot-cli', 'github-copilot-cli'],
  ] as const)('has the same file for a project of %s', (name, agent) => {
    expect(written(agent, { local: true, bot: false }).path).toBe(pathOf(name, 'project'));
  });
});

/** Ours names the variables that Goose looks up, too. */
function extension(): object {
  const client = clients.goose;
  if (client.is !== 'entry') throw new Error('goose has entries');
  const { env_keys: _, ...entry } = client.entry({ name: 'tools', url, serviceToken: true });
  return entry;
}
