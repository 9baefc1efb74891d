import { defineCommand, type Argument, type CommandGroup } from '../../cli/command.ts';
import type { OptionSpecs } from '../../cli/options.ts';

export const freezeOptions = {
  reason: { type: 'text', value: 'TEXT', summary: 'why, for whoever finds it frozen; at most 200 characters' },
} as const satisfies OptionSpecs;
export const thawOptions = {} as const satisfies OptionSpecs;

const args: readonly Argument[] = [
  { name: 'WHAT', summary: 'server, portal or service-token', required: true, choices: ['server', 'portal', 'service-token'] },
  { name: 'ID', summary: 'its key in the document, its id, its name, or the hostname of a portal', required: true, many: true },
];

export const freezeCommands: CommandGroup = {
  title: 'Kill switch',
  commands: [
    defineCommand({
      name: 'freeze',
      summary: 'stop a server, a portal or a service token at once, in a way that thaw undoes',
      description:
        'A server or portal: its Access application denies everyone, and sessions end. A service token: its secret stops working. Everything else stays as it is, apply leaves it frozen, and thaw works from any machine.',
      args,
      options: freezeOptions,
      examples: [
        'mcp-portal freeze server notes --reason "leaks customer names"',
        'mcp-portal freeze portal tools.example.com --yes',
        'mcp-portal freeze service-token ci --yes',
      ],
      load: async () => (await import('../chunks/verbs.ts')).freeze,
    }),
    defineCommand({
      name: 'thaw',
      summary: 'undo freeze: everything is as it was before',
      args,
      options: thawOptions,
      examples: ['mcp-portal thaw server notes', 'mcp-portal thaw service-token ci --yes'],
      load: async () => (await import('../chunks/verbs.ts')).thaw,
    }),
  ],
};
