import { accessSamples } from './access-samples.ts';
import { tunnelSample } from './tunnel-sample.ts';
import { workerSamples } from './worker-samples.ts';

/** One change of a sample: what is set, and which fields of the resource the plan then names. */
type FieldChange = {
  /** Below the entry; a list's index is a number. */
  readonly at: readonly (string | number)[];
  readonly to: unknown;
  /** The paths of the plan, in its order. */
  readonly fields: readonly string[];
};

/**
 * A resource with every field said, for the contract that holds for all kinds. `document` is the
 * whole document as data; `entry` is the path of the entry in it that the changes are made in.
 */
export type Sample = {
  readonly kind: string;
  readonly key: string;
  readonly document: Readonly<Record<string, unknown>>;
  readonly entry: readonly (string | number)[];
  /** Each field that can be changed in place, one at a time. */
  readonly mutable: readonly FieldChange[];
  /** Each field that makes a replacement. */
  readonly immutable: readonly FieldChange[];
  /** Keys below the entry that may be left out, one at a time. */
  readonly optional: readonly (readonly string[])[];
  /** The live object's own path below the API: `~` is the account, `ID` its id. */
  readonly path: string;
  /** What only others say about the object, with the request that says it; an update has to keep it. */
  readonly foreign?: {
    readonly method: string;
    readonly body: Readonly<Record<string, unknown>>;
    readonly kept: Readonly<Record<string, unknown>>;
  };
  /** The environment that secrets are read from. */
  readonly env?: Readonly<Record<string, string>>;
  /** Files beside the document. */
  readonly files?: Readonly<Record<string, string>>;
};

const server = (id: string) => ({ url: `https://${id}.example.com/mcp` });

