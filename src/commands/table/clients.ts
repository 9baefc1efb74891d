import { defineCommand, type CommandGroup } from '../../cli/command.ts';
import type { OptionSpecs } from '../../cli/options.ts';
import { clientNames } from '../../clients/names.ts';

export const clientConfigOptions = {
  portal: {
    type: 'text',
    value: 'ID',
    names: 'portal',
    summary: 'which portal, where there are several: of the document, else of the account',
  },
  hostname: { type: 'text', value: 'HOST', summary: "the portal's hostname, without a look at the document or the account" },
  name: { type: 'text', value: 'NAME', summary: "what the client calls the portal (default: the portal's id)" },
  'service-token': { type: 'flag', summary: 'for a bot: send a service token, as placeholders that you fill' },
  write: { type: 'flag', summary: "put it into the client's own file, after showing what changes and asking; a backup is kept" },
  scope: {
    type: 'choice',
    value: 'SCOPE',
    choices: ['user', 'project'],
    default: 'user',
    summary: "with --write: user or project, the file of the working directory's project",
  },
  'for-assistant': {
    type: 'flag',
    summary: 'not a portal: how the client starts this program as an MCP server (mcp-portal mcp)',
  },
  list: { type: 'flag', summary: 'list the clients' },
} as const satisfies OptionSpecs;

export const clientCommands: CommandGroup = {
  title: 'Clients',
  commands: [
    defineCommand({
      name: 'client-config',
      summary: 'print what an MCP client needs to use a portal, or write it into its file',
      description:
        "Prints the client's own configuration, ready to be pasted: JSON, TOML, YAML or steps, and nothing else on standard output. Known traps are hints on standard error. Works offline with a document.",
      args: [{ name: 'CLIENT', summary: 'such as claude-code; --list names them all', required: false, choices: clientNames }],
      options: clientConfigOptions,
      examples: [
        'mcp-portal client-config claude-code',
        'mcp-portal client-config codex --portal tools --service-token',
        'mcp-portal client-config vscode --write --scope project',
        'mcp-portal client-config claude-desktop --for-assistant',
        'mcp-portal client-config --list',
      ],
      load: () => import('../client-config.ts'),
    }),
  ],
};
