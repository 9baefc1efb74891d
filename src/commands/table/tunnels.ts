import { defineCommand } from '../../cli/command.ts';
import type { CommandGroup } from '../../cli/command.ts';
import type { OptionSpecs } from '../../cli/options.ts';

export const tunnelListOptions = {} as const satisfies OptionSpecs;
export const tunnelTokenOptions = {
  out: {
    type: 'list',
    value: 'SINK',
    summary: 'where the token goes: stdout, file:PATH, dotenv:PATH (as TUNNEL_TOKEN), github:OWNER/REPO, cmd:COMMAND; repeatable',
  },
} as const satisfies OptionSpecs;
export const tunnelComposeOptions = {
  network: {
    type: 'text',
    value: 'MODE',
    summary:
      'service:NAME or host: run in the network of another service, or of the machine, where the services are on localhost',
  },
  image: {
    type: 'text',
    value: 'IMAGE',
    default: 'cloudflare/cloudflared:latest',
    summary: 'the image, to pin its version',
  },
} as const satisfies OptionSpecs;

const name = {
  name: 'NAME',
  summary: 'the tunnel: its key in the document, its name or its id',
  required: true,
  names: 'tunnel',
} as const;

export const tunnelCommands: CommandGroup = {
  title: 'Tunnels',
  commands: [
    defineCommand({
      name: 'tunnel list',
      summary: 'list tunnels, their rules, and whether a connector runs them',
      options: tunnelListOptions,
      examples: ['mcp-portal tunnel list', 'mcp-portal tunnel list --json'],
      load: async () => (await import('../chunks/tunnels.ts')).tunnelList,
    }),
    defineCommand({
      name: 'tunnel token',
      summary: "bring a tunnel's token, which a connector signs in with, to --out",
      description:
        'Reads the token and changes nothing: it stays the same until somebody renews it. It is shown only where --out stdout asks for that.',
      args: [name],
      options: tunnelTokenOptions,
      examples: [
        'mcp-portal tunnel token home --out dotenv:.env',
        'mcp-portal tunnel token home --out github:octo-org/octo-repo',
      ],
      load: async () => (await import('../chunks/tunnels.ts')).tunnelToken,
    }),
    defineCommand({
      name: 'tunnel compose',
      summary: 'print the Compose service that runs a tunnel',
      description:
        'Prints a service for docker-compose.yml, to be put under services:. It publishes no port and takes TUNNEL_TOKEN from the environment. Works offline where the document has the rules of the tunnel.',
      args: [name],
      options: tunnelComposeOptions,
      examples: [
        'mcp-portal tunnel compose home',
        'mcp-portal tunnel compose home --network service:app --image cloudflare/cloudflared:2026.11.0',
      ],
      load: async () => (await import('../chunks/tunnels.ts')).tunnelCompose,
    }),
  ],
};
