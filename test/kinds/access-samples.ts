import { openAccount } from '../../src/sandbox/account.ts';
import type { Sample } from './samples.ts';

/** Ids of zones follow from their names. */
const [zone] = openAccount({ zones: ['example.com'] }).state.zones;

const idp = 'a3f1c2d4-0000-4000-8000-000000000001';
const page = 'b9c0a5a0-0000-4000-8000-000000000001';
const policies = {
  people: { decision: 'allow', include: [{ email: 'a@example.com' }] },
  robots: { decision: 'service_auth', include: [{ any_valid_service_token: true }] },
};
const rules = {
  include: [{ email: ['a@example.com', 'b@example.com'] }, { ip: '203.0.113.7' }],
  require: [{ country: 'DE' }],
  exclude: [{ raw: { email_list: { id: 'x' } } }],
};

/** What every application takes. */
const common = {
  policies: ['people', 'robots'],
  session_duration: '8h',
  allowed_idps: [idp],
  auto_redirect_to_identity: true,
  logo_url: 'https://example.com/a.png',
  custom_deny_message: 'No',
  custom_deny_url: 'https://example.com/no',
  custom_non_identity_deny_url: 'https://example.com/never',
  custom_pages: [page],
  http_only_cookie_attribute: false,
  same_site_cookie_attribute: 'lax',
  allow_authenticate_via_warp: true,
  oauth: {
    enabled: true,
    dynamic_client_registration: {
      enabled: true,
      allow_any_on_localhost: false,
      allow_any_on_loopback: false,
      allowed_uris: ['https://claude.ai/*'],
    },
    grant: { access_token_lifetime: '5m', session_duration: '336h' },
  },
};
/** What those with a hostname of their own take besides. */
const hosted = {
  app_launcher_visible: false,
  service_auth_401_redirect: true,
  skip_interstitial: true,
  enable_binding_cookie: true,
  path_cookie_attribute: true,
  allow_iframe: true,
  read_service_tokens_from_header: 'Authorization',
  cors: {
    allowed_origins: ['https://example.com'],
    allowed_methods: ['GET'],
    allowed_headers: ['x-one'],
    allow_credentials: true,
    max_age: 60,
  },
};

type Fields = { readonly [field: string]: unknown };

/** One change per field: a switch is turned, a text gets longer, everything else is said. */
const other = (value: unknown): unknown =>
  typeof value === 'boolean' ? !value : typeof value === 'number' ? value + 60 : `${String(value)}x`;
const special: Fields = {
  policies: ['robots', 'people'],
  session_duration: '4h',
  allowed_idps: [page],
  custom_pages: [],
  same_site_cookie_attribute: 'strict',
  oauth: null,
  cors: null,
};

const changesOf = (fields: Fields, above: readonly string[]): Sample['mutable'] =>
  Object.entries(fields).map(([field, value]) => {
    const at = [...above, field];
    const path = field === 'oauth' ? [...at, 'enabled'] : at;
    return { at, to: field in special ? special[field] : other(value), fields: [path.join('.')] };
  });
