import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { kinds } from '../src/kinds/index.ts';
import type { Discover } from '../src/sandbox/discover.ts';
import { documentJsonSchema } from '../src/spec/json-schema.ts';
import { runSandbox } from './support/run-sandbox.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8');

const examples = readdirSync(`${root}examples`).map((name) => `examples/${name}/portal.yaml`);
const documents = ['portal.example.yaml', ...examples.filter((path) => existsSync(`${root}${path}`))];
const env = {
  NOTES_MCP_TOKEN: 'notes-token',
  PRESENTATION_API_KEY: 'presentation-key',
  TICKETS_TOKEN: 'tickets-token',
  BILLING_API_KEY: 'billing-key',
  PORTAL_API_KEY: 'portal-key',
  API_KEYS: 'edge-key',
  PORTAL_KEY: 'edge-key',
  ATTIO_CLIENT_ID: 'attio-app',
  ATTIO_CLIENT_SECRET: 'attio-secret',
  TOKEN_ENCRYPTION_KEY: '0'.repeat(64),
};
const zones = ['example.com', 'chitty.cc'];

describe.each(documents)('%s', (path) => {
  const folder = dirname(`${root}${path}`);
  const yaml = read(path);
  const unprotected = yaml.replaceAll('protect: true ', 'protect: false ');

  it('is valid without a warning', () => {
    expect(runSandbox({ zones, folder }).load(yaml).findings).toEqual([]);
  });

  it('needs no secret to be planned', async () => {
    const { plan } = await runSandbox({ zones, folder }).plan(yaml);
    expect(plan.changes.length).toBeGreaterThan(0);
    expect(plan.changes.every((change) => change.action === 'create')).toBe(true);
  });

  it('is applied whole, and then has nothing left to do', async () => {
    const sandbox = runSandbox({ zones, folder });
    const { outcomes, kept } = await sandbox.apply(yaml, { env });
    expect(outcomes.filter((outcome) => !outcome.ok)).toEqual([]);
    expect(kept).toEqual([]);
    expect((await sandbox.plan(yaml)).lines).toEqual([]);
  });

  it('is destroyed without a trace', async () => {
    const sandbox = runSandbox({ zones, folder });
    const before = everything(sandbox.account.state);
    await sandbox.apply(yaml, { env });
    expect(everything(sandbox.account.state)).not.toEqual(before);
    const { outcomes } = await sandbox.apply(unprotected, { destroy: true });
    expect(outcomes.filter((outcome) => !outcome.ok)).toEqual([]);
    expect(everything(sandbox.account.state)).toEqual(before);
  });
});

type Named = readonly { readonly id: string; readonly deleted_at?: string | null }[];

/** A deleted tunnel is still shown to those who ask for it. */
const isThere = (object: Named[number]): boolean => (object.deleted_at ?? null) === null;

/** The ids of all that an account has, by resource. */
const everything = (state: object): Record<string, readonly string[]> =>
  Object.fromEntries(
    Object.entries(state)
      .filter((entry): entry is [string, Named] => Array.isArray(entry[1]))
      .map(([name, objects]) => [name, objects.filter(isThere).map((object) => object.id)]),
  );

