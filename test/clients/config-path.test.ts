import { describe, expect, it } from 'vitest';
import { clients } from '../../src/clients/clients.ts';
import { configPath, shownPath, type Machine, type Scope } from '../../src/clients/config-path.ts';
import type { ClientName } from '../../src/clients/names.ts';

const linux: Machine = { platform: 'linux', env: { HOME: '/home/me' }, cwd: '/work' };
const mac: Machine = { platform: 'darwin', env: { HOME: '/Users/me' }, cwd: '/work' };
const windows: Machine = {
  platform: 'win32',
  env: { USERPROFILE: 'C:\\Users\\me', APPDATA: 'C:\\Users\\me\\AppData\\Roaming' },
  cwd: 'C:\\work',
};

function pathOf(name: ClientName, machine: Machine, scope: Scope = 'user'): string | undefined {
  const client = clients[name];
  if (client.is !== 'entry' || client.file === undefined) throw new Error(`${name} has no file`);
  return configPath(client.file, scope, machine);
}

describe('the path of a client', () => {
  it.each([
    ['claude-desktop', '/home/me/.config/Claude/claude_desktop_config.json'],
    ['claude-code', '/home/me/.claude.json'],
    ['cursor', '/home/me/.cursor/mcp.json'],
    ['vscode', '/home/me/.config/Code/User/mcp.json'],
    ['windsurf', '/home/me/.codeium/windsurf/mcp_config.json'],
    ['zed', '/home/me/.config/zed/settings.json'],
    ['gemini-cli', '/home/me/.gemini/settings.json'],
    ['codex', '/home/me/.codex/config.toml'],
    ['cline', '/home/me/.config/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json'],
    ['goose', '/home/me/.config/goose/config.yaml'],
    ['copilot-cli', '/home/me/.copilot/mcp-config.json'],
    ['librechat', '/work/librechat.yaml'],
  ] as const)('%s is %s on Linux', (name, path) => expect(pathOf(name, linux)).toBe(path));

  it.each([
    ['claude-desktop', '/Users/me/Library/Application Support/Claude/claude_desktop_config.json'],
    ['vscode', '/Users/me/Library/Application Support/Code/User/mcp.json'],
    ['zed', '/Users/me/.config/zed/settings.json'],
    ['goose', '/Users/me/.config/goose/config.yaml'],
  ] as const)('%s is %s on macOS', (name, path) => expect(pathOf(name, mac)).toBe(path));

  it.each([
    ['claude-desktop', 'C:\\Users\\me\\AppData\\Roaming\\Claude\\claude_desktop_config.json'],
    ['vscode', 'C:\\Users\\me\\AppData\\Roaming\\Code\\User\\mcp.json'],
    ['zed', 'C:\\Users\\me\\AppData\\Roaming\\Zed\\settings.json'],
    ['goose', 'C:\\Users\\me\\AppData\\Roaming\\Block\\goose\\config\\config.yaml'],
    ['cursor', 'C:\\Users\\me\\.cursor\\mcp.json'],
  ] as const)('%s is %s on Windows', (name, path) => expect(pathOf(name, windows)).toBe(path));

  it.each([
    ['claude-code', '/work/.mcp.json'],
    ['cursor', '/work/.cursor/mcp.json'],
    ['vscode', '/work/.vscode/mcp.json'],
    ['zed', '/work/.zed/settings.json'],
    ['gemini-cli', '/work/.gemini/settings.json'],
    ['codex', '/work/.codex/config.toml'],
    ['copilot-cli', '/work/.mcp.json'],
  ] as const)('%s is %s in a project', (name, path) => expect(pathOf(name, linux, 'project')).toBe(path));

  it("follows the variables that move a client's folder, where they are absolute", () => {
    const moved = {
      ...linux,
      env: { ...linux.env, CODEX_HOME: '/srv/codex/', XDG_CONFIG_HOME: '/cfg', CLAUDE_CONFIG_DIR: 'here' },
    };
    expect(pathOf('codex', moved)).toBe('/srv/codex/config.toml');
    expect(pathOf('goose', moved)).toBe('/cfg/goose/config.yaml');
    expect(pathOf('claude-code', moved)).toBe('/home/me/.claude.json');
    expect(pathOf('codex', moved, 'project')).toBe('/work/.codex/config.toml');
  });

  it('is unknown without a home folder, save in a project', () => {
    const nowhere = { ...linux, env: {} };
    expect(pathOf('cursor', nowhere)).toBeUndefined();
    expect(pathOf('claude-desktop', nowhere)).toBeUndefined();
    expect(pathOf('cursor', nowhere, 'project')).toBe('/work/.cursor/mcp.json');
  });

  it('is shown with ~ for the home folder', () => {
    expect(shownPath('/home/me/.cursor/mcp.json', linux)).toBe('~/.cursor/mcp.json');
    expect(shownPath('/home/meadow/x', linux)).toBe('/home/meadow/x');
  });
});
