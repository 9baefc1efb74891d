import type { Client } from './client.ts';
import { always, fillsEnv, hints, needsNode, replaceByHand, signsInAt, signsInLocally, withLogin, withToken } from './hints.ts';
import type { ClientName } from './names.ts';
import { accessHeaders, headersIn, throughMcpRemote } from './service-token.ts';

/** Clients with windows: chat programs and editors. */
export const desktopClients = {
  'claude-desktop': {
    is: 'entry',
    title: 'Claude Desktop',
    summary: 'claude_desktop_config.json, through mcp-remote',
    format: 'json',
    section: 'mcpServers',
    entry: (wanted) => throughMcpRemote(wanted),
    file: { user: '{apps}/Claude/claude_desktop_config.json' },
    hints: hints(
      always(
        'The file takes only local programs, and an entry with a url is skipped. For a connector without mcp-remote: client-config claude-ai.',
      ),
      needsNode,
      fillsEnv,
      signsInLocally,
      always(
        'Quit Claude Desktop and start it again afterwards. On Windows, where npx is not found: "command": "cmd" with "/c", "npx" before the other args.',
      ),
    ),
  },
  cursor: {
    is: 'entry',
    title: 'Cursor',
    summary: '~/.cursor/mcp.json or .cursor/mcp.json',
    format: 'json',
    section: 'mcpServers',
    entry: (wanted) => ({ url: wanted.url, ...headersIn(wanted) }),
    file: { user: '{home}/.cursor/mcp.json', project: '.cursor/mcp.json' },
    hints: hints(
      withToken(
        'Cursor looks variables up only as ${env:NAME}: write ${env:CF_ACCESS_CLIENT_ID} and ${env:CF_ACCESS_CLIENT_SECRET}, or the real values.',
      ),
      withToken(
        'Cursor ignores configured headers where the server offers OAuth, as a portal with managed OAuth does: client-config mcp-remote --service-token prints the form that works there.',
      ),
      signsInAt('cursor://anysphere.cursor-mcp/oauth/callback'),
    ),
  },
  vscode: {
    is: 'entry',
    title: 'VS Code',
    summary: 'mcp.json of the user or .vscode/mcp.json',
    format: 'json',
    section: 'servers',
    entry: (wanted) => ({ type: 'http', url: wanted.url, ...headersIn(wanted, (variable) => `\${input:${variable}}`) }),
    inputs: ({ serviceToken }) =>
      serviceToken
        ? accessHeaders.map(({ variable, title }) => ({
            type: 'promptString',
            id: variable,
            description: `Cloudflare Access service token: ${title}`,
            password: true,
          }))
        : [],
    file: { user: '{apps}/Code/User/mcp.json', project: '.vscode/mcp.json' },
    hints: hints(
      withToken('VS Code asks for both values once and keeps them out of the file.'),
      withLogin('The key is "servers", not "mcpServers".'),
      signsInAt('https://vscode.dev/redirect'),
    ),
  },
  windsurf: {
    is: 'entry',
    title: 'Windsurf',
    summary: '~/.codeium/windsurf/mcp_config.json, through mcp-remote',
    format: 'json',
    section: 'mcpServers',
    entry: (wanted) => throughMcpRemote(wanted, (variable) => `\${env:${variable}}`),
    file: { user: '{home}/.codeium/windsurf/mcp_config.json' },
    hints: hints(
      always("Cloudflare advises against Windsurf's own serverUrl with portals."),
      needsNode,
      withToken('Windsurf takes ${env:NAME} from the environment that it starts in.'),
      signsInLocally,
    ),
  },
  zed: {
    is: 'entry',
    title: 'Zed',
    summary: 'context_servers in settings.json',
    format: 'json',
    section: 'context_servers',
    entry: (wanted) => ({ source: 'custom', type: 'http', url: wanted.url, ...headersIn(wanted) }),
    file: {
      user: '{config}/zed/settings.json',
      darwin: '{home}/.config/zed/settings.json',
      win32: '{apps}/Zed/settings.json',
      project: '.zed/settings.json',
    },
    hints: hints(always('The command "zed: open settings" shows the file that Zed reads.'), replaceByHand, signsInLocally),
  },
  cline: {
    is: 'entry',
    title: 'Cline',
    summary: "cline_mcp_settings.json of Cline's VS Code extension",
    format: 'json',
    section: 'mcpServers',
    entry: (wanted) => ({ type: 'streamableHttp', url: wanted.url, disabled: false, ...headersIn(wanted) }),
    file: { user: '{apps}/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json' },
    hints: hints(
      always(
        "Cline's command line reads ~/.cline/data/settings/cline_mcp_settings.json instead. Without the type, old versions speak SSE.",
      ),
      replaceByHand,
      signsInLocally,
    ),
  },
} as const satisfies Partial<Record<ClientName, Client>>;
