import { defineCommand } from '../../cli/command.ts';
import type { CommandGroup } from '../../cli/command.ts';
import type { OptionSpecs } from '../../cli/options.ts';

export const wait = {
  type: 'seconds',
  value: 'SECONDS',
  bare: true,
  summary: 'wait until the server is ready, at most SECONDS (written --wait=SECONDS)',
} as const;
export const save = { type: 'flag', summary: "also write the change into the document's file, its comments kept" } as const;

export const serverOptions = {
  url: { type: 'text', value: 'URL', summary: 'where the MCP server answers' },
  name: { type: 'text', value: 'NAME', summary: 'the name that people see (default: the id)' },
  description: { type: 'text', value: 'TEXT', summary: 'what it is for' },
  auth: {
    type: 'text',
    value: 'WAY',
    summary: 'how Cloudflare signs in to it: none, oauth, bearer or headers',
  },
  'auth-secret': { type: 'list', value: 'REF', summary: "the secret of --auth bearer; 'Name=REF' for headers, repeatable" },
  portal: { type: 'list', value: 'ID', names: 'portal', summary: 'attach it to this portal; repeatable' },
  policy: {
    type: 'list',
    value: 'KEY',
    names: 'policy',
    summary: 'who sees it: a policy of the document, or a live name or id; repeatable',
  },
  wait,
  save,
} as const satisfies OptionSpecs;

export const listOptions = {} as const satisfies OptionSpecs;
export const removeServerOptions = { save } as const satisfies OptionSpecs;

export const serverCommands: CommandGroup = {
  title: 'Servers',
  commands: [
    defineCommand({
      name: 'list-servers',
      summary: 'list the servers of the account, with what keeps them from being used',
      options: listOptions,
      examples: ['mcp-portal list-servers', 'mcp-portal list-servers --json'],
      load: async () => (await import('../chunks/verbs.ts')).listServers,
    }),
    defineCommand({
      name: 'add-server',
      summary: 'register a server, or apply its entry of the document',
      description:
        'Registers one MCP server, with its Access application and its place in portals. With a document, add-server ID applies that entry alone; options are laid over it.',
      args: [
        { name: 'ID', summary: 'its id: a-z, 0-9 and hyphens; made from --name when left out', required: false, names: 'server' },
      ],
      options: serverOptions,
      examples: [
        'mcp-portal add-server notes --url https://notes.example.com/mcp --policy people --portal tools',
        'mcp-portal add-server notes --url https://notes.example.com/mcp --auth bearer --auth-secret env:NOTES_TOKEN --save',
      ],
      load: async () => (await import('../chunks/verbs.ts')).addServer,
    }),
    defineCommand({
      name: 'update-server',
      summary: 'change a server',
      description:
        'Takes the options of add-server. Another --url replaces the server; portals, overrides and its application come back.',
      args: [{ name: 'ID', summary: 'the server', required: true, names: 'server' }],
      options: serverOptions,
      examples: ['mcp-portal update-server notes --description "Team notes"'],
      load: async () => (await import('../chunks/verbs.ts')).updateServer,
    }),
    defineCommand({
      name: 'remove-server',
      summary: 'detach a server from its portals and remove it',
      args: [{ name: 'ID', summary: 'the server', required: true, names: 'server' }],
      options: removeServerOptions,
      examples: ['mcp-portal remove-server notes'],
      load: async () => (await import('../chunks/verbs.ts')).removeServer,
    }),
  ],
};
