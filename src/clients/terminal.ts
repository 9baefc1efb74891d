import type { Client } from './client.ts';
import {
  always,
  fillsEnv,
  hints,
  needsNode,
  readsEnvironment,
  replaceByHand,
  signsInAt,
  signsInLocally,
  withToken,
} from './hints.ts';
import type { ClientName } from './names.ts';
import { headersIn, throughMcpRemote, variableNames, variablesByHeader } from './service-token.ts';

const pasted = 'the text goes into whatever file its user gives it';

/** Clients that start in a terminal, and servers that people run. */
export const terminalClients = {
  'claude-code': {
    is: 'entry',
    title: 'Claude Code',
    summary: '~/.claude.json or .mcp.json',
    format: 'json',
    section: 'mcpServers',
    entry: (wanted) => ({ type: 'http', url: wanted.url, ...headersIn(wanted) }),
    file: {
      user: '{home}/.claude.json',
      moved: { variable: 'CLAUDE_CONFIG_DIR', file: '.claude.json' },
      project: '.mcp.json',
    },
    hints: hints(
      readsEnvironment,
      signsInLocally,
      always('`claude mcp list` tells whether it connects. Close Claude Code while its own file is written.'),
    ),
  },
  'gemini-cli': {
    is: 'entry',
    title: 'Gemini CLI',
    summary: '~/.gemini/settings.json or .gemini/settings.json',
    format: 'json',
    section: 'mcpServers',
    entry: (wanted) => ({ type: 'http', url: wanted.url, ...headersIn(wanted) }),
    file: { user: '{home}/.gemini/settings.json', project: '.gemini/settings.json' },
    hints: hints(
      readsEnvironment,
      signsInLocally,
      always(
        'In a folder that is not trusted, `gemini mcp list` shows the server as Disabled. Versions without "type" read "httpUrl" instead of "url".',
      ),
    ),
  },
  codex: {
    is: 'entry',
    title: 'Codex CLI',
    summary: '~/.codex/config.toml or .codex/config.toml',
    format: 'toml',
    section: 'mcp_servers',
    entry: (wanted) => ({ url: wanted.url, ...variablesByHeader(wanted) }),
    file: {
      user: '{home}/.codex/config.toml',
      moved: { variable: 'CODEX_HOME', file: 'config.toml' },
      project: '.codex/config.toml',
    },
    hints: hints(
      readsEnvironment,
      withToken('Codex silently ignores a key named `headers`: it is http_headers, or env_http_headers for names of variables.'),
      signsInLocally,
      ({ name, serviceToken }) => (serviceToken ? [] : [`Sign in with: codex mcp login ${name}`]),
      ({ name }) => [`Look at what Codex understood with: codex mcp get ${name} --json`],
    ),
  },
  goose: {
    is: 'entry',
    title: 'Goose',
    summary: '~/.config/goose/config.yaml',
    format: 'yaml',
    section: 'extensions',
    entry: (wanted) => ({
      name: wanted.name,
      type: 'streamable_http',
      uri: wanted.url,
      ...headersIn(wanted),
      ...(wanted.serviceToken ? { env_keys: variableNames } : {}),
      enabled: true,
      timeout: 300,
    }),
    file: { user: '{config}/goose/config.yaml', win32: '{apps}/Block/goose/config/config.yaml' },
    hints: hints(
      withToken(
        'Goose takes what env_keys names from its keyring or from the environment that it starts in; versions from before November 2025 send the placeholders as they are.',
      ),
      signsInLocally,
    ),
  },
  librechat: {
    is: 'entry',
    title: 'LibreChat',
    summary: 'librechat.yaml',
    format: 'yaml',
    section: 'mcpServers',
    entry: (wanted) => ({ type: 'streamable-http', url: wanted.url, ...headersIn(wanted) }),
    file: { project: 'librechat.yaml' },
    hints: hints(
      readsEnvironment,
      signsInAt('the callback address of your LibreChat'),
      always('LibreChat reads the file when it starts.'),
    ),
  },
  'copilot-cli': {
    is: 'entry',
    title: 'GitHub Copilot CLI',
    summary: '~/.copilot/mcp-config.json or .mcp.json',
    format: 'json',
    section: 'mcpServers',
    entry: (wanted) => ({ type: 'http', url: wanted.url, ...headersIn(wanted), tools: ['*'] }),
    file: {
      user: '{home}/.copilot/mcp-config.json',
      moved: { variable: 'COPILOT_HOME', file: 'mcp-config.json' },
      project: '.mcp.json',
    },
    hints: hints(readsEnvironment, signsInLocally),
  },
  'mcp-remote': {
    is: 'entry',
    title: 'mcp-remote',
    summary: 'for every client that can start a local program',
    format: 'json',
    section: 'mcpServers',
    entry: (wanted) => throughMcpRemote(wanted),
    noFile: `mcp-remote has no file of servers: ${pasted}`,
    hints: hints(
      needsNode,
      fillsEnv,
      signsInLocally,
      always(
        'It ends an event stream that is silent for 300 seconds; `--body-timeout 0` turns that off. Tokens lie in ~/.mcp-auth.',
      ),
    ),
  },
  inspector: {
    is: 'entry',
    title: 'MCP Inspector',
    summary: 'a file for --config',
    format: 'json',
    section: 'mcpServers',
    entry: (wanted) => ({ type: 'streamable-http', url: wanted.url, ...headersIn(wanted), protocolEra: 'auto' }),
    noFile: `the Inspector has no file of its own: ${pasted}`,
    hints: hints(
      ({ name }) => [`Save the text as FILE and start: npx @modelcontextprotocol/inspector --config FILE --server ${name}`],
      replaceByHand,
      signsInLocally,
    ),
  },
} as const satisfies Partial<Record<ClientName, Client>>;
