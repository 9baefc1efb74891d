// A document of N servers with their applications, 20 policies and 3 portals, and the live state that matches it.

const account = 'a'.repeat(32);
const zone = { id: 'e'.repeat(32), name: 'example.com', status: 'active' };
const uuid = (kind, index) => `${kind}0000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

export const accountId = account;
const policyCount = 20;
const portalCount = 3;

/** The document's text. */
export function documentOf(servers) {
  const lines = ['version: 1', 'policies:'];
  for (let i = 0; i < policyCount; i += 1) {
    lines.push(
      `  policy-${i}:`,
      `    name: Policy ${i}`,
      '    decision: allow',
      `    include: [{ email_domain: team${i}.example.com }]`,
    );
  }
  lines.push('servers:');
  for (let i = 0; i < servers; i += 1) {
    lines.push(
      `  server-${i}:`,
      `    name: Server ${i}`,
      `    url: https://server-${i}.example.com/mcp`,
      `    description: Number ${i}`,
    );
    lines.push(`    access: { policies: [policy-${i % policyCount}] }`);
  }
  lines.push('portals:');
  for (let p = 0; p < portalCount; p += 1) {
    lines.push(`  portal-${p}:`, `    name: Portal ${p}`, `    hostname: portal-${p}.example.com`, '    servers:');
    for (const i of linked(servers, p)) lines.push(`      server-${i}: { on_behalf: false }`);
    lines.push('    access: { policies: [policy-0, policy-1] }');
  }
  return `${lines.join('\n')}\n`;
}

/** A portal links every third server, 80 at most, as Cloudflare allows. */
const linked = (servers, portal) =>
  Array.from({ length: servers }, (_, i) => i)
    .filter((i) => i % portalCount === portal)
    .slice(0, 80);

/** What the API answers, by path. */
export function liveOf(servers) {
  const policies = Array.from({ length: policyCount }, (_, i) => ({
    id: uuid('1', i),
    name: `Policy ${i}`,
    decision: 'allow',
    include: [{ email_domain: { domain: `team${i}.example.com` } }],
    exclude: [],
    require: [],
    reusable: true,
    app_count: 1,
  }));
  const rows = Array.from({ length: servers }, (_, i) => ({
    id: `server-${i}`,
    name: `Server ${i}`,
    hostname: `https://server-${i}.example.com/mcp`,
    description: `Number ${i}`,
    auth_type: 'unauthenticated',
    status: 'ready',
    updated_tools: [],
    updated_prompts: [],
    tools: Array.from({ length: 20 }, (_unused, tool) => toolOf(tool)),
  }));
  const portals = Array.from({ length: portalCount }, (_, p) => ({
    id: `portal-${p}`,
    name: `Portal ${p}`,
    hostname: `portal-${p}.example.com`,
    code_mode: 'opt_in',
    servers: linked(servers, p).map((i) => ({
      ...rows[i],
      server_id: `server-${i}`,
      default_disabled: false,
      on_behalf: false,
      tools: [],
    })),
  }));
  const withPolicies = (...indexes) => indexes.map((index, at) => ({ ...policies[index], precedence: at + 1 }));
  const apps = [
    ...rows.map((row, i) => ({
      id: uuid('2', i),
      type: 'mcp',
      name: row.name,
      destinations: [{ type: 'via_mcp_server_portal', mcp_server_id: row.id }],
      policies: withPolicies(i % policyCount),
    })),
    ...portals.map((portal, p) => ({
      id: uuid('3', p),
      type: 'mcp_portal',
      name: portal.name,
      domain: portal.hostname,
      policies: withPolicies(0, 1),
    })),
  ];
  const records = portals.map((portal, p) => ({
    id: String(p).padStart(32, '0'),
    type: 'CNAME',
    name: portal.hostname,
    content: 'gateway.agents.cloudflare.com',
    proxied: true,
    ttl: 1,
  }));
  return new Map([
    [`/accounts/${account}/access/policies`, policies],
    [`/accounts/${account}/access/ai-controls/mcp/servers`, rows],
    [`/accounts/${account}/access/ai-controls/mcp/portals`, portals],
    [`/accounts/${account}/access/apps`, apps],
    ['/zones', [zone]],
    [`/zones/${zone.id}/dns_records`, records],
  ]);
}

const toolOf = (index) => ({
  name: `tool_${index}`,
  description: `What the tool number ${index} does, in a sentence of an ordinary length for a tool description.`,
  inputSchema: {
    type: 'object',
    properties: { query: { type: 'string', description: 'What to look for.' }, limit: { type: 'integer' } },
    required: ['query'],
  },
});

/** The requests of an empty plan, in the two rounds that the zone look-up makes of them. */
export function minimalRequests(servers) {
  const pages = (path, perPage, count) =>
    Array.from({ length: Math.ceil(count / perPage) }, (_, i) => `${path}?page=${i + 1}&per_page=${perPage}`);
  const base = `/accounts/${account}/access`;
  return [
    [
      ...pages(`${base}/ai-controls/mcp/servers`, 100, servers),
      ...pages(`${base}/ai-controls/mcp/portals`, 100, portalCount),
      ...pages(`${base}/apps`, 1000, servers + portalCount),
      ...pages(`${base}/policies`, 1000, policyCount),
      `/zones?name=${zone.name}&account.id=${account}`,
    ],
    [`/zones/${zone.id}/dns_records?page=1&per_page=5000`],
  ];
}
