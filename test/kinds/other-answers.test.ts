import { describe, expect, it } from 'vitest';
import { isPlain } from '../../src/engine/values.ts';
import { outputsOf } from '../../src/pipeline.ts';
import { runSandbox, type SeenRequest } from '../support/run-sandbox.ts';

const portals = '~/access/ai-controls/mcp/portals';
const a = 'servers: { a: { url: https://a.example.com/mcp } }';

/** Override rows of portals as other versions of the API answer them. */
const withRows =
  (rename: (row: Readonly<Record<string, unknown>>) => object) =>
  (request: SeenRequest, result: unknown): unknown =>
    request.path.startsWith(portals)
      ? JSON.parse(JSON.stringify(result), (_key, value) => (isPlain(value) && 'portal_alias' in value ? rename(value) : value))
      : result;

const plain = withRows(({ name, enabled, portal_alias: alias, portal_description: description }) => ({
  name,
  enabled,
  alias,
  description,
}));
const half = withRows(({ name, enabled, portal_alias, portal_description: description }) => ({
  name,
  enabled,
  portal_alias,
  description,
}));

describe.each([
  ['alias and description', plain],
  ['portal_alias and description', half],
])('a portal whose rows are answered with %s', (_what, rewrite) => {
  const full = `version: 1\n${a}\nportals: { p: { hostname: mcp.example.com, dns: false, servers: { a: { tools: { search: { alias: find, description: Finds }, drop: false } } } } }`;

  it('settles', async () => {
    const run = runSandbox({ rewrite });
    expect((await run.apply(full)).kept).toEqual([]);
    expect((await run.plan(full)).lines).toEqual([]);
  });

  it('keeps them where the document is silent', async () => {
    const run = runSandbox({ rewrite });
    await run.apply(full);
    const applied = await run.apply(`version: 1\nportals: { p: { hostname: mcp.example.com, dns: false, code_mode: "off" } }`);
    expect(applied.writes[0]?.body.servers[0].updated_tools).toEqual([
      { name: 'search', alias: 'find', description: 'Finds', enabled: true },
      { name: 'drop', enabled: false },
    ]);
  });
});

it('texts that are the server’s do not become the portal’s, whichever way they are answered', async () => {
  const doc = (name: string) =>
    `version: 1\nservers: { a: { url: https://a.example.com/mcp, tools: { search: { alias: find, description: Finds } } } }\nportals: { p: { name: ${name}, hostname: mcp.example.com, dns: false, servers: [a] } }`;
  const named = withRows((row) => ({ ...row, alias: row['server_alias'], description: row['server_description'] }));
  const unnamed = withRows(({ name, enabled, server_alias: alias, server_description: description }) => ({
    name,
    enabled,
    alias,
    description,
  }));
  for (const rewrite of [named, unnamed]) {
    const run = runSandbox({ rewrite });
    await run.apply(doc('One'));
    expect((await run.apply(doc('Two'))).writes.map(({ body }) => body.servers[0].updated_tools)).toEqual([[]]);
  }
});

it('a portal listed with servers: null has none, and is not read on its own', async () => {
  const rewrite = (request: SeenRequest, result: unknown): unknown =>
    request.path === portals && request.method === 'GET' && Array.isArray(result)
      ? result.map((portal) => ({ ...portal, servers: null }))
      : result;
  const run = runSandbox({ rewrite });
  await run.send('POST', portals, { id: 'p', name: 'p', hostname: 'mcp.example.com' });
  const planned = await run.plan('version: 1\nportals: { p: { hostname: mcp.example.com, dns: false, servers: [] } }');
  expect(planned.lines).toEqual([]);
  expect(planned.requests.map(({ path }) => path)).toEqual([portals]);
});

it('changes that are answered with nothing but an id are carried out, and settle', async () => {
  const rewrite = (request: SeenRequest, result: unknown): unknown =>
    request.method !== 'GET' && /mcp|dns_records/.test(request.path) && isPlain(result) ? { id: result['id'] } : result;
  const run = runSandbox({ rewrite });
  const doc = (name: string) => `
version: 1
servers: { a: { name: ${name}, url: https://a.example.com/mcp } }
portals: { p: { name: ${name}, hostname: mcp.example.com, servers: { a: { tools: { x: { alias: y } } } } } }
dns: [{ type: TXT, name: t.example.com, content: hello, comment: ${name} }]
`;
  for (const name of ['One', 'Two']) {
    const applied = await run.apply(doc(name));
    expect(applied.ok).toBe(true);
    expect(applied.lines).toHaveLength(name === 'One' ? 4 : 3);
    const { desired } = run.load(doc(name));
    expect(outputsOf(applied.proposal, desired)).toEqual({ portals: { p: { url: 'https://mcp.example.com/mcp' } } });
    expect((await run.plan(doc(name))).lines).toEqual([]);
  }
});

it('an empty list of tools or prompts clears them like an empty map', async () => {
  const run = runSandbox();
  const doc = (tools: string) =>
    `version: 1\nservers: { a: { url: https://a.example.com/mcp, tools: ${tools}, prompts: ${tools} } }\nportals: { p: { hostname: mcp.example.com, dns: false, servers: { a: { tools: ${tools}, prompts: ${tools} } } } }`;
  await run.apply(doc('{ x: { alias: y } }'));
  expect((await run.apply(doc('[]'))).lines).toEqual([
    'update server:a tools.x, prompts.x',
    'update portal:p servers.a.tools.x, servers.a.prompts.x',
  ]);
  expect((await run.plan(doc('{}'))).lines).toEqual([]);
  expect(() => run.load(doc('[x]'))).toThrow('portal.yaml:');
  expect(() => run.load(doc('{ x: { alias: "no no" } }'))).toThrow('an alias has');
});
