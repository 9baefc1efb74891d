import { describe, expect, it } from 'vitest';
import { UnsafePlanError } from '../../src/lib/errors.ts';
import { runSandbox, type RunSandbox, type SeenRequest } from '../support/run-sandbox.ts';

const servers = '~/access/ai-controls/mcp/servers';
const portals = '~/access/ai-controls/mcp/portals';
const ours = (url: string, more = '') => `
version: 1
policies: { people: { decision: allow, include: [{ email: a@example.com }] } }
servers:
  a: { url: ${url}, access: { policies: [people] }${more} }
  b: { url: https://b.example.com/mcp }
portals:
  p: { hostname: mcp.example.com, dns: false, servers: { a: { tools: { search: { alias: find } } }, b: {} } }
`;
const before = 'https://a.example.com/mcp';
const after = 'https://moved.example.com/mcp';
const foreign = {
  id: 'foreign',
  name: 'Of others',
  hostname: 'other.example.com',
  servers: [
    { server_id: 'b', on_behalf: false },
    {
      server_id: 'a',
      default_disabled: true,
      on_behalf: false,
      updated_tools: [{ name: 'search', alias: 'look', description: 'Looks', enabled: true }],
      updated_prompts: [{ name: 'q', enabled: true }],
    },
  ],
};

async function started(): Promise<RunSandbox> {
  const run = runSandbox();
  await run.apply(ours(before));
  await run.send('POST', portals, foreign);
  return run;
}

const linkOf = async (run: RunSandbox, portal: string, server = 'a') =>
  (await run.send('GET', `${portals}/${portal}`)).servers
    .filter((row: { server_id: string }) => row.server_id === server)
    .map(({ default_disabled, on_behalf, updated_tools, updated_prompts }: Record<string, unknown>) => ({
      default_disabled,
      on_behalf,
      updated_tools,
      updated_prompts,
    }))[0];

