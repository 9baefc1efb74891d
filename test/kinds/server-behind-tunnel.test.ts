import { describe, expect, it } from 'vitest';
import { SpecError } from '../../src/spec/spec-error.ts';
import { runSandbox } from '../support/run-sandbox.ts';

const home = (...hostnames: readonly string[]): string =>
  `home: { ingress: [${hostnames.map((hostname) => `{ hostname: ${hostname}, service: "http://server:8000" }`).join(', ')}] }`;
const doc = (tunnel: string, server: string, more = ''): string =>
  `version: 1\ntunnels: { ${tunnel} }\nservers:\n  a: { ${server}, access: { policies: [] } }\n${more}`;

/** The findings of a document, errors or not, as `CODE message (hint)`. */
function findings(yaml: string): readonly string[] {
  const told = (each: { code: string; message: string; hint?: string | undefined }) =>
    `${each.code} ${each.message} (${each.hint})`;
  try {
    return runSandbox().load(yaml).findings.map(told);
  } catch (error) {
    if (error instanceof SpecError) return error.findings.map(told);
    throw error;
  }
}

describe('a server behind a tunnel', () => {
  it('answers at the tunnel’s only hostname, and comes after the tunnel and its record', async () => {
    const run = runSandbox();
    const yaml = doc(home('a.example.com'), 'tunnel: home');
    const result = await run.apply(yaml);
    expect(result.lines.slice(0, 3)).toEqual(['create tunnel:home', 'create dns_record:a.example.com/CNAME', 'create server:a']);
    expect(result.plan.changes.find(({ kind }) => kind === 'server')?.after).toEqual([
      'tunnel:home',
      'dns_record:a.example.com/CNAME',
    ]);
    expect((await run.send('GET', '~/access/ai-controls/mcp/servers/a')).hostname).toBe('https://a.example.com/mcp');
    expect((await run.plan(yaml)).lines).toEqual([]);
  });

  it('goes before them', async () => {
    const run = runSandbox();
    const yaml = doc(home('a.example.com'), 'tunnel: home');
    await run.apply(yaml);
    const { lines, ok } = await run.apply(yaml, { destroy: true });
    expect(lines.slice(-3)).toEqual(['delete server:a', 'delete dns_record:a.example.com/CNAME', 'delete tunnel:home']);
    expect(ok).toBe(true);
  });

  it('says its own address on one of several hostnames, by name or by pattern', async () => {
    const run = runSandbox();
    const tunnel = home('a.example.com', '"*.b.example.com"');
    expect(findings(doc(tunnel, 'tunnel: home, url: https://A.example.com/v1/mcp'))).toEqual([expect.stringContaining('MCP001')]);
    const { plan } = await run.plan(doc(tunnel, 'tunnel: home, url: https://x.b.example.com/mcp'));
    expect(plan.changes.find(({ kind }) => kind === 'server')?.after).toEqual([
      'tunnel:home',
      'dns_record:*.b.example.com/CNAME',
    ]);
  });

  it('moves when the hostname does: the server is replaced', async () => {
    const run = runSandbox();
    await run.apply(doc(home('a.example.com'), 'tunnel: home'));
    const { lines } = await run.apply(doc(home('b.example.com'), 'tunnel: home'));
    expect(lines).toEqual(['update tunnel:home ingress', 'create dns_record:b.example.com/CNAME', 'replace server:a url']);
  });

  it.each([
    [
      home('a.example.com', 'b.example.com'),
      'tunnel: home',
      'MCP212 servers.a needs url: tunnels.home does not have exactly one hostname (it has: a.example.com, b.example.com)',
    ],
    [home(), 'tunnel: home', '(it has none)'],
    ['home: {}', 'tunnel: home', '(it has none)'],
    [home('"*.example.com"'), 'tunnel: home', '(it has: *.example.com)'],
    [
      home('a.example.com'),
      'tunnel: home, url: https://b.example.com/mcp',
      'MCP212 servers.a: tunnels.home has no hostname b.example.com (it has: a.example.com)',
    ],
    [home('a.example.com'), 'tunnel: hoem', 'MCP212 there is no tunnel "hoem" (did you mean "home"?)'],
    [home('a.example.com'), 'tunnel: hoem, url: https://a.example.com/mcp', 'MCP201 there is no tunnel "hoem"'],
    ['home: { absent: true }', 'tunnel: home', 'MCP202 tunnels.home is absent: true'],
  ])('is refused where %s gives { %s } no address', (tunnel, server, words) => {
    const [first, ...others] = findings(doc(tunnel, server)).filter((line) => !line.startsWith('MCP001'));
    expect(first).toContain(words);
    expect(others).toEqual([]);
  });

  it('has no warning of the private service behind it', () => {
    const yaml =
      'version: 1\npolicies: { p: { decision: allow, include: [{ email: a@example.com }] } }\n' +
      `tunnels: { ${home('a.example.com').replace('server:8000', '127.0.0.1:8000')} }\n` +
      'servers: { a: { tunnel: home, auth: oauth, access: { policies: [p] } } }';
    expect(findings(yaml)).toEqual([]);
  });

  it('may be behind one whose rules the document leaves as they are', async () => {
    const run = runSandbox();
    await run.send('POST', '~/cfd_tunnel', { name: 'home', config_src: 'cloudflare' });
    expect((await run.plan(doc('home: {}', 'tunnel: home, url: https://a.example.com/mcp'))).lines).toEqual([
      'create server:a',
      'create server_app:a',
    ]);
  });
});
