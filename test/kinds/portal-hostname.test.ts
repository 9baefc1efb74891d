import { describe, expect, it } from 'vitest';
import { runSandbox } from '../support/run-sandbox.ts';

const portals = '~/access/ai-controls/mcp/portals';
const doc = (...entries: readonly string[]): string => `version: 1\nportals: { ${entries.join(', ')} }`;
const p = 'p: { hostname: mcp.example.com, servers: [], access: {} }';

type Run = ReturnType<typeof runSandbox>;
const recordsOf = async (run: Run): Promise<readonly string[]> =>
  (await run.send('GET', `/zones/${run.account.state.zones[0]?.id}/dns_records`)).map(({ name }: { name: string }) => name);

describe('a portal that is absent, without its hostname', () => {
  it('takes its record along, before it goes itself', async () => {
    const run = runSandbox();
    await run.apply(doc(p, 'q: { hostname: other.example.com, servers: [] }'));
    const applied = await run.apply(doc('p: { absent: true }'));
    expect(applied.lines.toSorted()).toEqual(['delete dns_record:p/CNAME', 'delete portal:p', 'delete portal_app:p']);
    expect(applied.plan.changes.find(({ kind }) => kind === 'dns_record')?.impact).toBe(
      'mcp.example.com does not resolve any more',
    );
    expect(applied.writes.at(-1)?.path).toBe(`${portals}/p`);
    expect(applied.ok).toBe(true);
    expect(await recordsOf(run)).toEqual(['other.example.com']);
    expect((await run.plan(doc('p: { absent: true }'))).lines).toEqual([]);
  });

  it('leaves a record that points elsewhere, and asks for none where dns is false', async () => {
    const run = runSandbox();
    await run.apply(doc(p.replace('servers', 'dns: { target: else.example.net }, servers')));
    expect((await run.plan(doc('p: { absent: true }'))).lines).toEqual(['delete portal_app:p', 'delete portal:p']);
    const without = await run.plan(doc('p: { absent: true, dns: false }'));
    expect(without.requests.filter(({ path }) => path.startsWith('/zones'))).toEqual([]);
  });

  it('leaves the record that another entry has, and one whose zone is not of this account', async () => {
    const run = runSandbox();
    await run.apply(doc(p));
    const record = 'dns: [{ type: CNAME, name: mcp.example.com, content: gateway.agents.cloudflare.com, proxied: true }]';
    expect((await run.plan(`${doc('p: { absent: true }')}\n${record}`)).lines).toEqual([
      'delete portal_app:p',
      'delete portal:p',
    ]);
    await run.send('POST', portals, { id: 'q', name: 'q', hostname: 'mcp.example.net' });
    expect((await run.plan(doc('q: { absent: true }'))).lines).toEqual(['delete portal:q']);
  });

  it('has its live hostname’s record listed where the entry names another, and pruned', async () => {
    const run = runSandbox();
    await run.apply(doc(p));
    const gone = doc('p: { absent: true, hostname: other.example.com }');
    expect((await run.plan(gone)).plan.left_in_place.map(({ address }) => address)).toEqual(['dns_record:mcp.example.com/CNAME']);
    expect((await run.plan(gone, { prune: true })).lines).toContain('delete dns_record:mcp.example.com/CNAME');
  });
});

describe('a hostname', () => {
  it.each(['', ', access: {}'])('of two portals is a mistake%s', (access) => {
    const run = runSandbox();
    const two = doc('p: { hostname: mcp.example.com, servers: [] }', `q: { hostname: MCP.example.com, servers: []${access} }`);
    expect(() => run.load(two)).toThrow('portal:q and portal:p have the same hostname (mcp.example.com)');
  });

  it.each(['p: { absent: true, hostname: mcp.example.com }', 'p: { hostname: new.example.com, servers: [] }'])(
    'that another portal gives up in the same document takes two runs: %s',
    async (giving) => {
      const run = runSandbox();
      await run.apply(doc('p: { hostname: mcp.example.com, servers: [], dns: false }'));
      const taking = 'q: { hostname: mcp.example.com, servers: [], dns: false }';
      await expect(run.plan(doc(giving.replace(' }', ', dns: false }'), taking))).rejects.toMatchObject({
        facts: { hint: 'do it in two runs: first let portal:p give the hostname up, then let portal:q take it' },
      });
    },
  );
});
