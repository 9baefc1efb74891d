import { defineCommand, type CommandGroup } from '../../cli/command.ts';
import type { OptionSpecs } from '../../cli/options.ts';

export const statusOptions = {} as const satisfies OptionSpecs;
export const previewOptions = {
  diff: { type: 'flag', summary: 'also say what appears, disappears and is renamed for clients of the live portal' },
  offline: { type: 'flag', summary: 'from the document and its lock file alone, without credentials' },
} as const satisfies OptionSpecs;
export const lockOptions = {
  check: { type: 'flag', summary: 'exit 2 when a tool is new, gone or changed' },
  accept: { type: 'flag', summary: 'show what moved, ask, and write the lock file' },
  out: { type: 'text', value: 'FILE', summary: 'another lock file (default: portal.lock.yaml beside the document)' },
} as const satisfies OptionSpecs;

export const exposureCommands: CommandGroup = {
  title: 'What clients see',
  commands: [
    defineCommand({
      name: 'status',
      summary: 'show portals, servers, logins and tokens on one screen, what needs a person first',
      description:
        'With a document it is about what that declares and what of it is missing; without one about the whole account. Changes nothing.',
      options: statusOptions,
      examples: ['mcp-portal status', 'mcp-portal status --json'],
      load: async () => (await import('../chunks/exposure.ts')).status,
    }),
    defineCommand({
      name: 'preview',
      summary: 'list the tools and prompts that clients of a portal will see after apply',
      description:
        'Names, aliases, descriptions and what is hidden, from what Cloudflare has read of the servers and from the document; what the list costs in tokens, and names that clients cannot use. Without credentials, or with --offline, from the lock file.',
      args: [
        {
          name: 'PORTAL',
          summary: 'one portal (default: all of the document, else of the account)',
          required: false,
          names: 'portal',
        },
      ],
      options: previewOptions,
      examples: ['mcp-portal preview', 'mcp-portal preview tools --diff', 'mcp-portal preview --offline --json'],
      load: () => import('../preview.ts'),
    }),
    defineCommand({
      name: 'lock',
      summary: 'record the tools of each server, and tell when one is new, gone or changed',
      description:
        'portal.lock.yaml holds the names with digests of schema, description and annotations. A tool whose description changes under its name is how tools get poisoned. Patterns, read_only and none in tools: of a document mean what is in it. Without a lock file yet, lock writes the first one.',
      options: lockOptions,
      examples: ['mcp-portal lock --check', 'mcp-portal lock --accept', 'mcp-portal lock --accept --yes --json'],
      load: async () => (await import('../chunks/exposure.ts')).lock,
    }),
  ],
};