const insideOauth = (above: readonly string[]): Sample['mutable'] => [
  {
    at: [...above, 'oauth', 'dynamic_client_registration', 'enabled'],
    to: false,
    fields: [[...above, 'oauth.dynamic_client_registration.enabled'].join('.')],
  },
  {
    at: [...above, 'oauth', 'dynamic_client_registration', 'allow_any_on_localhost'],
    to: true,
    fields: [[...above, 'oauth.dynamic_client_registration.allow_any_on_localhost'].join('.')],
  },
  {
    at: [...above, 'oauth', 'dynamic_client_registration', 'allow_any_on_loopback'],
    to: true,
    fields: [[...above, 'oauth.dynamic_client_registration.allow_any_on_loopback'].join('.')],
  },
  {
    at: [...above, 'oauth', 'dynamic_client_registration', 'allowed_uris'],
    to: [],
    fields: [[...above, 'oauth.dynamic_client_registration.allowed_uris'].join('.')],
  },
  {
    at: [...above, 'oauth', 'grant', 'access_token_lifetime'],
    to: '15m',
    fields: [[...above, 'oauth.grant.access_token_lifetime'].join('.')],
  },
  {
    at: [...above, 'oauth', 'grant', 'session_duration'],
    to: '24h',
    fields: [[...above, 'oauth.grant.session_duration'].join('.')],
  },
];
const insideCors = (above: readonly string[]): Sample['mutable'] => [
  {
    at: [...above, 'cors', 'allowed_origins'],
    to: ['https://example.org'],
    fields: [[...above, 'cors.allowed_origins'].join('.')],
  },
  { at: [...above, 'cors', 'allowed_methods'], to: ['POST', 'GET'], fields: [[...above, 'cors.allowed_methods'].join('.')] },
  { at: [...above, 'cors', 'allowed_headers'], to: [], fields: [[...above, 'cors.allowed_headers'].join('.')] },
  { at: [...above, 'cors', 'allow_credentials'], to: false, fields: [[...above, 'cors.allow_credentials'].join('.')] },
  { at: [...above, 'cors', 'max_age'], to: 120, fields: [[...above, 'cors.max_age'].join('.')] },
];
const optionalOf = (fields: Fields, above: readonly string[]): Sample['optional'] => [
  ...Object.keys(fields).map((field) => [...above, field]),
  [...above, 'oauth', 'grant'],
  [...above, 'oauth', 'dynamic_client_registration', 'allowed_uris'],
];