describe('replacing a server', () => {
  it('brings every attachment back as it was, also in portals that the document does not know', async () => {
    const run = await started();
    const [own, theirs, app] = [await linkOf(run, 'p'), await linkOf(run, 'foreign'), await run.send('GET', '~/access/apps')];
    const applied = await run.apply(ours(after));
    expect(applied.lines).toEqual(['replace server:a url']);
    expect(applied.ok).toBe(true);
    expect((await run.send('GET', `${servers}/a`)).hostname).toBe(after);
    expect(await linkOf(run, 'p')).toEqual(own);
    expect(await linkOf(run, 'foreign')).toEqual(theirs);
    // Some versions of the API may drop what a PUT leaves out.
    const puts = applied.writes.filter(({ method, path }) => method === 'PUT' && path === `${portals}/foreign`);
    expect(puts.map(({ body }) => [body.name, body.hostname])).toEqual([
      ['Of others', 'other.example.com'],
      ['Of others', 'other.example.com'],
    ]);
    expect(await linkOf(run, 'foreign', 'b')).toMatchObject({ on_behalf: false });
    expect((await run.send('GET', '~/access/apps'))[0]).toMatchObject({ id: app[0].id, aud: app[0].aud });
    expect((await run.plan(ours(after))).lines).toEqual([]);
  });

  it('keeps what others said about the server, and the name that the document leaves out', async () => {
    const run = await started();
    await run.send('PUT', `${servers}/a`, {
      name: 'Named elsewhere',
      description: 'Kept',
      secure_web_gateway: true,
      updated_tools: [{ name: 'x', alias: 'y' }],
    });
    await run.apply(ours(after));
    expect(await run.send('GET', `${servers}/a`)).toMatchObject({
      name: 'Named elsewhere',
      description: 'Kept',
      secure_web_gateway: true,
      updated_tools: [{ name: 'x', alias: 'y', enabled: true }],
    });
  });

  it('does not turn the server’s own overrides into the portal’s', async () => {
    const run = await started();
    await run.send('PUT', `${servers}/a`, { updated_tools: [{ name: 'drop', enabled: false }] });
    await run.apply(ours(after));
    await run.send('PUT', `${servers}/a`, { updated_tools: [] });
    expect((await linkOf(run, 'p')).updated_tools.map((row: { name: string }) => row.name)).toEqual(['search']);
  });

  it('replaces two servers of one portal one after the other', async () => {
    const run = await started();
    const both = ours(after).replace('https://b.example.com/mcp', 'https://b2.example.com/mcp');
    const [own, theirs] = [await linkOf(run, 'p'), await linkOf(run, 'foreign')];
    const applied = await run.apply(both);
    expect(applied.lines).toEqual(['replace server:a url', 'replace server:b url']);
    expect(applied.ok).toBe(true);
    expect([await linkOf(run, 'p'), await linkOf(run, 'foreign')]).toEqual([own, theirs]);
    expect(await linkOf(run, 'foreign', 'b')).toMatchObject({ on_behalf: false });
    expect((await run.plan(both)).lines).toEqual([]);
  });

  it('goes together with changes of the portal, in either order of the document', async () => {
    for (const keys of [
      ['a', 'b'],
      ['b', 'a'],
    ]) {
      const run = runSandbox();
      const yaml = (version: number, links: string) => `version: 1
servers: { ${keys.map((key) => `${key}: { url: 'https://${key}${version}.example.com/mcp' }`).join(', ')} }
portals: { p: { hostname: mcp.example.com, dns: false, servers: ${links} } }
`;
      await run.apply(yaml(1, '[a, b]'));
      const applied = await run.apply(yaml(2, '{ a: { on_behalf: false } }'));
      expect(applied.ok).toBe(true);
      expect(await linkOf(run, 'p')).toMatchObject({ on_behalf: false });
      expect(await linkOf(run, 'p', 'b')).toBe(undefined);
      expect((await run.plan(yaml(2, '{ a: { on_behalf: false } }'))).lines).toEqual([]);
    }
  });

  it('works where the portal that has the server goes away in the same run', async () => {
    const run = await started();
    const applied = await run.apply(
      ours(after).replace(/ {2}p: .*/, '  p: { hostname: mcp.example.com, dns: false, absent: true }'),
    );
    expect(applied.outcomes.filter((outcome) => !outcome.ok)).toEqual([]);
    expect((await linkOf(run, 'foreign')).on_behalf).toBe(false);
  });

  it('is refused where Cloudflare holds credentials that the document does not say', async () => {
    const run = runSandbox();
    await run.send('POST', servers, { id: 'a', name: 'A', hostname: before, auth_type: 'bearer', auth_credentials: 't' });
    const planning = run.plan(`version: 1\nservers: { a: { url: ${after} } }`);
    await expect(planning).rejects.toThrow(UnsafePlanError);
    await expect(planning).rejects.toMatchObject({ exitCode: 3, facts: { hint: expect.stringContaining('bearer: REF') } });
    expect((await run.plan(`version: 1\nservers: { a: { url: ${after}, auth: { bearer: env:T } } }`)).lines).toEqual([
      'replace server:a url',
    ]);
    const sent = await run.apply(`version: 1\nservers: { a: { url: ${after}, auth: { bearer: env:T } } }`, { env: { T: 'new' } });
    expect(sent.writes.at(-1)?.body.auth_credentials).toBe('new');
  });

  it('is refused for a protected server', async () => {
    const run = await started();
    await expect(run.plan(ours(after, ', protect: true'))).rejects.toThrow(/protected/);
  });
});

