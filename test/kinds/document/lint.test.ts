import { describe, expect, it } from 'vitest';
import { runSandbox } from '../../support/run-sandbox.ts';

const base = `version: 1
service_tokens: { ci: {} }
policies:
  people: { decision: allow, include: [{ email: a@example.com }] }
  robots: { decision: service_auth, include: [{ service_token: ci }] }
`;
const people = 'access: { policies: [people] }';

const found = (yaml: string, env: Readonly<Record<string, string>> = {}) =>
  runSandbox()
    .load(yaml, env)
    .findings.map(({ code, place }) => `${code} ${place?.path}`);

const server = (fields: string, more = '') => `${base}servers: { a: { url: https://a.example.com/mcp, ${fields} } }\n${more}`;
const url = (text: string) => `${base}servers: { a: { url: "${text}", ${people} } }\n`;
const portal = (fields: string, more = '') =>
  server('access: { policies: [people, robots] }', `portals: { p: { hostname: mcp.example.com, ${fields} } }\n${more}`);
const host = (hostname: string, fields = '') =>
  server(people, `portals: { p: { hostname: ${hostname}, ${people}, ${fields} } }\n`);
const app = (fields: string) => portal(people, `applications: { classic: { policies: [people], ${fields} } }\n`);
const policy = (fields: string) => `${base}  it: { ${fields} }\n`;
const cors = 'cors: { allowed_origins: ["*"], allow_credentials: true }';

describe.each([
  ['a server without access', server(''), 'MCP001 servers.a'],
  ['a server with access and no policies', server('access: {}'), 'MCP001 servers.a.access'],
  ['a server with an empty list of policies', server('access: { policies: [] }'), 'MCP001 servers.a.access.policies'],
  ['a server whose policies are cleared', server('access: { policies: null }'), 'MCP001 servers.a.access.policies'],
  ['a portal without access', portal('servers: [a]'), 'MCP001 portals.p'],
  ['a portal with access and no policies', portal('access: { session_duration: 24h }'), 'MCP001 portals.p.access'],
  ['a portal with an empty list of policies', portal('access: { policies: [] }'), 'MCP001 portals.p.access.policies'],
  [
    'on_behalf for a service token',
    portal(`${people}, service_tokens: [ci], servers: { a: { on_behalf: true } }`),
    'MCP002 portals.p.servers.a.on_behalf',
  ],
  [
    'on_behalf for a service token of a policy',
    portal('access: { policies: [people, robots] }, servers: { a: { on_behalf: null } }'),
    'MCP002 portals.p.servers.a.on_behalf',
  ],
  ['a hostname two labels deep', host('a.mcp.example.com'), 'MCP003 portals.p.hostname'],
  [
    'a hostname deep in the zone that it names',
    host('mcp.eu.example.com', 'dns: { zone: example.com }'),
    'MCP003 portals.p.hostname',
  ],
  ["open CORS with credentials, a portal's", portal(`access: { policies: [people], ${cors} }`), 'MCP004 portals.p.access.cors'],
  ["open CORS with credentials, an application's", app(`domain: x.example.com, ${cors}`), 'MCP004 applications.classic.cors'],
  [
    "a portal's record that points at cloudflareaccess.com",
    portal(`${people}, dns: { target: Team.CloudflareAccess.com. }`),
    'MCP005 portals.p.dns.target',
  ],
  [
    'a record that points at cloudflareaccess.com',
    portal(people, 'dns: [{ type: CNAME, name: x.example.com, content: team.cloudflareaccess.com }]\n'),
    'MCP005 dns[0].content',
  ],
  ['an application on the hostname of a portal', app('domain: MCP.example.com'), 'MCP006 applications.classic.domain'],
  ['an application on a path of it', app('domain: mcp.example.com/mcp'), 'MCP006 applications.classic.domain'],
  [
    'an application that is called a portal',
    app('name: MCP portal, domain: x.example.com'),
    'MCP006 applications.classic.domain',
  ],
  ['an application that looks like one', app('name: Portal, domain: x.example.com/mcp'), 'MCP006 applications.classic.domain'],
  ['a workers.dev origin', url('https://x.Acct.Workers.dev/mcp'), 'MCP007 servers.a.url'],
  ['an http origin', url('HTTP://x.example.com/mcp'), 'MCP008 servers.a.url'],
  ['an sse address', url('https://x.example.com/sse/?a=1'), 'MCP009 servers.a.url'],
  ['a page of Cloudflare', url('https://portal.mcp.cloudflare.com/mcp'), 'MCP010 servers.a.url'],
  ['allow for everyone', policy('decision: allow, include: [{ everyone: true }]'), 'MCP011 policies.it.include'],
  ['a bypass', policy('decision: bypass, include: [{ ip: 203.0.113.7 }]'), 'MCP012 policies.it.decision'],
  ['a service token among people', policy('decision: allow, include: [{ service_token: ci }]'), 'MCP013 policies.it.decision'],
  ['a bypass for everyone', policy('decision: bypass, include: [{ everyone: true }]'), 'MCP014 policies.it.include'],
  [
    "a bypass for everyone in the API's words",
    policy('decision: bypass, include: [{ raw: { everyone: {} } }]'),
    'MCP014 policies.it.include',
  ],
  [
    'a name that is too long',
    server(`${people}, tools: { ${'x'.repeat(70)}: true }`),
    `MCP018 servers.a.tools.${'x'.repeat(70)}`,
  ],
  ['a name with other characters', server(`${people}, tools: { "do it": true }`), 'MCP018 servers.a.tools["do it"]'],
  [
    'a name that is too long in a portal',
    portal(`${people}, servers: { a: { tools: { ${'x'.repeat(63)}: { description: y } } } }`),
    `MCP018 portals.p.servers.a.tools.${'x'.repeat(63)}`,
  ],
  [
    'an alias that the server gives another tool',
    server(
      `${people}, tools: { search: { alias: find } }`,
      `portals: { p: { hostname: mcp.example.com, ${people}, servers: { a: { tools: { list: { alias: find } } } } } }\n`,
    ),
    'MCP020 portals.p.servers.a.tools.list.alias',
  ],
])('%s', (_, yaml, expected) => {
  it('is told once, with its place', () => {
    expect(found(yaml)).toEqual([expected]);
  });

  it('is a warning with a hint', () => {
    expect(runSandbox().load(yaml).findings).toMatchObject([{ severity: 'warning', hint: expect.stringMatching(/\w/) }]);
  });

  it('is told by plan too', async () => {
    const { plan } = await runSandbox().plan(yaml);
    expect(plan.diagnostics.map(({ code, place }) => `${code} ${place?.path}`)).toEqual([expected]);
  });
});

