import { defineCommand } from '../../cli/command.ts';
import type { CommandGroup } from '../../cli/command.ts';
import type { OptionSpecs } from '../../cli/options.ts';
import { save } from './servers.ts';

const out = {
  type: 'list',
  value: 'SINK',
  summary: 'where the secret goes: stdout, file:PATH, dotenv:PATH, github:OWNER/REPO, cmd:COMMAND; repeatable',
} as const;

export const tokenCreateOptions = {
  duration: { type: 'text', value: 'DURATION', summary: 'how long it lives: 8760h (the default), or forever' },
  out,
  save,
} as const satisfies OptionSpecs;
export const tokenListOptions = {
  expiring: {
    type: 'text',
    value: 'SPAN',
    summary: 'only those that expire within 30d, 2w or 12h, or have; exit 2 when there are any',
  },
} as const satisfies OptionSpecs;
export const tokenRotateOptions = {
  overlap: {
    type: 'text',
    value: 'SPAN',
    default: '24h',
    summary: 'how long the old secret works on (24h, 7d); 0 ends it at once',
  },
  out: { ...out, summary: `${out.summary} (default: out: of the document)` },
} as const satisfies OptionSpecs;
export const tokenRefreshOptions = {} as const satisfies OptionSpecs;
export const tokenRevokeOptions = {
  detach: { type: 'flag', summary: 'first take it out of the policies and groups that use it' },
} as const satisfies OptionSpecs;

const name = {
  name: 'NAME',
  summary: 'the token: its key in the document, its name or its id',
  required: true,
  names: 'service_token',
} as const;

export const serviceTokenCommands: CommandGroup = {
  title: 'Service tokens',
  commands: [
    defineCommand({
      name: 'service-token create',
      summary: 'make a service token; its secret is shown once, to --out',
      description:
        'Makes the token, or applies its entry of the document alone. One that is there already stays as it is: service-token rotate gives it a new secret.',
      args: [{ name: 'NAME', summary: 'its name, or its key in the document', required: true }],
      options: tokenCreateOptions,
      examples: [
        'mcp-portal service-token create ci --out dotenv:.env',
        'mcp-portal service-token create ci --duration 720h --out github:octo-org/octo-repo',
      ],
      load: async () => (await import('../chunks/verbs.ts')).serviceTokenCreate,
    }),
    defineCommand({
      name: 'service-token list',
      summary: 'list service tokens, the next to expire first',
      options: tokenListOptions,
      examples: ['mcp-portal service-token list', 'mcp-portal service-token list --expiring 30d'],
      load: async () => (await import('../chunks/verbs.ts')).serviceTokenList,
    }),
    defineCommand({
      name: 'service-token rotate',
      summary: 'give a service token a new secret; the old one lives on for --overlap',
      args: [name],
      options: tokenRotateOptions,
      examples: ['mcp-portal service-token rotate ci --out dotenv:.env', 'mcp-portal service-token rotate ci --overlap 7d --yes'],
      load: async () => (await import('../chunks/verbs.ts')).serviceTokenRotate,
    }),
    defineCommand({
      name: 'service-token refresh',
      summary: 'extend the life of a service token by its duration; the secret stays',
      args: [name],
      options: tokenRefreshOptions,
      examples: ['mcp-portal service-token refresh ci'],
      load: async () => (await import('../chunks/verbs.ts')).serviceTokenRefresh,
    }),
    defineCommand({
      name: 'service-token revoke',
      summary: 'end a service token at once',
      description: 'Refused while a policy or group uses the token, unless --detach takes it out of them.',
      args: [name],
      options: tokenRevokeOptions,
      examples: ['mcp-portal service-token revoke ci', 'mcp-portal service-token revoke ci --detach'],
      load: async () => (await import('../chunks/verbs.ts')).serviceTokenRevoke,
    }),
  ],
};