describe('a replacement that fails', () => {
  it('is undone when a portal does not let go', async () => {
    const run = await started();
    const [own, theirs] = [await linkOf(run, 'p'), await linkOf(run, 'foreign')];
    run.account.faults.fail({ what: 'error-500', method: 'PUT', path: /portals\/foreign$/, times: 3 });
    const applied = await run.apply(ours(after));
    expect(applied.ok).toBe(false);
    expect(applied.outcomes[0]?.error).toMatch(/server:a was not replaced/);
    expect([await linkOf(run, 'p'), await linkOf(run, 'foreign')]).toEqual([own, theirs]);
    expect((await run.apply(ours(after))).ok).toBe(true);
  });

  it('is undone when the deletion is refused', async () => {
    const run = await started();
    const [own, theirs] = [await linkOf(run, 'p'), await linkOf(run, 'foreign')];
    run.account.faults.fail({ what: 'forbidden', method: 'DELETE', path: /servers\/a$/ });
    const applied = await run.apply(ours(after));
    expect(applied.outcomes[0]?.error).toMatch(/MCP Portals Write.*server:a was not replaced/s);
    expect([await linkOf(run, 'p'), await linkOf(run, 'foreign')]).toEqual([own, theirs]);
  });

  it('puts the former server back when the new one is refused', async () => {
    const run = await started();
    const [own, theirs] = [await linkOf(run, 'p'), await linkOf(run, 'foreign')];
    run.account.faults.fail({ what: 'forbidden', method: 'POST', path: /mcp\/servers$/ });
    const applied = await run.apply(ours(after));
    expect(applied.outcomes[0]?.error).toMatch(/server:a was put back as it was/);
    expect((await run.send('GET', `${servers}/a`)).hostname).toBe(before);
    expect([await linkOf(run, 'p'), await linkOf(run, 'foreign')]).toEqual([own, theirs]);
    expect((await run.apply(ours(after))).ok).toBe(true);
  });

  it('says what each portal had when the server is gone, and the next run completes what it knows', async () => {
    const run = await started();
    run.account.faults.fail({ what: 'forbidden', method: 'POST', path: /mcp\/servers$/, times: 9 });
    const applied = await run.apply(ours(after));
    const error = applied.outcomes[0]?.error ?? '';
    expect(error).toMatch(/server:a is gone until the next run makes it/);
    expect(error).toMatch(/portals\.p\.servers\.a was .*"alias":"find".*\(the next run attaches it/);
    expect(error).toMatch(/portals\.foreign\.servers\.a was .*"disabled".*"alias":"look".*\(attach it again\)/);
    run.account.faults.clear();
    const next = await run.apply(ours(after));
    expect(next.lines).toEqual(['create server:a', 'update portal:p servers.a.tools.search.alias']);
    expect(next.ok).toBe(true);
    expect((await linkOf(run, 'p')).updated_tools[0]).toMatchObject({ name: 'search', portal_alias: 'find' });
    expect((await run.plan(ours(after))).lines).toEqual([]);
  });

  it('goes on with the other portals when one cannot be given the server again', async () => {
    const run = await started();
    run.account.faults.fail({ what: 'forbidden', method: 'PUT', path: /portals\/p$/, nth: 2 });
    const applied = await run.apply(ours(after));
    expect(applied.outcomes[0]?.error).toMatch(/server:a was replaced, and is not in every portal again/);
    expect(applied.outcomes[0]?.error).not.toMatch(/portals\.foreign/);
    expect(await linkOf(run, 'foreign')).toMatchObject({ on_behalf: false });
    const next = await run.apply(ours(after));
    expect(next.ok).toBe(true);
    expect(await linkOf(run, 'p')).toBeDefined();
  });

  it('knows a creation whose answer was lost', async () => {
    const run = await started();
    run.account.faults.fail({ what: 'lost', method: 'POST', path: /mcp\/servers$/ });
    expect((await run.apply(ours(after))).ok).toBe(true);
    expect((await run.send('GET', `${servers}/a`)).hostname).toBe(after);
  });

  it('puts a server with credentials back only where the document’s are for the same host, and never shows them', async () => {
    for (const [url, told] of [
      ['https://a.example.com/other', /was put back/],
      [after, /is gone until the next run makes it/],
    ] as const) {
      const run = runSandbox();
      const yaml = (url: string) =>
        `version: 1\nservers: { a: { url: ${url}, auth: { bearer: env:T } } }\nportals: { p: { hostname: mcp.example.com, dns: false, servers: [a] } }`;
      await run.apply(yaml(before), { env: { T: 'very-secret' } });
      run.account.faults.fail({ what: 'forbidden', method: 'POST', path: /mcp\/servers$/ });
      const applied = await run.apply(yaml(url), { env: { T: 'very-secret' } });
      expect(applied.outcomes[0]?.error).toMatch(told);
      expect(JSON.stringify([applied.plan, applied.outcomes])).not.toContain('very-secret');
    }
  });

  it('that Ctrl-C meets in the middle is brought to its end', async () => {
    const seeded = await started();
    const stop = new AbortController();
    const around = async (request: SeenRequest, answer: () => Promise<Response>) => {
      if (request.method === 'DELETE') stop.abort();
      return answer();
    };
    const run = runSandbox({ state: seeded.account.state, around });
    const theirs = await linkOf(run, 'foreign');
    const applied = await run.apply(ours(after), { signal: stop.signal });
    expect(applied.interrupted).toBe(true);
    expect(applied.outcomes).toMatchObject([{ address: 'server:a', ok: true }]);
    expect(await linkOf(run, 'foreign')).toEqual(theirs);
  });
});