describe('nothing is said of', () => {
  it.each([
    [
      'a server whose only policies are those of bots',
      portal(`${people}, service_tokens: [ci], servers: [a]`).replace('[people, robots] }', '[] }'),
    ],
    ['a portal that only bots use', portal('access: { policies: [] }, service_tokens: [ci], servers: [a]')],
    ['on_behalf where no service token gets in', portal(`${people}, servers: { a: { on_behalf: true } }`)],
    ['on_behalf: false for bots', portal(`${people}, service_tokens: [ci], servers: { a: { on_behalf: false } }`)],
    [
      'a hostname one label below a zone that a record names',
      host('mcp.eu.example.com').concat('dns: [{ zone: eu.example.com, type: A, name: x, content: 192.0.2.1 }]\n'),
    ],
    ['a hostname below a name such as co.uk', host('mcp.example.co.uk')],
    ['a hostname that Cloudflare gives out', host('p.account.workers.dev')],
    ['open CORS without credentials', app('domain: x.example.com, cors: { allowed_origins: ["*"] }')],
    ['an application on another hostname', app('name: Customer portal, domain: x.example.com')],
    ['a server on a private network', url('http://10.0.0.7:8000/mcp')],
    ['a path that only looks like sse', url('https://x.example.com/assess')],
    ['a bot policy', policy('decision: service_auth, include: [{ any_valid_service_token: true }]')],
    ['everyone of whom more is required', policy('decision: allow, include: [{ everyone: true }], require: [{ country: DE }]')],
    ['a long name with an alias', server(`${people}, tools: { ${'x'.repeat(70)}: { alias: short } }`)],
    ['a long name that is off', server(`${people}, tools: { ${'x'.repeat(70)}: false }`)],
    [
      'an alias that the link takes from the server',
      server(
        `${people}, tools: { search: { alias: find }, gone: { alias: seek, enabled: false } }`,
        `portals: { p: { hostname: mcp.example.com, ${people}, servers: { a: { tools: { search: { alias: look }, list: { alias: find }, other: { alias: seek } } } } } }\n`,
      ),
    ],
    ['an entry that is to be absent', `${base}servers: { a: { absent: true, url: "http://x.example.com/sse" } }\n`],
  ])('%s', (_, yaml) => {
    expect(found(yaml)).toEqual([]);
  });
});

it('says of an oauth server that bots do not see it once, however its link is written', () => {
  const yaml = portal(`${people}, service_tokens: [ci], servers: { a: { on_behalf: true } }`).replace(
    'a: { url',
    'a: { auth: oauth, url',
  );
  expect(found(yaml)).toEqual(['MCP002 portals.p.servers']);
});

