import type { Client, Wanted } from './client.ts';
import { always, hints, signsInAt, withLogin } from './hints.ts';
import type { ClientName } from './names.ts';
import { headersIn } from './service-token.ts';

/** Stands for a token of the portal's managed OAuth, which whoever calls the API has to bring. */
const accessToken = '${MCP_PORTAL_ACCESS_TOKEN}';
const bringsToken = withLogin(
  `${accessToken} stands for an access token of the portal's managed OAuth. It lives 15 minutes unless access.oauth.grant.access_token_lifetime says otherwise: refresh it.`,
);

const noFile = 'it has no file on this machine';
const signInInstead =
  'let people sign in: leave --service-token out, and turn managed OAuth on (`access: { oauth: { enabled: true } }` of the portal)';
const claudeCallbacks = ['https://claude.ai/api/mcp/auth_callback', 'https://claude.com/api/mcp/auth_callback'];

const named = ({ name, url }: Wanted): string => `Name it ${name} and give the URL ${url} in full, with /mcp at its end.`;

/** Clients that run somewhere else: pages to click through, and bodies of API requests. */
export const hostedClients = {
  'claude-ai': {
    is: 'steps',
    title: 'claude.ai',
    summary: 'steps to add a custom connector, for Claude Desktop and mobile too',
    format: 'steps',
    steps: (wanted) => [
      'Open Customize > Connectors in claude.ai and choose "Add custom connector".',
      named(wanted),
      'Leave the OAuth client id and secret empty, and add the connector.',
      "Choose Connect and sign in on the portal's login page.",
      'In a conversation, turn the tools of the connector on.',
    ],
    noFile,
    noServiceToken: {
      reason: 'it sends only request headers from a list of its own, and the CF-Access headers are not known to be on it',
      instead: signInInstead,
    },
    hints: hints(
      signsInAt(...claudeCallbacks),
      always(
        'Claude connects from Anthropic\'s servers as Claude-User: AI Crawl Control and "Block AI bots" of the zone answer it with 403 after a sign-in that worked. Allow it there.',
      ),
      always('Where the sign-in goes round in circles, client-config claude-code or mcp-remote connects to the same portal.'),
    ),
  },
  chatgpt: {
    is: 'steps',
    title: 'ChatGPT',
    summary: 'steps to create an app in developer mode',
    format: 'steps',
    steps: (wanted) => [
      'Open Settings > Apps > Advanced in ChatGPT and turn "Developer mode" on.',
      'Choose "Create app".',
      named(wanted),
      'Choose OAuth as the authentication, and create the app.',
      "Sign in on the portal's login page.",
    ],
    noFile,
    noServiceToken: {
      reason: 'it sends no headers of your choice: it knows OAuth, or no authentication at all',
      instead: signInInstead,
    },
    hints: signsInAt('https://chatgpt.com/connector/oauth/*', 'https://chatgpt.com/connector_platform_oauth_redirect'),
  },
  playground: {
    is: 'steps',
    title: 'Cloudflare AI playground',
    summary: 'steps to connect in the browser',
    format: 'steps',
    steps: ({ url }) => [
      'Open https://playground.ai.cloudflare.com/ in a browser.',
      `Put ${url} into the box "MCP Servers" and connect.`,
      "Sign in on the portal's login page, in the window that opens; allow the pop-up.",
    ],
    noFile,
    noServiceToken: { reason: 'it takes a URL and a sign-in, no headers', instead: signInInstead },
    hints: signsInAt('https://playground.ai.cloudflare.com/*'),
  },
  'anthropic-api': {
    is: 'request',
    title: 'Anthropic Messages API',
    summary: "mcp_servers and tools of a request's body",
    format: 'json',
    body: ({ name, url }) => ({
      mcp_servers: [{ type: 'url', name, url, authorization_token: accessToken }],
      tools: [{ type: 'mcp_toolset', mcp_server_name: name }],
    }),
    noFile: 'it is a part of a request',
    noServiceToken: {
      reason: 'it sends no headers of your choice to an MCP server',
      instead:
        "send an access token of the portal's managed OAuth as authorization_token (leave --service-token out), or use client-config openai-responses or claude-code, which send the headers",
    },
    hints: hints(
      bringsToken,
      always(
        'The request needs the header `anthropic-beta: mcp-client-2025-11-20`, or mcp-client-2026-09-15; with the older mcp-client-2025-04-04 the body looks different.',
      ),
    ),
  },
  'openai-responses': {
    is: 'request',
    title: 'OpenAI Responses API',
    summary: "tools of a request's body",
    format: 'json',
    body: (wanted) => ({
      tools: [
        {
          type: 'mcp',
          server_label: wanted.name,
          server_url: wanted.url,
          ...(wanted.serviceToken ? headersIn(wanted) : { authorization: accessToken }),
          require_approval: 'always',
        },
      ],
    }),
    noFile: 'it is a part of a request',
    hints: hints(
      bringsToken,
      always('Your program puts the real values in before it sends the request: the API looks no variables up.'),
      always('require_approval and allowed_tools ({ "read_only": true }) say which tools run without being asked about.'),
    ),
  },
} as const satisfies Partial<Record<ClientName, Client>>;