describe('chittymcp', () => {
  const yaml = read('examples/chittymcp/portal.yaml');

  it('makes both policies under their names, for the user and for the token', async () => {
    const sandbox = runSandbox({ zones });
    const { secrets } = await sandbox.apply(yaml, { env: { USER_EMAIL: 'someone@chitty.cc' } });
    const policies = await sandbox.send('GET', '~/access/policies');
    const [token] = await sandbox.send('GET', '~/access/service_tokens');
    expect(policies).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          name: 'ChittyMCP User Access',
          decision: 'allow',
          include: [{ email: { email: 'someone@chitty.cc' } }],
        }),
        expect.objectContaining({
          name: 'ChittyMCP Service Token',
          decision: 'non_identity',
          include: [{ service_token: { token_id: token.id } }],
        }),
      ]),
    );
    expect(policies).toHaveLength(2);
    expect(secrets).toEqual([
      {
        address: 'service_token:ci',
        secret: {
          name: 'chittymcp-service-token',
          values: { client_id: token.client_id, client_secret: expect.stringMatching(/./), expires_at: token.expires_at },
        },
      },
    ]);
  });

  it('answers at mcp.chitty.cc, through the gateway, with the token let in at the portal and at each server', async () => {
    const sandbox = runSandbox({ zones });
    await sandbox.apply(yaml);
    const portal = await sandbox.send('GET', '~/access/ai-controls/mcp/portals/chittymcp');
    expect(portal.hostname).toBe('mcp.chitty.cc');
    expect(portal.servers.map((link: { on_behalf: boolean }) => link.on_behalf)).toEqual([false, false]);
    const zone = (await sandbox.send('GET', '/zones?name=chitty.cc'))[0];
    expect(await sandbox.send('GET', `/zones/${zone.id}/dns_records`)).toEqual([
      expect.objectContaining({ type: 'CNAME', name: 'mcp.chitty.cc', content: 'gateway.agents.cloudflare.com', proxied: true }),
    ]);
    const applications = await sandbox.send('GET', '~/access/apps');
    expect(applications).toHaveLength(3);
    for (const application of applications) {
      expect(application.policies.map((policy: { name: string }) => policy.name)).toEqual([
        'ChittyMCP Service Token',
        'ChittyMCP User Access',
      ]);
    }
  });
});

const catalogue =
  (...tools: readonly string[]): Discover =>
  async () => ({ is: 'ready', tools: tools.map((name) => ({ name })), prompts: [] });

type Tool = { readonly name: string; readonly enabled?: boolean };
type Link = {
  readonly default_disabled: boolean;
  readonly tools: readonly Tool[];
  readonly updated_tools: readonly Tool[] | null;
};

/** The tools of a link that a user of the portal sees, by the upstream's names. */
const visible = ({ tools, default_disabled: isDisabled, updated_tools: rows }: Link): readonly string[] =>
  tools.map((tool) => tool.name).filter((name) => rows?.find((row) => row.name === name)?.enabled ?? !isDisabled);

async function applied(path: string, ...tools: readonly string[]) {
  const sandbox = runSandbox({ zones, discover: catalogue(...tools) });
  await sandbox.apply(read(path), { env });
  const servers = await sandbox.send('GET', '~/access/ai-controls/mcp/servers');
  for (const { id } of servers) await sandbox.send('POST', `~/access/ai-controls/mcp/servers/${id}/sync`, {});
  return sandbox;
}

it('oskarcode shows two of six tools at the read-only portal, and all of them at the other', async () => {
  const tools = [
    'get_presentation_overview',
    'get_section',
    'create_section',
    'update_section',
    'delete_section',
    'search_content',
  ];
  const sandbox = await applied('examples/oskarcode/portal.yaml', ...tools);
  const [readOnly] = (await sandbox.send('GET', '~/access/ai-controls/mcp/portals/mcpr')).servers;
  const [admin] = (await sandbox.send('GET', '~/access/ai-controls/mcp/portals/mcpw')).servers;
  expect(visible(readOnly)).toEqual(['get_presentation_overview', 'get_section']);
  expect(visible(admin)).toEqual(tools);
});

it('oskarcode lets only editors into the portal that writes', async () => {
  const sandbox = await applied('examples/oskarcode/portal.yaml');
  const applications: { domain: string; policies: { name: string }[] }[] = await sandbox.send('GET', '~/access/apps');
  const policiesOf = (domain: string) =>
    applications.find((application) => application.domain === domain)?.policies.map((policy) => policy.name);
  expect(policiesOf('mcpr.example.com')).toEqual(['Presentation readers', 'Presentation editors']);
  expect(policiesOf('mcpw.example.com')).toEqual(['Presentation editors']);
});

