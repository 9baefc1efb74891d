import { describe, expect, it } from 'vitest';
import { SpecError } from '../../src/spec/spec-error.ts';
import { runSandbox } from '../support/run-sandbox.ts';

const files = { 'w.js': "export default { fetch: () => new Response('one') };\n" };
const doc = (server: string, routes = 'custom_domains: [api.example.com, more.example.com]', more = ''): string => `version: 1
policies: { people: { decision: allow, include: [{ email: user@example.com }] } }
workers: { w: { main: w.js, routes: { ${routes} }${more} } }
servers: { s: { ${server}, access: { policies: [people] } } }
`;

const errorsOf = (yaml: string) => {
  try {
    runSandbox({ files }).load(yaml);
  } catch (error) {
    if (error instanceof SpecError)
      return error.findings.map(({ code, message, place }) => ({ code, message, path: place?.path }));
    throw error;
  }
  return [];
};

describe('a server on a Worker of the document', () => {
  it('has its url on the first custom domain, and comes after the Worker', async () => {
    const run = runSandbox({ files });
    const yaml = doc('worker: w');
    const { ok, lines, plan } = await run.apply(yaml);
    expect(ok).toBe(true);
    expect(lines.indexOf('create worker:w')).toBeLessThan(lines.indexOf('create server:s'));
    expect(plan.changes.find(({ address }) => address === 'server:s')?.after).toEqual(['worker:w']);
    expect((await run.send('GET', '~/access/ai-controls/mcp/servers/s')).hostname).toBe('https://api.example.com/mcp');
    expect((await run.plan(yaml)).lines).toEqual([]);
    expect((await run.apply(yaml, { destroy: true })).ok).toBe(true);
  });

  it('may say another path, on any of the domains', () => {
    expect(errorsOf(doc('worker: w, url: "https://More.example.com/sse2"'))).toEqual([]);
    const { desired } = runSandbox().load(doc('worker: w, url: "https://more.example.com/other"'));
    expect(desired.find(({ kind }) => kind === 'server')?.state['url']).toBe('https://more.example.com/other');
  });

  it('is refused on a hostname that the Worker does not have, with those that it has', () => {
    expect(errorsOf(doc('worker: w, url: "https://x.example.com/mcp"'))).toEqual([
      { code: 'MCP212', path: 'servers.s.url', message: expect.stringContaining('api.example.com, more.example.com') },
    ]);
  });

  it('needs a custom domain, because a portal cannot reach workers.dev', () => {
    expect(errorsOf(doc('worker: w', 'workers_dev: true'))).toEqual([
      { code: 'MCP212', path: 'servers.s.worker', message: expect.stringContaining('error 1042') },
    ]);
  });

  it('names one that the document has and keeps', () => {
    expect(errorsOf(doc('worker: v'))).toMatchObject([
      { code: 'MCP212', path: 'servers.s.worker', message: 'there is no Worker "v"' },
    ]);
    expect(errorsOf(doc('worker: w', undefined, ', absent: true'))).toMatchObject([{ code: 'MCP202', path: 'servers.s.worker' }]);
    const both = doc('worker: w, tunnel: t').replace(
      'servers:',
      'tunnels: { t: { ingress: [{ hostname: t.example.com, service: "http://x:1" }] } }\nservers:',
    );
    expect(errorsOf(both)).toMatchObject([{ code: 'MCP212', message: 'servers.s names a Worker and a tunnel' }]);
  });

  it('moves with the Worker: another first domain is a replacement of the server', async () => {
    const run = runSandbox({ files });
    await run.apply(doc('worker: w'));
    const moved = doc('worker: w', 'custom_domains: [more.example.com]');
    const { ok, lines } = await run.apply(moved);
    expect(ok).toBe(true);
    expect(lines).toEqual(['update worker:w routes.custom_domains', 'replace server:s url']);
  });
});