export const samples: readonly Sample[] = [
  {
    kind: 'service_token',
    key: 'ci',
    document: { service_tokens: { ci: { name: 'bot', duration: '8760h', enabled: true, out: ['stdout'] } } },
    entry: ['service_tokens', 'ci'],
    mutable: [
      { at: ['duration'], to: 'forever', fields: ['duration'] },
      { at: ['enabled'], to: false, fields: ['enabled'] },
    ],
    immutable: [],
    optional: [['duration'], ['enabled'], ['out']],
    path: '~/access/service_tokens/ID',
    foreign: {
      method: 'PUT',
      body: { previous_client_secret_expires_at: '2027-01-01T00:00:00Z' },
      kept: { previous_client_secret_expires_at: '2027-01-01T00:00:00Z' },
    },
  },
  {
    kind: 'server',
    key: 'a',
    document: {
      servers: {
        a: {
          name: 'A',
          url: 'https://a.example.com/mcp',
          description: 'Text',
          auth: { bearer: 'env:CONTRACT_TOKEN' },
          secure_web_gateway: true,
          shared_oauth_callback: false,
          tools: { search: { alias: 'find', description: 'Finds' }, drop: false },
          prompts: { ask: false },
        },
      },
    },
    entry: ['servers', 'a'],
    mutable: [
      { at: ['name'], to: 'B', fields: ['name'] },
      { at: ['description'], to: 'Other', fields: ['description'] },
      { at: ['secure_web_gateway'], to: false, fields: ['secure_web_gateway'] },
      { at: ['shared_oauth_callback'], to: true, fields: ['shared_oauth_callback'] },
      { at: ['tools', 'search', 'alias'], to: 'look', fields: ['tools.search.alias'] },
      { at: ['tools', 'search', 'description'], to: '', fields: ['tools.search.description'] },
      { at: ['tools', 'drop'], to: true, fields: ['tools.drop.enabled'] },
      { at: ['tools', 'more'], to: { alias: 'plenty' }, fields: ['tools.more.alias'] },
      { at: ['prompts', 'ask'], to: true, fields: ['prompts.ask.enabled'] },
    ],
    immutable: [
      { at: ['url'], to: 'https://b.example.com/mcp', fields: ['url'] },
      { at: ['auth'], to: 'none', fields: ['auth'] },
    ],
    optional: [
      ['name'],
      ['description'],
      ['auth'],
      ['secure_web_gateway'],
      ['shared_oauth_callback'],
      ['tools'],
      ['prompts'],
      ['tools', 'search', 'alias'],
      ['tools', 'search', 'description'],
    ],
    path: '~/access/ai-controls/mcp/servers/ID',
    env: { CONTRACT_TOKEN: 'not-to-be-shown' },
  },
  {
    kind: 'portal',
    key: 'p',
    document: {
      servers: { a: server('a'), b: server('b'), c: server('c') },
      portals: {
        p: {
          name: 'P',
          hostname: 'mcp.example.com',
          description: 'Text',
          code_mode: 'default_on',
          secure_web_gateway: true,
          servers: {
            a: {
              default: 'disabled',
              on_behalf: false,
              tools: { search: { alias: 'find', description: 'Finds', enabled: true }, read: true },
              prompts: { ask: true },
            },
            b: {},
          },
          dns: false,
        },
      },
    },
    entry: ['portals', 'p'],
    mutable: [
      { at: ['name'], to: 'Q', fields: ['name'] },
      { at: ['hostname'], to: 'other.example.com', fields: ['hostname'] },
      { at: ['description'], to: '', fields: ['description'] },
      { at: ['code_mode'], to: 'off', fields: ['code_mode'] },
      { at: ['secure_web_gateway'], to: false, fields: ['secure_web_gateway'] },
      { at: ['servers', 'a', 'default'], to: 'enabled', fields: ['servers.a.default'] },
      { at: ['servers', 'a', 'on_behalf'], to: true, fields: ['servers.a.on_behalf'] },
      { at: ['servers', 'a', 'tools', 'search', 'alias'], to: '', fields: ['servers.a.tools.search.alias'] },
      { at: ['servers', 'a', 'tools', 'search', 'description'], to: 'Looks', fields: ['servers.a.tools.search.description'] },
      { at: ['servers', 'a', 'tools', 'read'], to: false, fields: ['servers.a.tools.read.enabled'] },
      { at: ['servers', 'a', 'prompts', 'ask'], to: false, fields: ['servers.a.prompts.ask.enabled'] },
      { at: ['servers', 'b', 'tools'], to: { x: false }, fields: ['servers.b.tools.x.enabled'] },
      { at: ['servers', 'c'], to: {}, fields: ['servers.c'] },
      { at: ['servers'], to: ['a'], fields: ['servers.b'] },
    ],
    immutable: [],
    optional: [
      ['name'],
      ['description'],
      ['code_mode'],
      ['secure_web_gateway'],
      ['servers'],
      ['servers', 'a', 'default'],
      ['servers', 'a', 'on_behalf'],
      ['servers', 'a', 'tools'],
      ['servers', 'a', 'prompts'],
      ['servers', 'a', 'tools', 'search', 'alias'],
      ['servers', 'a', 'tools', 'search', 'description'],
      ['servers', 'a', 'tools', 'search', 'enabled'],
    ],
    path: '~/access/ai-controls/mcp/portals/ID',
    foreign: {
      method: 'PUT',
      body: {
        servers: [
          {
            server_id: 'a',
            default_disabled: true,
            on_behalf: false,
            updated_tools: [
              { name: 'search', alias: 'find', description: 'Finds', enabled: true },
              { name: 'read', enabled: true },
            ],
            updated_prompts: [{ name: 'ask', enabled: true }],
          },
          { server_id: 'b', default_disabled: true, on_behalf: false, updated_tools: [{ name: 'x', alias: 'y', enabled: true }] },
        ],
      },
      kept: {
        servers: [
          { server_id: 'a' },
          {
            server_id: 'b',
            default_disabled: true,
            on_behalf: false,
            updated_tools: [{ name: 'x', portal_alias: 'y', enabled: true }],
          },
        ],
      },
    },
  },
  ...workerSamples,
  ...accessSamples,
  tunnelSample,
];
