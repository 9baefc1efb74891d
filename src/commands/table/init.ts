import { defineCommand, type CommandGroup } from '../../cli/command.ts';
import type { OptionSpecs } from '../../cli/options.ts';

export const initOptions = {
  portal: { type: 'text', value: 'ID', summary: 'the id of the portal' },
  hostname: { type: 'text', value: 'HOST', summary: 'the name that clients use: https://HOST/mcp' },
  server: { type: 'list', value: 'ID=URL', summary: 'a server behind the portal; repeatable' },
  email: { type: 'list', value: 'ADDRESS', summary: 'who gets in, by e-mail address; repeatable' },
  'email-domain': { type: 'list', value: 'DOMAIN', summary: 'who gets in: everybody with an address of the domain; repeatable' },
  'service-token': { type: 'text', value: 'NAME', summary: 'a service token for programs; the secret of a new one goes to .env' },
  apply: { type: 'flag', summary: 'with --yes: apply the document, too' },
} as const satisfies OptionSpecs;

export const initCommands: CommandGroup = {
  title: 'To begin with',
  commands: [
    defineCommand({
      name: 'init',
      summary: 'write portal.yaml by answering questions, and apply it',
      description:
        'Asks for servers, for who gets in, and for the hostname of a portal; offers what the account has already; shows the file and the plan; writes the file, and offers to apply it. A file that is there is added to, its comments kept. With --yes and options it asks nothing, writes the file, and needs no credentials unless --apply is given; with --dry-run it prints the file.',
      options: initOptions,
      examples: [
        'mcp-portal init',
        'mcp-portal init --sandbox',
        'mcp-portal init --yes --portal tools --hostname mcp.example.com --server notes=https://notes.example.com/mcp --email you@example.com',
      ],
      load: () => import('../init.ts'),
    }),
  ],
};
