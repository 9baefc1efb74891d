import { defineCommand } from '../../cli/command.ts';
import type { OptionSpecs } from '../../cli/options.ts';

export const verifyOptions = {
  'client-id-from': {
    type: 'text',
    value: 'REF',
    summary: 'the client id of a service token: env:NAME, file:PATH, cmd:COMMAND or - (default: CF_ACCESS_CLIENT_ID)',
  },
  'client-secret-from': { type: 'text', value: 'REF', summary: 'its secret, likewise (default: CF_ACCESS_CLIENT_SECRET)' },
  call: { type: 'text', value: 'SERVER.TOOL', summary: 'call this tool through the portal, without arguments' },
  resolve: {
    type: 'list',
    value: 'HOST=ADDRESS:PORT',
    summary: 'ask for a host there, without DNS; plain HTTP on this machine; repeatable',
  },
  watch: { type: 'seconds', value: 'SECONDS', summary: 'look again so often, and tell what changes, until Ctrl-C' },
} as const satisfies OptionSpecs;

export const verifyCommand = defineCommand({
  name: 'verify',
  summary: 'check end to end that portals work, and say what is in the way',
  description:
    'Walks the layers DNS, tunnel, origin, server, Access applications, membership and portal endpoint with real MCP handshakes, and looks whether those who should not get in do not. Every failure names its cause and one step that mends it. Changes nothing. With the credentials of a service token it also compares the tools that the portal shows with the configuration. Exits 4 when a check failed.',
  args: [
    {
      name: 'PORTAL',
      summary: 'the portals; all of the document (or account) when left out',
      required: false,
      many: true,
      names: 'portal',
    },
  ],
  options: verifyOptions,
  formats: ['text', 'json', 'markdown'],
  examples: [
    'mcp-portal verify',
    'mcp-portal verify tools --client-id-from env:CF_ACCESS_CLIENT_ID --client-secret-from env:CF_ACCESS_CLIENT_SECRET',
    'mcp-portal verify --call notes.search --watch 300 --json',
  ],
  load: () => import('../verify.ts'),
});
