import { defineCommand } from '../../cli/command.ts';
import type { CommandGroup } from '../../cli/command.ts';
import type { OptionSpecs } from '../../cli/options.ts';
import { save } from './servers.ts';

const zone = { type: 'text', value: 'ZONE', summary: 'the zone; found from a full name when left out' } as const;

export const dnsOptions = {} as const satisfies OptionSpecs;
export const dnsListOptions = {
  zone: { type: 'list', value: 'ZONE', summary: 'only the records of this zone; repeatable (default: all zones)' },
} as const satisfies OptionSpecs;
export const dnsAddOptions = {
  zone,
  proxied: { type: 'flag', summary: 'through Cloudflare, for A, AAAA and CNAME' },
  ttl: { type: 'text', value: 'SECONDS', summary: '30 to 86400, or auto' },
  comment: { type: 'text', value: 'TEXT', summary: 'a note beside the record' },
  priority: { type: 'integer', value: 'N', min: 0, max: 65_535, summary: 'of an MX or SRV record' },
  save,
} as const satisfies OptionSpecs;
export const dnsRemoveOptions = {
  zone,
  content: { type: 'text', value: 'CONTENT', summary: 'which one, where several records have the name and type' },
  save,
} as const satisfies OptionSpecs;

const name = { name: 'NAME', summary: 'full (www.example.com), or short with --zone', required: true } as const;
const type = { name: 'TYPE', summary: 'A, AAAA, CNAME, TXT, MX, NS, SRV or CAA', required: true } as const;

export const dnsCommands: CommandGroup = {
  title: 'DNS',
  commands: [
    defineCommand({
      name: 'dns',
      summary: 'plan and apply only the DNS records that the document implies',
      options: dnsOptions,
      formats: ['text', 'json', 'markdown'],
      examples: ['mcp-portal dns', 'mcp-portal dns --dry-run'],
      load: async () => (await import('../chunks/verbs.ts')).dns,
    }),
    defineCommand({
      name: 'dns list',
      summary: 'list DNS records',
      options: dnsListOptions,
      examples: ['mcp-portal dns list --zone example.com'],
      load: async () => (await import('../chunks/verbs.ts')).dnsList,
    }),
    defineCommand({
      name: 'dns add',
      summary: 'add a DNS record',
      args: [name, type, { name: 'CONTENT', summary: 'an address, a hostname, a text', required: true }],
      options: dnsAddOptions,
      examples: ['mcp-portal dns add www.example.com CNAME example.com --proxied'],
      load: async () => (await import('../chunks/verbs.ts')).dnsAdd,
    }),
    defineCommand({
      name: 'dns remove',
      summary: 'remove a DNS record',
      args: [name, type],
      options: dnsRemoveOptions,
      examples: ['mcp-portal dns remove www.example.com CNAME'],
      load: async () => (await import('../chunks/verbs.ts')).dnsRemove,
    }),
  ],
};
