import { defineCommand } from '../../cli/command.ts';
import type { CommandGroup } from '../../cli/command.ts';
import type { OptionSpecs } from '../../cli/options.ts';

export const sandboxOptions = {
  port: { type: 'integer', value: 'N', min: 0, max: 65_535, summary: 'the port on 127.0.0.1; any free one when left out' },
  state: { type: 'text', value: 'FILE', summary: 'keep the simulated account in this file' },
  zone: { type: 'list', value: 'NAME', summary: 'a zone of a new account; repeatable (default: example.com)' },
} as const satisfies OptionSpecs;

export const sandboxCommands: CommandGroup = {
  title: 'Try without an account',
  commands: [
    defineCommand({
      name: 'sandbox',
      summary: 'serve a simulated Cloudflare account over HTTP',
      description:
        'Prints the environment variables that point this program (and others) at it, then "listening". Any token is accepted. Each portal is served at a port of its own, printed as PORTAL_ID=URL, also when it is made later: clients reach it with service tokens or by signing in, and calls go on to the servers behind it.',
      options: sandboxOptions,
      formats: ['text'],
      examples: [
        'mcp-portal sandbox --port 8787 --state account.json',
        'mcp-portal sandbox --zone example.com --zone example.org',
      ],
      load: () => import('../sandbox.ts'),
    }),
  ],
};
