import { defineCommand, type CommandGroup } from '../../cli/command.ts';
import type { OptionSpecs } from '../../cli/options.ts';

export const keygenOptions = {
  out: {
    type: 'list',
    value: 'SINK',
    summary:
      'where the key goes: stdout, file:PATH, dotenv:PATH, github:OWNER/REPO, cmd:COMMAND; repeatable (default: the terminal)',
  },
  name: { type: 'text', value: 'NAME', default: 'TOKEN_ENCRYPTION_KEY', summary: 'the variable that it is for' },
} as const satisfies OptionSpecs;

export const keygenCommands: CommandGroup = {
  title: 'Keys',
  commands: [
    defineCommand({
      name: 'keygen',
      summary: 'make a 256-bit key, as 64 hex digits',
      description:
        'For what a Worker encrypts. Prints the key, or brings it to --out without showing it. A dotenv file that has the variable already is refused: what the old key encrypted would be lost.',
      options: keygenOptions,
      examples: [
        'mcp-portal keygen',
        'mcp-portal keygen --out dotenv:.env',
        'mcp-portal keygen --name SESSION_KEY --out github:octo-org/octo-repo',
      ],
      load: async () => import('../keygen.ts'),
    }),
  ],
};
