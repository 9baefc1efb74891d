import { defineCommand, type CommandGroup } from '../../cli/command.ts';
import type { OptionSpecs } from '../../cli/options.ts';

const diff = { type: 'text', value: 'GITREF', summary: 'compare with the document as it is in this revision' } as const;

export const whoCanOptions = {
  ip: { type: 'text', value: 'ADDRESS', summary: 'the address that the request comes from' },
  country: { type: 'text', value: 'XX', summary: 'the country that it comes from, in two letters' },
  group: { type: 'list', value: 'NAME', summary: 'a group that the identity provider tells of; repeatable, then these are all' },
  'login-method': { type: 'text', value: 'ID', summary: 'the identity provider that the login goes through' },
  portal: { type: 'list', value: 'P', names: 'portal', summary: 'this portal alone; repeatable' },
  diff,
} as const satisfies OptionSpecs;

export const graphOptions = {
  format: {
    type: 'choice',
    value: 'FORMAT',
    choices: ['auto', 'text', 'mermaid', 'svg'],
    default: 'auto',
    summary: 'text, mermaid or svg; auto is mermaid with -o markdown, else text',
  },
  live: { type: 'flag', summary: 'also mark the servers that are not ready in the account' },
  diff: { ...diff, summary: 'mark what differs from the document as it is in this revision' },
} as const satisfies OptionSpecs;

export const accessCommands: CommandGroup = {
  title: 'Who gets where',
  commands: [
    defineCommand({
      name: 'who-can',
      summary: 'tell which portals, servers and tools somebody gets, and why, offline',
      description:
        'Evaluates the policies of the document for a person or a service token, as Access does. What the document alone cannot tell, such as device posture, is said to be unknown. With --diff it tells what the person or bot gains and loses.',
      args: [{ name: 'WHO', summary: 'an email address, or token:NAME', required: false }],
      options: whoCanOptions,
      formats: ['text', 'json', 'markdown'],
      examples: [
        'mcp-portal who-can alice@example.com',
        'mcp-portal who-can token:ci --portal tools --json',
        'mcp-portal who-can alice@example.com --country NL --diff origin/main -o markdown',
      ],
      load: () => import('../who-can.ts'),
    }),
    defineCommand({
      name: 'graph',
      summary: 'draw who reaches what: people and bots, policies, portals, servers, origins',
      description:
        'Draws the portals of the document as text, as Mermaid (GitHub shows it in a pull request) or as SVG. Marks what is unprotected, absent or protected; with --diff what is new, gone or changed; with --live what is not ready.',
      args: [{ name: 'PORTAL', summary: 'these portals alone', required: false, many: true, names: 'portal' }],
      options: graphOptions,
      formats: ['text', 'json', 'markdown'],
      examples: [
        'mcp-portal graph',
        'mcp-portal graph tools --format svg > tools.svg',
        'mcp-portal graph -o markdown --diff origin/main',
      ],
      load: () => import('../graph.ts'),
    }),
  ],
};
