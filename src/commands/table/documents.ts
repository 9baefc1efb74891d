import { defineCommand } from '../../cli/command.ts';
import type { CommandGroup } from '../../cli/command.ts';
import type { OptionSpecs } from '../../cli/options.ts';

const prune = {
  type: 'flag',
  summary: 'also delete what the declared portals reach and the document no longer mentions',
} as const;
const target = {
  type: 'list',
  value: 'KIND:KEY',
  names: 'address',
  summary: 'only this resource and what it needs; repeatable',
} as const;
const showUnmanaged = { type: 'flag', summary: 'also list what the account has beside the document' } as const;
const resendSecrets = { type: 'flag', summary: 'send secrets again that Cloudflare already holds' } as const;
const maxDeletes = {
  type: 'integer',
  value: 'N',
  min: 0,
  default: 10,
  summary: 'refuse to delete more than N resources',
} as const;

export const planOptions = {
  'detailed-exitcode': { type: 'flag', summary: 'exit 2 when changes are pending' },
  out: { type: 'text', value: 'FILE', summary: 'save the plan, for apply FILE' },
  prune,
  target,
  'show-unmanaged': showUnmanaged,
  'resend-secrets': resendSecrets,
} as const satisfies OptionSpecs;

export const applyOptions = {
  prune,
  target,
  wait: {
    type: 'seconds',
    value: 'SECONDS',
    bare: true,
    summary: 'wait until the servers are ready, at most SECONDS (written --wait=SECONDS)',
  },
  'max-deletes': maxDeletes,
  'resend-secrets': resendSecrets,
  'secrets-out': {
    type: 'list',
    value: 'SINK',
    summary: 'where new secrets go: stdout, file:PATH, dotenv:PATH, github:OWNER/REPO, cmd:COMMAND; repeatable',
  },
  'show-unmanaged': showUnmanaged,
} as const satisfies OptionSpecs;

export const driftOptions = { prune, target, 'show-unmanaged': showUnmanaged } as const satisfies OptionSpecs;

export const destroyOptions = {
  target: { ...target, summary: 'only this resource and what depends on it; repeatable' },
  'max-deletes': maxDeletes,
} as const satisfies OptionSpecs;

export const exportOptions = {
  portal: { type: 'list', value: 'ID', names: 'portal', summary: 'this portal and what it reaches; repeatable' },
  all: { type: 'flag', summary: 'everything that the account has' },
  out: { type: 'text', value: 'FILE', summary: 'write the document there instead of to standard output' },
} as const satisfies OptionSpecs;

export const validateOptions = {} as const satisfies OptionSpecs;
export const schemaOptions = {} as const satisfies OptionSpecs;

export const documentCommands: CommandGroup = {
  title: 'Document',
  commands: [
    defineCommand({
      name: 'validate',
      summary: 'check the document, offline',
      description: 'Checks the schema, the references and the lint rules. Needs no credentials and no network.',
      options: validateOptions,
      examples: ['mcp-portal validate', 'mcp-portal validate -f base.yaml -f production.yaml --json'],
      load: () => import('../validate.ts'),
    }),
    defineCommand({
      name: 'plan',
      aliases: ['diff'],
      summary: 'show what apply would change',
      description: 'Reads the live state and prints how it differs from the document. Never changes anything remote.',
      options: planOptions,
      formats: ['text', 'json', 'markdown'],
      examples: ['mcp-portal plan', 'mcp-portal plan --out plan.json', 'mcp-portal plan -o markdown --detailed-exitcode'],
      load: async () => (await import('../chunks/documents.ts')).plan,
    }),
    defineCommand({
      name: 'apply',
      summary: 'make the live state match the document',
      description: 'Plans, shows the diff, asks, applies, and reads back. With a saved plan it applies exactly that plan.',
      args: [{ name: 'PLANFILE', summary: 'a plan that plan --out saved', required: false }],
      options: applyOptions,
      formats: ['text', 'json', 'markdown'],
      examples: [
        'mcp-portal apply',
        'mcp-portal apply plan.json --yes',
        'mcp-portal apply --yes --wait=120 --secrets-out dotenv:.env',
      ],
      load: async () => (await import('../chunks/documents.ts')).apply,
    }),
    defineCommand({
      name: 'drift',
      summary: 'tell whether live state still matches the document',
      description: 'The same reading as plan, worded for monitors. Exits 2 when anything differs.',
      options: driftOptions,
      formats: ['text', 'json', 'markdown'],
      examples: ['mcp-portal drift', 'mcp-portal drift --json'],
      load: async () => (await import('../chunks/documents.ts')).drift,
    }),
    defineCommand({
      name: 'destroy',
      summary: 'remove everything that the document declares',
      description: 'Removes in reverse order of dependence, after showing what goes and asking.',
      options: destroyOptions,
      formats: ['text', 'json', 'markdown'],
      examples: ['mcp-portal destroy --dry-run', 'mcp-portal destroy --target portal:tools --yes'],
      load: async () => (await import('../chunks/documents.ts')).destroy,
    }),
    defineCommand({
      name: 'export',
      summary: 'write a document for what the account has',
      description: 'The plan of the written document is empty. Secrets are never part of it.',
      options: exportOptions,
      examples: ['mcp-portal export --all --out portal.yaml', 'mcp-portal export --portal tools'],
      load: async () => (await import('../chunks/documents.ts')).exporting,
    }),
    defineCommand({
      name: 'schema',
      summary: "print the document's JSON Schema",
      description: 'For editors: completion and checks while typing.',
      options: schemaOptions,
      examples: ['mcp-portal schema > portal.schema.json'],
      load: () => import('../schema.ts'),
    }),
  ],
};
