import { describe, expect, it } from 'vitest';
import { UnsafePlanError } from '../../src/lib/errors.ts';
import { runSandbox, type SeenRequest } from '../support/run-sandbox.ts';

const servers = '~/access/ai-controls/mcp/servers';
const portals = '~/access/ai-controls/mcp/portals';
const two = 'servers: { a: { url: https://a.example.com/mcp }, b: { url: https://b.example.com/mcp } }';

describe('what the API does with portals', () => {
  it('Q1: the order of servers is the account’s own, and never a difference', async () => {
    const run = runSandbox();
    await run.apply(`version: 1\n${two}\nportals: { p: { hostname: mcp.example.com, servers: [b, a] } }`);
    const live = await run.send('GET', `${portals}/p`);
    expect(live.servers.map((row: { server_id: string }) => row.server_id)).toEqual(['a', 'b']);
    expect((await run.plan(`version: 1\n${two}\nportals: { p: { hostname: mcp.example.com, servers: [b, a] } }`)).lines).toEqual(
      [],
    );
    expect((await run.plan(`version: 1\n${two}\nportals: { p: { hostname: mcp.example.com, servers: [a, b] } }`)).lines).toEqual(
      [],
    );
  });

  it('Q2: rows that carry their server under id alone are told apart', async () => {
    const older = (request: SeenRequest, result: unknown): unknown => {
      if (!request.path.startsWith(portals)) return result;
      return JSON.parse(JSON.stringify(result, (key, value) => (key === 'server_id' ? undefined : value)));
    };
    const run = runSandbox({ rewrite: older });
    const yaml = `version: 1\n${two}\nportals: { p: { hostname: mcp.example.com, servers: { a: { on_behalf: false }, b: { default: disabled } } } }`;
    const applied = await run.apply(yaml);
    expect(applied.kept).toEqual([]);
    expect((await run.plan(yaml)).lines).toEqual([]);
    expect((await run.plan(yaml.replace('disabled', 'enabled'))).lines).toEqual(['update portal:p servers.b.default']);
  });

  it('Q3: overrides are found again under the other names that answers give them, and an edit elsewhere shows', async () => {
    const run = runSandbox();
    const yaml = `version: 1\n${two}\nportals: { p: { hostname: mcp.example.com, servers: { a: { tools: { search: { alias: find, description: Finds things }, drop: false } } } } }`;
    const applied = await run.apply(yaml);
    const [row] = (await run.send('GET', `${portals}/p`)).servers[0].updated_tools;
    expect(row).toEqual({
      name: 'search',
      enabled: true,
      portal_alias: 'find',
      portal_description: 'Finds things',
      server_alias: null,
      server_description: null,
    });
    expect(applied.kept).toEqual([]);
    expect((await run.plan(yaml)).lines).toEqual([]);
    await run.send('PUT', `${portals}/p`, { servers: [{ server_id: 'a', updated_tools: [{ name: 'search', alias: 'look' }] }] });
    const planned = await run.plan(yaml);
    expect(planned.plan.changes[0]?.fields.map(({ path, before, after }) => [path, before, after])).toEqual([
      ['servers.a.tools.search.alias', 'look', 'find'],
      ['servers.a.tools.search.description', null, 'Finds things'],
      ['servers.a.tools.drop.enabled', null, false],
    ]);
  });

  it('Q3: rows that are there because of the server’s own overrides are not the portal’s', async () => {
    const run = runSandbox();
    const yaml = `
version: 1
servers: { a: { url: https://a.example.com/mcp, tools: { drop: false, search: { alias: find }, keep: true } } } # keep says nothing
portals: { p: { hostname: mcp.example.com, servers: { a: { tools: {} } } } }
`;
    const applied = await run.apply(yaml);
    expect(applied.kept).toEqual([]);
    expect((await run.send('GET', `${portals}/p`)).servers[0].updated_tools).toHaveLength(2);
    expect((await run.plan(yaml)).lines).toEqual([]);
  });

  it('Q3: a row of the server’s does not become the portal’s own when the portal is changed', async () => {
    const run = runSandbox();
    const yaml = (name: string, tools: string) =>
      `version: 1\nservers: { a: { url: https://a.example.com/mcp, tools: ${tools} } }\nportals: { p: { name: ${name}, hostname: mcp.example.com, servers: [a] } }`;
    await run.apply(yaml('One', '{ drop: false }'));
    const renamed = await run.apply(yaml('Two', '{ drop: false }'));
    expect(renamed.lines).toEqual(['update portal:p name']);
    expect(renamed.writes[0]?.body.servers[0].updated_tools).toEqual([]);
    await run.apply(yaml('Two', '{}'));
    expect((await run.send('GET', `${portals}/p`)).servers[0].updated_tools).toEqual(null);
  });

  it('Q3: what a portal says about a tool wins over what its server says', async () => {
    const run = runSandbox();
    const yaml = (server: string, portal: string) =>
      `version: 1\nservers: { a: { url: https://a.example.com/mcp, tools: ${server} } }\nportals: { p: { hostname: mcp.example.com, servers: { a: { tools: ${portal} } } } }`;
    const shown = async () =>
      Object.fromEntries(
        (await run.send('GET', `${portals}/p`)).servers[0].updated_tools.map((row: { name: string; enabled: boolean }) => [
          row.name,
          row.enabled,
        ]),
      );
    const on = await run.apply(yaml('{ x: false, y: false }', '{ x: true }'));
    expect(on.kept).toEqual([]);
    expect(await shown()).toEqual({ x: true, y: false });
    expect((await run.plan(yaml('{ x: false, y: false }', '{ x: true }'))).lines).toEqual([]);
    const off = await run.apply(yaml('{ y: false }', '{ x: false }'));
    expect(off.kept).toEqual([]);
    expect(await shown()).toEqual({ x: false, y: false });
    expect((await run.plan(yaml('{ y: false }', '{ x: false }'))).lines).toEqual([]);
    const aliased = await run.apply(yaml('{ y: false }', '{ x: false, y: { alias: why } }'));
    expect(aliased.kept).toEqual([]);
    expect(await shown()).toEqual({ x: false, y: false }); // an alias alone turns nothing on
    expect((await run.plan(yaml('{ y: false }', '{ x: false, y: { alias: why } }'))).lines).toEqual([]);
  });

  it('Q3: an allowlist under default: disabled settles', async () => {
    const run = runSandbox();
    const yaml = `version: 1\n${two}\nportals: { p: { hostname: mcp.example.com, servers: { a: { default: disabled, tools: { read: true, search: { alias: find, enabled: true }, drop: false } } } } }`;
    const applied = await run.apply(yaml);
    expect(applied.kept).toEqual([]);
    expect((await run.plan(yaml)).lines).toEqual([]);
    expect((await run.plan(yaml.replace('read: true, ', ''))).lines).toEqual(['update portal:p servers.a.tools.read']);
  });

  it('Q4: overrides that come back as null are none', async () => {
    const run = runSandbox();
    const yaml = `version: 1\n${two}\nportals: { p: { hostname: mcp.example.com, servers: { a: { tools: {}, prompts: {} } } } }`;
    await run.apply(yaml);
    expect((await run.send('GET', `${portals}/p`)).servers[0].updated_tools).toBe(null);
    expect((await run.plan(yaml)).lines).toEqual([]);
  });

  it('Q9: the record of the hostname is made with the portal', async () => {
    const run = runSandbox();
    const applied = await run.apply(`version: 1\n${two}\nportals: { p: { hostname: mcp.example.com, servers: [a] } }`);
    expect(applied.lines).toContain('create dns_record:mcp.example.com/CNAME');
    expect(applied.writes.at(-1)?.body).toMatchObject({
      type: 'CNAME',
      name: 'mcp.example.com',
      content: 'gateway.agents.cloudflare.com',
      proxied: true,
      ttl: 1,
    });
  });

  it('Q10: the record is sent without settings', async () => {
    const run = runSandbox();
    const applied = await run.apply(`version: 1\n${two}\nportals: { p: { hostname: mcp.example.com, servers: [a] } }`);
    expect(Object.keys(applied.writes.at(-1)?.body)).not.toContain('settings');
  });

  it('Q11: on_behalf is sent for each link, true where nothing says otherwise, and stays as it is when left out', async () => {
    const run = runSandbox();
    const yaml = `version: 1\n${two}\nportals: { p: { hostname: mcp.example.com, servers: { a: {}, b: { on_behalf: false } } } }`;
    const applied = await run.apply(yaml);
    const sent = applied.writes.find((write) => write.path === portals)?.body.servers;
    expect(sent.map((link: { on_behalf: boolean }) => link.on_behalf)).toEqual([true, false]);
    const later = await run.apply(
      `version: 1\n${two}\nportals: { p: { hostname: mcp.example.com, description: New, servers: [a, b] } }`,
    );
    expect(later.writes[0]?.body.servers.map((link: { on_behalf: boolean }) => link.on_behalf)).toEqual([true, false]);
  });

  it('Q12: a change of one link sends all of them, with everything that they say', async () => {
    const run = runSandbox();
    const yaml = (on: string) =>
      `version: 1\n${two}\nportals: { p: { hostname: mcp.example.com, servers: { a: { on_behalf: ${on} }, b: { } } } }`;
    await run.apply(yaml('true'));
    await run.send('PUT', `${portals}/p`, {
      servers: [
        { server_id: 'a' },
        {
          server_id: 'b',
          default_disabled: true,
          on_behalf: false,
          updated_tools: [{ name: 'x', alias: 'y', enabled: true }],
          updated_prompts: [{ name: 'q', enabled: true }],
        },
      ],
    });
    const applied = await run.apply(yaml('false'));
    expect(applied.lines).toEqual(['update portal:p servers.a.on_behalf']);
    const [, b] = (await run.send('GET', `${portals}/p`)).servers;
    expect(b).toMatchObject({
      default_disabled: true,
      on_behalf: false,
      updated_tools: [{ name: 'x', portal_alias: 'y', enabled: true }],
      updated_prompts: [{ name: 'q', enabled: true }],
    });
  });

  it('Q13: links are sent under server_id', async () => {
    const run = runSandbox();
    const applied = await run.apply(`version: 1\n${two}\nportals: { p: { hostname: mcp.example.com, servers: [a] } }`);
    expect(Object.keys(applied.writes.find((write) => write.path === portals)?.body.servers[0])).toEqual([
      'server_id',
      'default_disabled',
      'on_behalf',
      'updated_tools',
      'updated_prompts',
    ]);
  });

  it('Q14: only code_mode is sent, and one that the document leaves out stays', async () => {
    const run = runSandbox();
    await run.send('POST', portals, { id: 'p', name: 'P', hostname: 'mcp.example.com', code_mode: 'enforced' });
    const yaml = 'version: 1\nportals: { p: { hostname: mcp.example.com, description: New, dns: false } }';
    const applied = await run.apply(yaml);
    expect(applied.lines).toEqual(['update portal:p description']);
    expect(applied.writes[0]?.body).not.toHaveProperty('allow_code_mode');
    expect((await run.send('GET', `${portals}/p`)).code_mode).toBe('enforced');
    const off = await run.apply(yaml.replace('description: New', 'code_mode: off'));
    expect(off.ok).toBe(true);
    expect((await run.send('GET', `${portals}/p`)).allow_code_mode).toBe(false);
  });

  it('Q16: a hostname that another portal has is a conflict, found before anything is written', async () => {
    const run = runSandbox();
    await run.send('POST', portals, { id: 'other', name: 'O', hostname: 'mcp.example.com' });
    const planning = run.plan('version: 1\nportals: { p: { hostname: MCP.example.com, dns: false } }');
    await expect(planning).rejects.toThrow(UnsafePlanError);
    await expect(planning).rejects.toThrow(/belongs to the portal other/);
  });

  it('Q25: times that are not RFC 3339 are nothing that a plan looks at', async () => {
    const run = runSandbox();
    const yaml = `version: 1\n${two}\nportals: { p: { hostname: mcp.example.com, servers: [a] } }`;
    await run.apply(yaml);
    expect((await run.send('GET', `${servers}/a`)).created_at).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect((await run.plan(yaml)).lines).toEqual([]);
  });
});
