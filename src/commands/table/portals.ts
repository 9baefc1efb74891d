import { defineCommand } from '../../cli/command.ts';
import type { CommandGroup } from '../../cli/command.ts';
import type { OptionSpecs } from '../../cli/options.ts';
import { listOptions, save, wait } from './servers.ts';

export const portalOptions = {
  hostname: { type: 'text', value: 'HOST', summary: 'the name that clients use: https://HOST/mcp' },
  name: { type: 'text', value: 'NAME', summary: 'the name that people see (default: the id)' },
  description: { type: 'text', value: 'TEXT', summary: 'what it is for' },
  server: { type: 'list', value: 'ID', names: 'server', summary: 'a server behind it; repeatable' },
  policy: {
    type: 'list',
    value: 'KEY',
    names: 'policy',
    summary: 'who may log in: a policy of the document, or a live name or id; repeatable',
  },
  'no-dns': { type: 'flag', summary: 'make no DNS record for the hostname' },
  save,
} as const satisfies OptionSpecs;

export const removePortalOptions = { save } as const satisfies OptionSpecs;
export const attachOptions = { wait, save } as const satisfies OptionSpecs;
export const detachOptions = { save } as const satisfies OptionSpecs;

const portal = { name: 'PORTAL', summary: 'the portal', required: true, names: 'portal' } as const;
const servers = { name: 'SERVER', summary: 'the servers', required: true, many: true, names: 'server' } as const;

export const portalCommands: CommandGroup = {
  title: 'Portals',
  commands: [
    defineCommand({
      name: 'list-portals',
      summary: 'list the portals of the account',
      options: listOptions,
      examples: ['mcp-portal list-portals', 'mcp-portal list-portals --json'],
      load: async () => (await import('../chunks/verbs.ts')).listPortals,
    }),
    defineCommand({
      name: 'get-portal',
      summary: 'show a portal as the document writes it, with its URL and the status of its servers',
      args: [{ ...portal, name: 'ID' }],
      options: listOptions,
      examples: ['mcp-portal get-portal tools'],
      load: async () => (await import('../chunks/verbs.ts')).getPortal,
    }),
    defineCommand({
      name: 'create-portal',
      summary: 'make a portal with its login and its DNS record, or complete one',
      description:
        'With a document, create-portal ID applies that entry alone; options are laid over it. A portal that is there keeps its servers.',
      args: [{ name: 'ID', summary: 'its id; made from --name or --hostname when left out', required: false, names: 'portal' }],
      options: portalOptions,
      examples: ['mcp-portal create-portal tools --hostname mcp.example.com --server notes --policy people'],
      load: async () => (await import('../chunks/verbs.ts')).createPortal,
    }),
    defineCommand({
      name: 'update-portal',
      summary: 'change a portal',
      description:
        'Takes the options of create-portal. --server, given at all, names all of its servers; attach-server and detach-server change single ones.',
      args: [{ ...portal, name: 'ID' }],
      options: portalOptions,
      examples: ['mcp-portal update-portal tools --name "Team tools"'],
      load: async () => (await import('../chunks/verbs.ts')).updatePortal,
    }),
    defineCommand({
      name: 'remove-portal',
      summary: 'remove a portal, its Access application and its DNS record',
      args: [{ ...portal, name: 'ID' }],
      options: removePortalOptions,
      examples: ['mcp-portal remove-portal tools'],
      load: async () => (await import('../chunks/verbs.ts')).removePortal,
    }),
    defineCommand({
      name: 'attach-server',
      summary: 'put servers behind a portal; its others stay',
      args: [portal, servers],
      options: attachOptions,
      examples: ['mcp-portal attach-server tools notes docs'],
      load: async () => (await import('../chunks/verbs.ts')).attachServer,
    }),
    defineCommand({
      name: 'detach-server',
      summary: 'take servers out of a portal; they stay registered',
      args: [portal, servers],
      options: detachOptions,
      examples: ['mcp-portal detach-server tools docs'],
      load: async () => (await import('../chunks/verbs.ts')).detachServer,
    }),
  ],
};
