import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SandboxState } from '../../src/sandbox/state.ts';
import { cli, type Cli, type RunOptions } from '../runs/cli.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8');
const filesAt = (paths: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, read(path)]));

/** The portals that the sweeps provision: the files of their folder, and the words after `-f`. */
const documents = {
  'portal.example': {
    files: filesAt({
      'portal.yaml': 'portal.example.yaml',
      'examples/chittymcp/worker/index.js': 'examples/chittymcp/worker/index.js',
    }),
    words: ['portal.yaml'],
  },
  chittymcp: {
    files: filesAt({
      'portal.yaml': 'examples/chittymcp/portal.yaml',
      'worker.yaml': 'examples/chittymcp/worker.yaml',
      'worker/index.js': 'examples/chittymcp/worker/index.js',
    }),
    words: ['portal.yaml', 'worker.yaml'],
  },
  oskarcode: { files: filesAt({ 'portal.yaml': 'examples/oskarcode/portal.yaml' }), words: ['portal.yaml'] },
  toolbox: { files: filesAt({ 'portal.yaml': 'examples/toolbox/portal.yaml' }), words: ['portal.yaml'] },
  attio: {
    files: filesAt({
      'portal.yaml': 'examples/attio-mcp-worker/portal.yaml',
      'dist/worker.js': 'examples/attio-mcp-worker/dist/worker.js',
    }),
    words: ['portal.yaml'],
  },
} as const;

export type Example = keyof typeof documents;
export const examples: readonly Example[] = ['portal.example', 'chittymcp', 'oskarcode', 'toolbox', 'attio'];

/** The files of an example, and the options that name its documents. */
export const documentOf = (
  example: Example,
): { readonly files: Readonly<Record<string, string>>; readonly options: readonly string[] } => ({
  files: documents[example].files,
  options: documents[example].words.flatMap((name) => ['-f', name]),
});

export const env = {
  NOTES_MCP_TOKEN: 'notes-token',
  PRESENTATION_API_KEY: 'presentation-key',
  TICKETS_TOKEN: 'tickets-token',
  BILLING_API_KEY: 'billing-key',
  CHITTY_ID_TOKEN: 'id-token',
  ATTIO_CLIENT_ID: 'attio-app',
  ATTIO_CLIENT_SECRET: 'attio-secret',
  TOKEN_ENCRYPTION_KEY: '0'.repeat(64),
};

/** Where the sweeps' runs put new secrets, beside what a document says itself. */
const sink = 'file:secrets.json';

/** An account in which somebody else has one of everything. */
export async function foreignAccount(): Promise<SandboxState> {
  const one = cli({ account: { zones: ['example.com', 'chitty.cc', 'foreign.example'] } });
  const rules = { include: [{ everyone: {} }] };
  const policy = await one.send('POST', '~/access/policies', { name: 'foreign', decision: 'deny', ...rules });
  await one.send('POST', '~/access/groups', { name: 'foreign', ...rules });
  await one.send('POST', '~/access/service_tokens', { name: 'foreign' });
  await one.send('POST', '~/access/ai-controls/mcp/servers', {
    id: 'foreign',
    name: 'foreign',
    hostname: 'https://mcp.foreign.example/mcp',
    auth_type: 'unauthenticated',
  });
  await one.send('POST', '~/access/ai-controls/mcp/portals', {
    id: 'foreign',
    name: 'foreign',
    hostname: 'portal.foreign.example',
    servers: [{ server_id: 'foreign' }],
  });
  await one.send('POST', '~/access/apps', {
    name: 'foreign',
    type: 'self_hosted',
    domain: 'app.foreign.example',
    policies: [{ id: policy.id, precedence: 1 }],
  });
  const zone = one.account.state.zones.find(({ name }) => name === 'foreign.example');
  await one.send('POST', `/zones/${zone?.id}/dns_records`, { type: 'A', name: 'app.foreign.example', content: '192.0.2.1' });
  await one.send('POST', '~/storage/kv/namespaces', { title: 'foreign' });
  await one.send('POST', '~/cfd_tunnel', { name: 'foreign', config_src: 'cloudflare' });
  return structuredClone(one.account.state);
}

/** A folder with the example's documents, in front of a copy of an account. */
export const stage = (example: Example, state: SandboxState): Cli =>
  cli({ files: documentOf(example).files, env, account: { state: structuredClone(state) } });

/** Runs a command on the example's documents. */
export const runOn = (one: Cli, example: Example, words: readonly string[], options: RunOptions = {}) =>
  one.run([...words, ...documentOf(example).options], options);

export const applyWords: readonly string[] = ['apply', '--yes', '--secrets-out', sink];
