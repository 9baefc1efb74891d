import { defineCommand } from '../../cli/command.ts';
import type { CommandGroup } from '../../cli/command.ts';
import type { OptionSpecs } from '../../cli/options.ts';

export const guardOptions = {
  upstream: { type: 'text', value: 'URL', summary: 'the MCP server; paths pass through unchanged' },
  listen: { type: 'text', value: 'HOST:PORT', default: '127.0.0.1:8787', summary: 'where to listen; port 0 takes a free one' },
  'env-prefix': {
    type: 'text',
    value: 'PREFIX',
    default: 'MCP_PORTAL',
    summary: 'reads PREFIX_API_KEYS, PREFIX_RATE_LIMIT_RPS (2) and PREFIX_RATE_LIMIT_BURST (5)',
  },
  'keys-file': { type: 'text', value: 'PATH', summary: 'more keys, or their digests (sha256:…), one to a line' },
  audit: { type: 'text', value: 'FILE|stderr|none', default: 'stderr', summary: 'where each request leaves one line of JSON' },
  'audit-arguments': { type: 'flag', summary: 'with what tools are called with, secrets blotted out' },
  'access-team': {
    type: 'text',
    value: 'TEAM',
    summary: 'also let through only what Access of this team did; needs --access-aud',
  },
  'access-aud': { type: 'text', value: 'AUD', summary: "the Access application's audience tag" },
  'allow-remote': { type: 'flag', summary: 'listen on an address that other machines can reach' },
  grace: { type: 'seconds', value: 'SECONDS', summary: 'how long open streams may go on after SIGTERM (8)' },
} as const satisfies OptionSpecs;

export const guardKeysOptions = {} as const satisfies OptionSpecs;

export const guardCommands: CommandGroup = {
  title: 'In front of a local MCP server',
  commands: [
    defineCommand({
      name: 'guard',
      summary: 'a proxy with API keys, a rate limit and an audit log in front of a local MCP server',
      description: [
        'Lets requests to the upstream through that carry a key, in X-API-Key, Authorization: Bearer or X-Auth-Token,',
        'and streams their answers. --timeout limits how long an answer may take to begin (120 seconds).',
      ].join(' '),
      options: guardOptions,
      formats: ['text'],
      examples: [
        'MCP_PORTAL_API_KEYS="$(mcp-portal guard keys new)" mcp-portal guard --upstream http://127.0.0.1:3001',
        'mcp-portal guard --upstream http://server:8000 --env-prefix CFPB_MCP --audit audit.jsonl',
      ],
      load: () => import('../guard.ts'),
    }),
    defineCommand({
      name: 'guard keys',
      summary: 'make a key, or the digest of one',
      description: [
        'new prints a new key, and its digest on standard error. hash reads keys from standard input, one to a line,',
        'and prints their digests, which stand for them in a keys file.',
      ].join(' '),
      args: [{ name: 'ACTION', summary: 'new or hash', required: true, choices: ['new', 'hash'] }],
      options: guardKeysOptions,
      examples: ['mcp-portal guard keys new', 'mcp-portal guard keys hash < key.txt >> keys.txt'],
      load: () => import('../guard-keys.ts'),
    }),
  ],
};