/** The kinds of Access and DNS, each with every field said. */
export const accessSamples: readonly Sample[] = [
  {
    kind: 'group',
    key: 'staff',
    document: { groups: { staff: { name: 'Staff', ...rules } } },
    entry: ['groups', 'staff'],
    mutable: [
      { at: ['include'], to: [{ everyone: true }], fields: ['include'] },
      { at: ['require'], to: [], fields: ['require'] },
      { at: ['exclude'], to: [{ common_name: 'x' }], fields: ['exclude'] },
    ],
    immutable: [],
    optional: [['require'], ['exclude']],
    path: '~/access/groups/ID',
    foreign: {
      method: 'PUT',
      body: { name: 'Staff', include: [{ geo: { country_code: 'AT' } }], is_default: true },
      kept: { is_default: true },
    },
  },
  {
    kind: 'policy',
    key: 'people',
    document: {
      policies: {
        people: {
          name: 'People',
          decision: 'allow',
          session_duration: '8h',
          purpose_justification_required: true,
          purpose_justification_prompt: 'Why?',
          approval_required: true,
          isolation_required: true,
          ...rules,
        },
      },
    },
    entry: ['policies', 'people'],
    mutable: [
      { at: ['decision'], to: 'deny', fields: ['decision'] },
      { at: ['session_duration'], to: '', fields: ['session_duration'] },
      { at: ['purpose_justification_required'], to: false, fields: ['purpose_justification_required'] },
      { at: ['purpose_justification_prompt'], to: 'Really?', fields: ['purpose_justification_prompt'] },
      { at: ['approval_required'], to: false, fields: ['approval_required'] },
      { at: ['isolation_required'], to: false, fields: ['isolation_required'] },
      { at: ['include', 0, 'email'], to: 'a@example.com', fields: ['include'] },
      { at: ['require'], to: [], fields: ['require'] },
      { at: ['exclude'], to: [{ everyone: true }], fields: ['exclude'] },
    ],
    immutable: [],
    optional: [
      ['session_duration'],
      ['purpose_justification_required'],
      ['purpose_justification_prompt'],
      ['approval_required'],
      ['isolation_required'],
      ['require'],
      ['exclude'],
    ],
    path: '~/access/policies/ID',
    foreign: {
      method: 'PUT',
      body: {
        name: 'People',
        decision: 'allow',
        include: [{ everyone: {} }],
        approval_groups: [{ approvals_needed: 1 }],
        mfa_config: { mfa_disabled: true },
      },
      kept: { approval_groups: [{ approvals_needed: 1 }], mfa_config: { mfa_disabled: true } },
    },
  },
  {
    kind: 'server_app',
    key: 'a',
    document: { policies, servers: { a: { url: 'https://a.example.com/mcp', access: common } } },
    entry: ['servers', 'a'],
    mutable: [...changesOf(common, ['access']), ...insideOauth(['access'])],
    immutable: [],
    optional: optionalOf(common, ['access']),
    path: '~/access/apps/ID',
    foreign: {
      method: 'PUT',
      body: {
        type: 'mcp',
        name: 'Renamed',
        destinations: [
          { type: 'via_mcp_server_portal', mcp_server_id: 'a' },
          { type: 'public', uri: 'direct.example.com' },
        ],
        scim_config: { enabled: true },
      },
      kept: {
        name: 'Renamed',
        destinations: [
          { type: 'via_mcp_server_portal', mcp_server_id: 'a' },
          { type: 'public', uri: 'direct.example.com' },
        ],
        scim_config: { enabled: true },
      },
    },
  },
  {
    kind: 'portal_app',
    key: 'p',
    document: {
      policies,
      portals: { p: { hostname: 'mcp.example.com', servers: [], dns: false, access: { ...common, ...hosted } } },
    },
    entry: ['portals', 'p'],
    mutable: [...changesOf({ ...common, ...hosted }, ['access']), ...insideOauth(['access']), ...insideCors(['access'])],
    immutable: [],
    optional: optionalOf({ ...common, ...hosted }, ['access']),
    path: '~/access/apps/ID',
    foreign: {
      method: 'PUT',
      body: {
        type: 'mcp_portal',
        name: 'Renamed',
        domain: 'mcp.example.com',
        mfa_config: { mfa_disabled: true },
        scim_config: { enabled: true },
      },
      kept: { name: 'Renamed', mfa_config: { mfa_disabled: true }, scim_config: { enabled: true } },
    },
  },
  {
    kind: 'application',
    key: 'classic',
    document: {
      policies,
      applications: { classic: { type: 'self_hosted', domain: 'app.example.com/api', name: 'Classic', ...common, ...hosted } },
    },
    entry: ['applications', 'classic'],
    mutable: [
      { at: ['name'], to: 'Other', fields: ['name'] },
      ...changesOf({ ...common, ...hosted }, []),
      ...insideOauth([]),
      ...insideCors([]),
    ],
    immutable: [],
    optional: [['type'], ['name'], ...optionalOf({ ...common, ...hosted }, [])],
    path: '~/access/apps/ID',
    foreign: {
      method: 'PUT',
      body: {
        type: 'self_hosted',
        name: 'Classic',
        domain: 'app.example.com/api',
        destinations: [
          { type: 'public', uri: 'app.example.com/api' },
          { type: 'public', uri: 'old.example.com' },
        ],
        mfa_config: { mfa_disabled: true },
      },
      kept: {
        destinations: [
          { type: 'public', uri: 'app.example.com/api' },
          { type: 'public', uri: 'old.example.com' },
        ],
        mfa_config: { mfa_disabled: true },
      },
    },
  },
  {
    kind: 'dns_record',
    key: 'www.example.com/CNAME',
    document: {
      dns: [
        { zone: 'example.com', type: 'CNAME', name: 'www', content: 'example.org', proxied: false, ttl: 300, comment: 'Text' },
      ],
    },
    entry: ['dns', 0],
    mutable: [
      { at: ['content'], to: 'example.net', fields: ['content'] },
      { at: ['proxied'], to: true, fields: ['proxied', 'ttl'] },
      { at: ['ttl'], to: 'auto', fields: ['ttl'] },
      { at: ['comment'], to: '', fields: ['comment'] },
    ],
    immutable: [],
    optional: [['proxied'], ['ttl'], ['comment']],
    path: `/zones/${zone?.id}/dns_records/ID`,
    foreign: { method: 'PATCH', body: { tags: ['owner:me'] }, kept: { tags: ['owner:me'] } },
  },
];