it('toolbox hides, renames and picks tools by server', async () => {
  const sandbox = await applied('examples/toolbox/portal.yaml', 'list_readings', 'delete_reading', 'search', 'read', 'write');
  const { servers } = await sandbox.send('GET', '~/access/ai-controls/mcp/portals/toolbox');
  const link = (id: string) => servers.find((row: { server_id: string }) => row.server_id === id);
  expect(visible(link('health-ledger'))).toEqual(['list_readings', 'search', 'read', 'write']);
  expect(visible(link('notes'))).toEqual(['search', 'read']);
  expect(visible(link('archi'))).toHaveLength(5);
  expect(link('health-ledger').updated_tools).toContainEqual(
    expect.objectContaining({ name: 'list_readings', portal_alias: 'readings' }),
  );
});

describe('portal.example.yaml', () => {
  const yaml = read('portal.example.yaml');

  it('is not destroyed while an entry is protected', async () => {
    const sandbox = runSandbox({ zones, folder: root });
    await sandbox.apply(yaml, { env });
    await expect(sandbox.apply(yaml, { destroy: true })).rejects.toThrow('server:billing is protected');
  });

  it('shows every field that a document can have', () => {
    const schema = documentJsonSchema(kinds.flatMap((kind) => kind.section ?? []));
    const shown = keysIn(parse(yaml));
    expect([...fieldsOf(schema)].filter((field) => !shown.has(field))).toEqual([]);
  });
});

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The names of all fields that a schema declares, at every depth. */
function fieldsOf(schema: unknown): ReadonlySet<string> {
  if (Array.isArray(schema)) return new Set(schema.flatMap((item) => [...fieldsOf(item)]));
  if (!isObject(schema)) return new Set();
  const own = isObject(schema['properties']) ? Object.keys(schema['properties']) : [];
  return new Set([...own, ...Object.values(schema).flatMap((value) => [...fieldsOf(value)])]);
}

/** The keys of all maps in a value, at every depth. */
function keysIn(value: unknown): ReadonlySet<string> {
  if (Array.isArray(value)) return new Set(value.flatMap((item) => [...keysIn(item)]));
  if (!isObject(value)) return new Set();
  return new Set([...Object.keys(value), ...Object.values(value).flatMap((inner) => [...keysIn(inner)])]);
}

describe('chittymcp with its Worker', () => {
  const folder = `${root}examples/chittymcp`;
  const document = stringify(
    mergeValues(parse(read('examples/chittymcp/portal.yaml')), parse(read('examples/chittymcp/worker.yaml'))),
  );
  const secret = { CHITTY_ID_TOKEN: 'id-token' };

  it('deploys the Worker with its namespace and its secret, and adds it to the portal', async () => {
    const sandbox = runSandbox({ zones, folder });
    const applied = await sandbox.apply(document, { env: secret });
    expect(applied.ok).toBe(true);
    const [namespace] = await sandbox.send('GET', '~/storage/kv/namespaces');
    const { bindings } = await sandbox.send('GET', '~/workers/scripts/chittymcp-worker/settings');
    expect(bindings).toEqual(
      expect.arrayContaining([
        { type: 'kv_namespace', name: 'KV', namespace_id: namespace.id },
        { type: 'secret_text', name: 'CHITTY_ID_TOKEN' },
      ]),
    );
    expect((await sandbox.send('GET', '~/access/ai-controls/mcp/servers/notes')).hostname).toBe('https://api.chitty.cc/mcp');
    expect((await sandbox.plan(document)).lines).toEqual([]);
  });
});

/** As `-f` twice lays a document over another: maps merge, everything else is replaced. */
const mergeValues = (below: unknown, above: unknown): unknown =>
  isMap(below) && isMap(above)
    ? { ...below, ...Object.fromEntries(Object.entries(above).map(([key, value]) => [key, mergeValues(below[key], value)])) }
    : above;

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
