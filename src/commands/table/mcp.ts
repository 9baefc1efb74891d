import { defineCommand } from '../../cli/command.ts';
import type { OptionSpecs } from '../../cli/options.ts';

export const mcpOptions = {
  approve: {
    type: 'choice',
    value: 'HOW',
    choices: ['ask', 'plan-id'],
    default: 'ask',
    summary: 'ask: through the client, which shows the plan; plan-id: a plan_id counts as consent, for clients that cannot ask',
  },
  'auto-approve': { type: 'flag', summary: 'apply every plan at once, without asking anybody' },
  'allow-destroy': { type: 'flag', summary: 'let plans delete and replace' },
  'read-only': { type: 'flag', summary: 'only tools that change nothing; beats everything else' },
  portal: { type: 'text', value: 'ID', names: 'portal', summary: 'change only this portal and what it reaches' },
  toolsets: { type: 'text', value: 'NAMES', summary: 'some of core,kinds,cloudflare (default: all)' },
  root: {
    type: 'text',
    value: 'FOLDER',
    summary: 'the folder that calls may read and write in (default: the working directory)',
  },
  'secrets-out': {
    type: 'list',
    value: 'SINK',
    summary: 'where new secrets go (default: file:.mcp-portal-secrets.jsonl below the root, mode 0600); repeatable',
  },
  'allow-env': { type: 'list', value: 'NAME', summary: 'a variable that documents in calls may read as ${NAME}; repeatable' },
  journal: { type: 'text', value: 'FILE|stderr|none', default: 'stderr', summary: 'where each call leaves one line of JSON' },
  http: {
    type: 'flag',
    summary: 'serve HTTP in place of standard input and output; the key is MCP_PORTAL_MCP_KEY, or a new one',
  },
  listen: {
    type: 'text',
    value: 'HOST:PORT',
    default: '127.0.0.1:8788',
    summary: 'with --http: an address of this machine; port 0 takes a free one',
  },
} as const satisfies OptionSpecs;

export const mcpCommand = defineCommand({
  name: 'mcp',
  summary: 'an MCP server for assistants: plans, and applies what a person agreed to',
  description: [
    'Speaks MCP on standard input and output, and ends when its input closes. Every change is planned, shown, and applied only',
    'with consent: an answer of the person that the client asks, a plan_id with --approve plan-id, or --auto-approve.',
    'Nothing in a call counts as consent. Secrets go to --secrets-out and never into results.',
  ].join(' '),
  options: mcpOptions,
  formats: ['text'],
  examples: [
    'mcp-portal mcp --read-only',
    'mcp-portal mcp --approve plan-id --journal audit.jsonl',
    'mcp-portal mcp --http --listen 127.0.0.1:8788 --portal tools',
    'mcp-portal mcp --sandbox --auto-approve',
  ],
  load: () => import('../mcp.ts'),
});
