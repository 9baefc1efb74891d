import { describe, expect, it } from 'vitest';
import { clientNamed, clients } from '../../src/clients/clients.ts';
import type { Wanted } from '../../src/clients/client.ts';
import { fragmentText } from '../../src/clients/fragment.ts';
import { clientNames, type ClientName } from '../../src/clients/names.ts';

const url = 'https://tools.example.com/mcp';
const login: Wanted = { name: 'tools', url, serviceToken: false };
const bot: Wanted = { ...login, serviceToken: true };
const text = (name: ClientName, wanted: Wanted) => fragmentText(clients[name], wanted);
const json = async (name: ClientName, wanted: Wanted): Promise<unknown> => JSON.parse(await text(name, wanted));

const headers = { 'CF-Access-Client-Id': '${CF_ACCESS_CLIENT_ID}', 'CF-Access-Client-Secret': '${CF_ACCESS_CLIENT_SECRET}' };
const env = { CF_ACCESS_CLIENT_ID: '${CF_ACCESS_CLIENT_ID}', CF_ACCESS_CLIENT_SECRET: '${CF_ACCESS_CLIENT_SECRET}' };
const remote = { command: 'npx', args: ['-y', 'mcp-remote@latest', url] };
const remoteArgs = [
  ...remote.args,
  '--header',
  'CF-Access-Client-Id:${CF_ACCESS_CLIENT_ID}',
  '--header',
  'CF-Access-Client-Secret:${CF_ACCESS_CLIENT_SECRET}',
];
const remoteBot = { command: 'npx', args: remoteArgs, env };

/** What each client with JSON servers gets, for people and for a bot. */
const entries: readonly (readonly [name: ClientName, section: string, login: object, bot: object])[] = [
  ['claude-desktop', 'mcpServers', remote, remoteBot],
  ['mcp-remote', 'mcpServers', remote, remoteBot],
  ['claude-code', 'mcpServers', { type: 'http', url }, { type: 'http', url, headers }],
  ['cursor', 'mcpServers', { url }, { url, headers }],
  ['zed', 'context_servers', { source: 'custom', type: 'http', url }, { source: 'custom', type: 'http', url, headers }],
  ['gemini-cli', 'mcpServers', { type: 'http', url }, { type: 'http', url, headers }],
  [
    'cline',
    'mcpServers',
    { type: 'streamableHttp', url, disabled: false },
    { type: 'streamableHttp', url, disabled: false, headers },
  ],
  ['copilot-cli', 'mcpServers', { type: 'http', url, tools: ['*'] }, { type: 'http', url, tools: ['*'], headers }],
  [
    'inspector',
    'mcpServers',
    { type: 'streamable-http', url, protocolEra: 'auto' },
    { type: 'streamable-http', url, protocolEra: 'auto', headers },
  ],
  [
    'windsurf',
    'mcpServers',
    remote,
    {
      command: 'npx',
      args: remoteArgs,
      env: { CF_ACCESS_CLIENT_ID: '${env:CF_ACCESS_CLIENT_ID}', CF_ACCESS_CLIENT_SECRET: '${env:CF_ACCESS_CLIENT_SECRET}' },
    },
  ],
];

describe('the text of', () => {
  it.each(entries)('%s is one entry of %s', async (name, section, forPeople, forBot) => {
    expect(await json(name, login)).toEqual({ [section]: { tools: forPeople } });
    expect(await json(name, bot)).toEqual({ [section]: { tools: forBot } });
  });

  it('vscode asks for the secrets instead of holding them', async () => {
    expect(await json('vscode', login)).toEqual({ servers: { tools: { type: 'http', url } } });
    expect(await json('vscode', bot)).toEqual({
      inputs: [
        expect.objectContaining({ type: 'promptString', id: 'CF_ACCESS_CLIENT_ID', password: true }),
        expect.objectContaining({ type: 'promptString', id: 'CF_ACCESS_CLIENT_SECRET', password: true }),
      ],
      servers: {
        tools: {
          type: 'http',
          url,
          headers: {
            'CF-Access-Client-Id': '${input:CF_ACCESS_CLIENT_ID}',
            'CF-Access-Client-Secret': '${input:CF_ACCESS_CLIENT_SECRET}',
          },
        },
      },
    });
  });

  it('codex is TOML and names variables', async () => {
    expect(await text('codex', login)).toBe(`[mcp_servers.tools]\nurl = "${url}"\n`);
    expect(await text('codex', bot)).toBe(
      `[mcp_servers.tools]\nurl = "${url}"\nenv_http_headers = { "CF-Access-Client-Id" = "CF_ACCESS_CLIENT_ID", "CF-Access-Client-Secret" = "CF_ACCESS_CLIENT_SECRET" }\n`,
    );
  });

  it('goose and librechat is YAML', async () => {
    expect(await text('goose', login)).toBe(
      `extensions:\n  tools:\n    name: tools\n    type: streamable_http\n    uri: ${url}\n    enabled: true\n    timeout: 300\n`,
    );
    expect(await text('goose', bot)).toContain(
      '    headers:\n      CF-Access-Client-Id: ${CF_ACCESS_CLIENT_ID}\n      CF-Access-Client-Secret: ${CF_ACCESS_CLIENT_SECRET}\n    env_keys:\n      - CF_ACCESS_CLIENT_ID\n      - CF_ACCESS_CLIENT_SECRET\n',
    );
    expect(await text('librechat', bot)).toBe(
      `mcpServers:\n  tools:\n    type: streamable-http\n    url: ${url}\n    headers:\n      CF-Access-Client-Id: \${CF_ACCESS_CLIENT_ID}\n      CF-Access-Client-Secret: \${CF_ACCESS_CLIENT_SECRET}\n`,
    );
  });

  it('anthropic-api has a token and never headers', async () => {
    expect(await json('anthropic-api', login)).toEqual({
      mcp_servers: [{ type: 'url', name: 'tools', url, authorization_token: '${MCP_PORTAL_ACCESS_TOKEN}' }],
      tools: [{ type: 'mcp_toolset', mcp_server_name: 'tools' }],
    });
  });

  it('openai-responses has a token for people and headers for a bot', async () => {
    const tool = { type: 'mcp', server_label: 'tools', server_url: url, require_approval: 'always' };
    expect(await json('openai-responses', login)).toEqual({ tools: [{ ...tool, authorization: '${MCP_PORTAL_ACCESS_TOKEN}' }] });
    expect(await json('openai-responses', bot)).toEqual({ tools: [{ ...tool, headers }] });
  });

  it.each(['claude-ai', 'chatgpt', 'playground'] as const)('%s is numbered steps with the whole URL', async (name) => {
    const lines = (await text(name, login)).trimEnd().split('\n');
    expect(lines.map((line) => /^(\d+)\. [A-Z].+\.$/.exec(line)?.[1])).toEqual(lines.map((_, index) => String(index + 1)));
    expect(lines.join('\n')).toContain(url);
  });
});

describe('every client', () => {
  it.each(clientNames)('%s has hints, and says what else works where a service token does not', (name) => {
    const client = clients[name];
    expect(client.hints(login).length).toBeGreaterThan(0);
    const refused = ['claude-ai', 'chatgpt', 'anthropic-api', 'playground'].includes(name);
    expect(client.noServiceToken !== undefined).toBe(refused);
  });

  it('is found by its name in any spelling, and a mistyped one gets the nearest', () => {
    expect(clientNamed('Claude_Code')).toBe(clients['claude-code']);
    expect(() => clientNamed('claude-dekstop')).toThrow('unknown client "claude-dekstop"');
    expect(() => clientNamed('constructor')).toThrow('unknown client');
  });
});
