import { UnsafePlanError } from '../lib/errors.ts';
import type { Client, EntryClient, JsonObject } from './client.ts';
import type { ClientName } from './names.ts';

/** What the program needs from its environment when a client starts it. */
const variables = ['CLOUDFLARE_API_TOKEN', 'CLOUDFLARE_ACCOUNT_ID'] as const;

const command = 'npx';
const args = ['-y', 'mcp-portal', 'mcp'];

const plain = (name: string): string => `\${${name}}`;
const prefixed = (name: string): string => `\${env:${name}}`;

type Entry = (account: string | undefined, name: string) => JsonObject;

/** Values stay placeholders, save for the account, which is no secret. */
const envWith = (account: string | undefined, placeholder: (name: string) => string): JsonObject => ({
  CLOUDFLARE_API_TOKEN: placeholder('CLOUDFLARE_API_TOKEN'),
  CLOUDFLARE_ACCOUNT_ID: account ?? placeholder('CLOUDFLARE_ACCOUNT_ID'),
});

const started =
  (more: JsonObject = {}, placeholder = plain): Entry =>
  (account) => ({ ...more, command, args, env: envWith(account, placeholder) });

/** How each client says that it starts a program; what is left out says it as most do. */
const entries: Partial<Record<ClientName, Entry>> = {
  cursor: started({}, prefixed),
  windsurf: started({}, prefixed),
  vscode: (account) => ({
    type: 'stdio',
    command,
    args,
    env: {
      CLOUDFLARE_API_TOKEN: '${input:CLOUDFLARE_API_TOKEN}',
      CLOUDFLARE_ACCOUNT_ID: account ?? prefixed('CLOUDFLARE_ACCOUNT_ID'),
    },
  }),
  zed: started({ source: 'custom' }),
  codex: () => ({ command, args, env_vars: [...variables] }),
  goose: (_account, name) => ({ name, type: 'stdio', cmd: command, args, env_keys: [...variables], enabled: true, timeout: 300 }),
  librechat: started({ type: 'stdio' }),
  'copilot-cli': (account) => ({ type: 'local', command, args, env: envWith(account, plain), tools: ['*'] }),
  inspector: started({ type: 'stdio' }),
};

const question: JsonObject = {
  type: 'promptString',
  id: 'CLOUDFLARE_API_TOKEN',
  description: 'Cloudflare API token',
  password: true,
};

/** Clients that leave `${…}` in `env` as it is. */
const literal: ReadonlySet<ClientName> = new Set(['claude-desktop', 'zed', 'cline', 'mcp-remote', 'inspector']);

/**
 * The client, told of this program as an MCP server that it starts, in the place of a portal. Throws an
 * `UnsafePlanError` for one that can start no program.
 */
export function assistantOf(name: ClientName, client: Client, account: string | undefined): EntryClient {
  if (client.is !== 'entry')
    throw new UnsafePlanError(`${client.title} cannot start a program, and mcp-portal mcp runs on this machine`, {
      code: 'no_local_server',
      hint: 'Use a client that runs here, such as claude-desktop or claude-code.',
    });
  const { inputs: _inputs, ...rest } = client;
  const entry = entries[name] ?? started();
  return {
    ...rest,
    entry: (wanted) => entry(account, wanted.name),
    ...(name === 'vscode' ? { inputs: () => [question] } : {}),
    hints: () => [
      ...(literal.has(name)
        ? [`${client.title} does not look variables up in env: put the real values there, and keep the file to yourself.`]
        : []),
      'Give it an API token that may do no more than you want done; with --read-only in args nothing can be changed.',
      'It works on the folder that it is started in: add "--root", "FOLDER" to args for another one.',
      'A client that cannot ask you questions needs "--approve", "plan-id" in args to apply anything.',
    ],
  };
}
