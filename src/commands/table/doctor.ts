import { defineCommand, type CommandGroup } from '../../cli/command.ts';
import type { OptionSpecs } from '../../cli/options.ts';

export const doctorOptions = {} as const satisfies OptionSpecs;

export const doctorCommands: CommandGroup = {
  title: 'When something is wrong',
  commands: [
    defineCommand({
      name: 'doctor',
      summary: 'check what a portal needs: credentials, permissions, organization, zones',
      description:
        'Checks the credentials, the account, each permission that the document needs, the Zero Trust organization, the zones, and what expires. Says for each what to do. Works without a document too, and changes nothing. Exits 1 when a check failed.',
      options: doctorOptions,
      examples: ['mcp-portal doctor', 'mcp-portal doctor -f portal.yaml --json'],
      load: () => import('../doctor.ts'),
    }),
  ],
};