it('takes the longest of the zones that records name', () => {
  const records =
    'dns: [{ zone: example.com, type: A, name: x, content: 192.0.2.1 }, { zone: eu.example.com, type: A, name: x, content: 192.0.2.1 }]\n';
  expect(found(host('mcp.eu.example.com') + records)).toEqual([]);
  expect(found(host('a.mcp.eu.example.com') + records)).toEqual(['MCP003 portals.p.hostname']);
});

it('counts the servers of a portal', () => {
  const servers = (count: number) => Array.from({ length: count }, (_, index) => `s${index}`);
  const many = (count: number) => {
    const entries = servers(count).map((key) => `${key}: { url: "https://${key}.example.com/mcp", ${people} }`);
    const fields = `hostname: mcp.example.com, ${people}, servers: [${servers(count).join(', ')}]`;
    return `${base}servers: { ${entries.join(', ')} }\nportals: { p: { ${fields} } }\n`;
  };
  expect(found(many(80))).toEqual([]);
  expect(found(many(81))).toEqual(['MCP015 portals.p.servers']);
});

it('says a collision inside one place as an error only', () => {
  const twice = portal(`${people}, servers: { a: { tools: { x: { alias: y }, z: { alias: y } } } }`);
  expect(() => found(twice)).toThrow('the alias "y" of z is taken by x');
  expect(() => found(server(`${people}, tools: { x: { alias: "a b" } }`))).toThrow('an alias has 1-40 letters and digits');
});

describe('a value that looks like a secret', () => {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  const described = (text: string) => server(`${people}, description: '${text}'`);

  it.each([
    `ghp_${letters}`,
    `github_pat_${letters}`,
    `glpat-${letters}`,
    `xoxb-1234567890-${letters}`,
    'AKIAIOSFODNN7EXAMPLE',
    `sk-${letters}`,
    `sk-ant-api03-${letters}`,
    `sk_live_${letters}`,
    `cfast_${letters}`,
    `AIzaSy${letters}`,
    `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${letters}`,
    `Bearer ${letters}`,
    'Basic dXNlcjpwYXNzd29yZDEyMw==',
    `token: ${'0123456789abcdef'.repeat(2)}`,
    '-----BEGIN RSA PRIVATE KEY-----',
  ])('%s is told and not shown', (secret) => {
    expect(found(described(`see ${secret} there`))).toEqual(['MCP017 servers.a.description']);
    const { findings } = runSandbox().load(described(secret));
    expect(findings).toMatchObject([{ severity: 'warning', code: 'MCP017', sensitive: true }]);
    expect(JSON.stringify(findings)).not.toContain(secret);
  });

  it.each([
    'Bearer authentication-with-a-token',
    'the risk-assessment-and-compliance-management server',
    'sk-learn-pipeline-for-models-v2',
    'a token of your own',
    'https://example.com/a?b=c#d',
    'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'b5ad2f5e-7d6d-4e6e-9c3a-0f4f4a1f9f11',
  ])('is not %s', (words) => {
    expect(found(described(words))).toEqual([]);
  });

  it('is found wherever it stands, in every section', () => {
    const secret = `ghp_${letters}`;
    expect(found(policy(`decision: allow, include: [{ email: [a@example.com, ${secret}] }]`))).toEqual([
      'MCP017 policies.it.include[0].email[1]',
    ]);
    expect(
      found(`${base}groups: { g: { include: [{ raw: { odd: { api_token: ${'0123456789abcdef'.repeat(2)} } } }] } }\n`),
    ).toEqual(['MCP017 groups.g.include[0].raw.odd.api_token']);
    expect(found(server(`${people}, auth: { bearer: "cmd:echo ${secret}" }`))).toEqual(['MCP017 servers.a.auth.bearer']);
    expect(found(`${base}servers: { a: { absent: true, description: ${secret} } }\n`)).toEqual(['MCP017 servers.a.description']);
  });

  it('is not a reference to one, nor an id of a service token', () => {
    expect(found(server(`${people}, auth: { bearer: "env:ghp_${letters}" }`))).toEqual([]);
    expect(found(policy(`decision: service_auth, include: [{ service_token: ${'0123456789abcdef'.repeat(2)} }]`))).toEqual([]);
  });

  it('is also what a variable brought', () => {
    expect(found(described('${TOKEN}'), { TOKEN: `ghp_${letters}` })).toEqual(['MCP017 servers.a.description']);
  });

  it('in a parameter of a URL is told as that', () => {
    expect(found(url(`https://x.example.com/mcp?token=ghp_${letters}`))).toEqual(['MCP016 servers.a.url']);
    expect(found(url(`https://x.example.com/ghp_${letters}/mcp`))).toEqual(['MCP017 servers.a.url']);
  });
});
