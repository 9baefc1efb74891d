import { defineCommand } from '../../cli/command.ts';
import type { OptionSpecs } from '../../cli/options.ts';
import { wait } from './servers.ts';

export const syncOptions = {
  all: { type: 'flag', summary: 'every server of the account' },
  id: { type: 'list', value: 'ID', summary: 'a server, as the argument; repeatable', names: 'server' },
  wait: { ...wait, summary: 'wait until the servers are ready, at most SECONDS (written --wait=SECONDS)' },
} as const satisfies OptionSpecs;

export const syncServer = defineCommand({
  name: 'sync-server',
  summary: "read servers' tools and prompts again",
  description:
    'Says which tools and prompts appeared and disappeared, and which settings name one that is not there any more. Exits 4 where a server fails, with its cause.',
  args: [{ name: 'ID', summary: 'the servers', required: false, many: true, names: 'server' }],
  options: syncOptions,
  examples: ['mcp-portal sync-server notes', 'mcp-portal sync-server --all --wait --yes'],
  load: async () => (await import('../chunks/verbs.ts')).syncServer,
});
