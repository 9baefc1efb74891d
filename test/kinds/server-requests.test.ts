import { describe, expect, it } from 'vitest';
import { runSandbox, type SeenRequest } from '../support/run-sandbox.ts';

const places = (requests: readonly SeenRequest[]): readonly string[] =>
  requests.map(({ path, query }) => {
    const search = new URLSearchParams(query);
    const shown = ['name', 'page'].filter((key) => search.has(key)).map((key) => `${key}=${search.get(key)}`);
    return `${path.replace(/[0-9a-f]{32}/, 'ZONE')}?${shown.join('&')}`;
  });

const whole = `
version: 1
service_tokens: { ci: { out: stdout } }
groups: { staff: { include: [{ email_domain: example.com }] } }
policies: { people: { decision: allow, include: [{ group: staff }] } }
servers:
  a: { url: https://a.example.com/mcp, access: { policies: [people] }, tools: { drop: false, search: { alias: find } } }
  b: { url: https://b.example.com/mcp, access: { policies: [people] } }
portals:
  p: { hostname: mcp.example.com, servers: [a, b], access: { policies: [people] }, service_tokens: [ci] }
  q: { hostname: q.example.com, servers: { a: { tools: { read: false } } }, access: { policies: [people] } }
`;

describe('the requests of a run', () => {
  it('are, for a plan without changes, one listing for each kind in use and one look-up for each zone', async () => {
    const run = runSandbox();
    await run.apply(whole);
    const planned = await run.plan(whole);
    expect(planned.lines).toEqual([]);
    expect(places(planned.requests).toSorted()).toEqual([
      '/zones/ZONE/dns_records?page=1',
      '/zones?name=example.com&page=1',
      '~/access/ai-controls/mcp/portals?page=1',
      '~/access/ai-controls/mcp/servers?page=1',
      '~/access/apps?page=1',
      '~/access/groups?page=1',
      '~/access/policies?page=1',
      '~/access/service_tokens?page=1',
    ]);
  });

  it('leave out the kinds that the document does not use', async () => {
    const run = runSandbox();
    await run.apply(whole);
    const planned = await run.plan('version: 1\nservers: { a: { url: https://a.example.com/mcp } }');
    expect(places(planned.requests)).toEqual(['~/access/ai-controls/mcp/servers?page=1']);
    const portal = await run.plan('version: 1\nportals: { q: { hostname: q.example.com, dns: false } }');
    expect(new Set(places(portal.requests)).size).toBe(portal.requests.length);
  });

  it('ask for a portal by itself only where the listing leaves its servers out', async () => {
    const listing = (request: SeenRequest, result: unknown): unknown =>
      request.path.endsWith('/mcp/portals') && Array.isArray(result)
        ? result.map(({ servers: _servers, ...portal }: Record<string, unknown>) => portal)
        : result;
    const run = runSandbox({ rewrite: listing });
    await run.apply(whole);
    const planned = await run.plan(whole);
    expect(planned.lines).toEqual([]);
    expect(
      places(planned.requests)
        .filter((place) => place.includes('/portals/'))
        .toSorted(),
    ).toEqual(['~/access/ai-controls/mcp/portals/p?', '~/access/ai-controls/mcp/portals/q?']);
  });

  it('fetch the pages after the first together', async () => {
    const run = runSandbox();
    const ids = Array.from({ length: 250 }, (_, index) => `s${index}`);
    for (const id of ids)
      await run.send('POST', '~/access/ai-controls/mcp/servers', {
        id,
        name: id,
        hostname: `https://${id}.example.com/mcp`,
        auth_type: 'unauthenticated',
      });
    const yaml = `version: 1\nservers:\n${ids.map((id) => `  ${id}: { url: 'https://${id}.example.com/mcp' }`).join('\n')}\n`;
    let open = 0;
    let most = 0;
    const { account } = run;
    const counted = runSandbox({
      state: account.state,
      around: async (request, answer) => {
        if (request.path.endsWith('/mcp/servers')) most = Math.max(most, ++open);
        const response = await answer();
        await Promise.resolve();
        if (request.path.endsWith('/mcp/servers')) open -= 1;
        return response;
      },
    });
    const planned = await counted.plan(yaml);
    expect(planned.lines).toEqual([]);
    expect(planned.plan.unchanged).toBe(250);
    expect(places(planned.requests)).toEqual([1, 2, 3].map((page) => `~/access/ai-controls/mcp/servers?page=${page}`));
    expect(most).toBe(2); // the first page tells how many there are
  });
});
