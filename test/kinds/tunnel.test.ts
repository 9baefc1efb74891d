import { describe, expect, it } from 'vitest';
import { UnsafePlanError } from '../../src/lib/errors.ts';
import { runSandbox, type RunSandbox, type RunSandboxOptions, type SeenRequest } from '../support/run-sandbox.ts';

const tunnels = '~/cfd_tunnel';
const doc = (home: string, more = ''): string => `version: 1\ntunnels:\n  home: { ${home} }\n${more}`;
const rule = (hostname: string, service = 'http://server:8000'): string => `{ hostname: ${hostname}, service: "${service}" }`;
const one = `ingress: [${rule('a.example.com')}]`;

const short = ({ method, path }: SeenRequest): string => `${method} ${path.replaceAll(/[0-9a-f-]{32,36}/g, 'ID')}`;
const liveOf = async (run: RunSandbox, name = 'home') =>
  (await run.send('GET', `${tunnels}?is_deleted=false`)).find((tunnel: { name: string }) => tunnel.name === name);
const configOf = async (run: RunSandbox) => (await run.send('GET', `${tunnels}/${(await liveOf(run)).id}/configurations`)).config;
const zonePath = (run: RunSandbox): string => `/zones/${run.account.state.zones[0]?.id}/dns_records`;
const recordsOf = async (
  run: RunSandbox,
): Promise<readonly { id: string; type: string; name: string; content: string; proxied: boolean }[]> =>
  run.send('GET', zonePath(run));

/** An account where `yaml` was applied, and then matches. */
async function applied(yaml: string, options: RunSandboxOptions = {}) {
  const run = runSandbox(options);
  const result = await run.apply(yaml);
  expect(result.outcomes.filter((outcome) => !outcome.ok)).toEqual([]);
  expect(result.kept).toEqual([]);
  expect((await run.plan(yaml)).lines).toEqual([]);
  return { run, result };
}

/** A connector is connected to every tunnel. */
function connect(run: RunSandbox): void {
  const { state } = run.account;
  state.tunnels = state.tunnels.map((tunnel) => ({
    ...tunnel,
    connections: [{ id: 'x', client_id: 'c', is_pending_reconnect: false }],
  }));
}

describe('a tunnel', () => {
  it('is made with its rules, the 404 behind them, and a proxied record for each hostname, in this order', async () => {
    const { run, result } = await applied(doc(`ingress: [${rule('a.example.com')}, ${rule('b.example.com', 'ssh://b:22')}]`));
    expect(result.writes.map(short)).toEqual([
      'POST ~/cfd_tunnel',
      'PUT ~/cfd_tunnel/ID/configurations',
      'POST /zones/ID/dns_records',
      'POST /zones/ID/dns_records',
    ]);
    const { id } = await liveOf(run);
    expect((await configOf(run)).ingress).toEqual([
      { hostname: 'a.example.com', service: 'http://server:8000' },
      { hostname: 'b.example.com', service: 'ssh://b:22' },
      { service: 'http_status:404' },
    ]);
    expect(await recordsOf(run)).toEqual(
      ['a', 'b'].map((name) =>
        expect.objectContaining({ type: 'CNAME', name: `${name}.example.com`, content: `${id}.cfargotunnel.com`, proxied: true }),
      ),
    );
  });

  it('shows a record’s content as known after apply while it is to be made, and as it is later', async () => {
    const run = runSandbox();
    const contentIn = (planned: Awaited<ReturnType<RunSandbox['plan']>>) =>
      planned.plan.changes.find(({ kind }) => kind === 'dns_record')?.fields.find(({ path }) => path === 'content')?.after;
    expect(contentIn(await run.plan(doc(one)))).toBe('(known after apply)');
    await run.apply(doc(`${one}, dns: false`));
    expect(contentIn(await run.plan(doc(one)))).toBe(`${(await liveOf(run)).id}.cfargotunnel.com`);
  });

  it('costs one listing, and one configuration for each tunnel whose rules are declared', async () => {
    const { run } = await applied(doc(one));
    for (const name of ['other', 'third']) await run.send('POST', tunnels, { name, config_src: 'cloudflare' });
    const reads = async (yaml: string) =>
      (await run.plan(yaml)).requests.map(short).filter((line) => line.includes('cfd_tunnel'));
    expect(await reads(doc(one))).toEqual(['GET ~/cfd_tunnel', 'GET ~/cfd_tunnel/ID/configurations']);
    expect(await reads(doc('name: home'))).toEqual(['GET ~/cfd_tunnel']);
    expect(await reads(doc(`${one}, absent: true`))).toEqual(['GET ~/cfd_tunnel']);
    expect(
      (await run.plan('version: 1\ndns: [{ type: A, name: x.example.com, content: 192.0.2.1 }]')).requests.map(short),
    ).not.toContain('GET ~/cfd_tunnel');
  });

  it('is told of rules that somebody changed in the dashboard, and of their order', async () => {
    const yaml = doc(`ingress: [${rule('a.example.com')}, ${rule('b.example.com')}], dns: false`);
    const { run } = await applied(yaml);
    const { id } = await liveOf(run);
    const [a, b, last] = (await configOf(run)).ingress;
    await run.send('PUT', `${tunnels}/${id}/configurations`, { config: { ingress: [b, a, last] } });
    const { plan, lines } = await run.plan(yaml);
    expect(lines).toEqual(['update tunnel:home ingress']);
    expect(plan.changes[0]?.fields).toMatchObject([{ path: 'ingress', before: [b, a], after: [a, b] }]);
    expect((await run.apply(yaml)).ok).toBe(true);
    expect((await configOf(run)).ingress).toEqual([a, b, last]);
  });

  it('keeps a rule for everything else that the document says last, and takes a live one away that it does not say', async () => {
    const yaml = doc(`ingress: [${rule('a.example.com')}, { service: "http_status:503" }], dns: false`);
    const { run } = await applied(yaml);
    expect((await configOf(run)).ingress.at(-1)).toEqual({ service: 'http_status:503' });
    expect((await run.apply(doc(`${one}, dns: false`))).lines).toEqual(['update tunnel:home ingress']);
    expect((await configOf(run)).ingress.at(-1)).toEqual({ service: 'http_status:404' });
  });

  it('that is there is adopted by its name, with what the document leaves out', async () => {
    const run = runSandbox();
    const { id } = await run.send('POST', tunnels, { name: 'cfpb-mcp', config_src: 'cloudflare' });
    const origin = { connectTimeout: 7 };
    await run.send('PUT', `${tunnels}/${id}/configurations`, {
      config: { ingress: [{ service: 'http_status:404' }], originRequest: origin },
    });
    expect((await run.plan(doc('name: cfpb-mcp'))).lines).toEqual([]);
    const result = await run.apply(doc(`name: cfpb-mcp, ${one}, dns: false`));
    expect(result.lines).toEqual(['update tunnel:home ingress']);
    expect(result.writes[0]?.body.config.originRequest).toEqual(origin);
  });

  it('that a file beside its connector manages is refused, and nothing is changed', async () => {
    const run = runSandbox();
    const { id } = await run.send('POST', tunnels, { name: 'home', config_src: 'local' });
    const planning = run.plan(doc(one));
    await expect(planning).rejects.toThrow(UnsafePlanError);
    await expect(planning).rejects.toThrow(/tunnel:home: the tunnel home is managed by a file beside its connector/);
    expect(run.account.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
    expect((await run.send('GET', `${tunnels}/${id}/configurations`)).config).toBe(null);
  });

  it('whose answer to the creation was lost is found, and not made twice', async () => {
    const run = runSandbox();
    run.account.faults.fail({ what: 'lost', method: 'POST', path: /cfd_tunnel$/ });
    expect((await run.apply(doc(one))).ok).toBe(true);
    expect(run.account.state.tunnels).toHaveLength(1);
  });

  it('whose rules were refused is completed by the next run, and its records wait', async () => {
    const run = runSandbox();
    run.account.faults.fail({ what: 'forbidden', method: 'PUT', path: /configurations$/ });
    const first = await run.apply(doc(one));
    expect(first.outcomes.map(({ ok, skipped }) => ({ ok, skipped }))).toEqual([
      { ok: false, skipped: undefined },
      { ok: false, skipped: true },
    ]);
    const second = await run.apply(doc(one));
    expect([second.ok, second.lines]).toEqual([true, ['update tunnel:home ingress', 'create dns_record:a.example.com/CNAME']]);
  });

  it('is completed where the answer to its creation is thin', async () => {
    const thin = (request: SeenRequest, result: unknown): unknown =>
      request.method === 'POST' && request.path === tunnels ? { id: Object(result).id } : result;
    const { result } = await applied(doc(one), { rewrite: thin });
    expect(result.ok).toBe(true);
  });

  it('never shows its token, which the answer to its creation has', async () => {
    const run = runSandbox();
    const result = await run.apply(doc(one));
    const { secret } = run.account.state.tunnels[0] ?? {};
    const token = await run.send('GET', `${tunnels}/${(await liveOf(run)).id}/token`);
    const shown = JSON.stringify([result.plan, result.outcomes, result.proposal.names.bound('tunnel:home')]);
    expect([shown.includes(secret ?? ''), shown.includes(token)]).toEqual([false, false]);
  });
});

describe('what the API does with tunnels', () => {
  it('Q74: a tunnel is made for the API’s configuration, and a version that was not taken is said', async () => {
    const ignored = (request: SeenRequest, result: unknown): unknown =>
      request.method === 'GET' && request.path.endsWith('/configurations') ? { ...Object(result), config: null } : result;
    const run = runSandbox({ rewrite: ignored });
    const result = await run.apply(doc(`${one}, dns: false`));
    expect(result.writes[0]?.body).toEqual({ name: 'home', config_src: 'cloudflare' });
    expect(result.kept).toEqual([expect.stringContaining('tunnel:home: ingress: Cloudflare kept []')]);
  });

  it('Q75: an empty originRequest is none, on both sides', async () => {
    const emptied = (request: SeenRequest, result: unknown): unknown => {
      const { config, ...rest } = Object(result);
      if (!request.path.endsWith('/configurations') || config === null) return result;
      const ingress = config.ingress.map((each: object) => ({ originRequest: {}, path: '', ...each }));
      return { ...rest, config: { ...config, ingress, originRequest: {} } };
    };
    const yaml = doc(`ingress: [{ hostname: a.example.com, service: "http://a:1", origin: {} }], origin: {}, dns: false`);
    const { result } = await applied(yaml, { rewrite: emptied });
    expect(result.writes[1]?.body).toEqual({
      config: { ingress: [{ hostname: 'a.example.com', service: 'http://a:1' }, { service: 'http_status:404' }] },
    });
  });

  it('Q76: warp-routing is sent back as it is live', async () => {
    const { run } = await applied(doc(`${one}, dns: false`));
    const config = { ...(await configOf(run)), 'warp-routing': { enabled: true } };
    await run.send('PUT', `${tunnels}/${(await liveOf(run)).id}/configurations`, { config });
    await run.apply(doc(`ingress: [${rule('b.example.com')}], dns: false`));
    expect(await configOf(run)).toMatchObject({
      'warp-routing': { enabled: true },
      ingress: [{ hostname: 'b.example.com' }, {}],
    });
  });

  it('Q77: a deleted tunnel of the same name is not there, even where the listing has it', async () => {
    const unfiltered = (request: Request): Request => new Request(request.url.replace('is_deleted=false', ''), request);
    const run = runSandbox();
    await run.apply(doc(one));
    await run.apply(doc(one), { destroy: true });
    expect(run.account.state.tunnels).toMatchObject([{ deleted_at: expect.any(String) }]);
    const { fetch } = run.account;
    Object.assign(run.account, { fetch: (request: Request) => fetch(request.method === 'GET' ? unfiltered(request) : request) });
    expect((await run.plan(doc(one))).lines).toEqual(['create tunnel:home', 'create dns_record:a.example.com/CNAME']);
    expect((await run.apply(doc(one))).ok).toBe(true);
  });

  it('Q78: config_src is not compared, and a tunnel that does not tell it counts as the API’s', async () => {
    const silent = (request: SeenRequest, result: unknown): unknown =>
      request.path.includes('cfd_tunnel')
        ? JSON.parse(
            JSON.stringify(result, (key, value) => (['config_src', 'remote_config', 'source'].includes(key) ? undefined : value)),
          )
        : result;
    const { run } = await applied(doc(one), { rewrite: silent });
    expect(run.account.state.tunnels).toHaveLength(1);
  });

  it('Q79: connections are removed first, and what Cloudflare still remembers of them is waited for', async () => {
    const { run } = await applied(doc(one));
    let refusals = 2;
    const slow = runSandbox({
      state: run.account.state,
      around: async (request, answer) => {
        if (request.method !== 'DELETE' || !/cfd_tunnel\/[^/]+$/.test(request.path) || refusals-- <= 0) return answer();
        return new Response(
          JSON.stringify({ success: false, errors: [{ code: 1022, message: 'active connections' }], result: null }),
          {
            status: 400,
            headers: { 'content-type': 'application/json' },
          },
        );
      },
    });
    connect(slow);
    const { plan } = await slow.plan(doc(one), { destroy: true });
    expect(plan.changes.at(-1)?.impact).toMatch(/^a connector is connected to it now and is cut off; /);
    const result = await slow.apply(doc(one), { destroy: true });
    expect(result.ok).toBe(true);
    expect(result.writes.map(short)).toEqual([
      'DELETE /zones/ID/dns_records/ID',
      'DELETE ~/cfd_tunnel/ID/connections',
      ...Array.from({ length: 3 }, () => 'DELETE ~/cfd_tunnel/ID'),
    ]);
  });

  it('Q79: a connector that comes back for ever ends the waiting, with what to do', async () => {
    const { run } = await applied(doc(one));
    const busy = runSandbox({
      state: run.account.state,
      around: async (_request, answer) => {
        const response = await answer();
        connect(busy);
        return response;
      },
    });
    const { outcomes } = await busy.apply(doc(one), { destroy: true });
    expect(outcomes.find(({ address }) => address === 'tunnel:home')).toMatchObject({
      ok: false,
      error: expect.stringMatching(/still has a connector that connects again.*\(code 1022\).*stop cloudflared/s),
    });
    expect(run.account.state.tunnels).toMatchObject([{ deleted_at: null }]);
  });

  it('Q80: whether a connector is there is told by the status, not by the list that is always empty', async () => {
    const { run } = await applied(doc(one));
    const impact = async () => (await run.plan(doc('absent: true'))).plan.changes.find(({ kind }) => kind === 'tunnel')?.impact;
    expect(await impact()).toBe('what is behind it cannot be reached any more');
    connect(run);
    expect((await liveOf(run)).connections).toEqual([]);
    expect(await impact()).toContain('a connector is connected to it now');
  });
});

describe('the records of a tunnel', () => {
  it('come after it, and go before it', async () => {
    const { run } = await applied(doc(one));
    const result = await run.apply(doc(one), { destroy: true });
    expect(result.lines).toEqual(['delete dns_record:a.example.com/CNAME', 'delete tunnel:home']);
    expect(await recordsOf(run)).toEqual([]);
  });

  it('go with a tunnel that is absent, whether the document says its rules or not', async () => {
    for (const gone of ['absent: true', `${one}, absent: true`]) {
      const { run } = await applied(doc(`ingress: [${rule('a.example.com')}, ${rule('"*.b.example.com"')}]`));
      await run.send('POST', zonePath(run), { type: 'CNAME', name: 'else', content: 'example.net' });
      const result = await run.apply(doc(gone));
      expect(result.lines.toSorted()).toEqual([
        'delete dns_record:*.b.example.com/CNAME',
        'delete dns_record:a.example.com/CNAME',
        'delete tunnel:home',
      ]);
      expect(result.ok).toBe(true);
      expect((await recordsOf(run)).map(({ name }) => name)).toEqual(['else.example.com']);
      expect((await run.plan(doc(gone))).lines).toEqual([]);
    }
  });

  it('leave one alone that leads elsewhere by now', async () => {
    const { run } = await applied(doc(one));
    const [record] = await recordsOf(run);
    await run.send('PATCH', `${zonePath(run)}/${record?.id}`, { content: 'example.net' });
    expect((await run.plan(doc(`${one}, absent: true`))).lines).toEqual(['delete tunnel:home']);
  });

  it('take over a CNAME of that name, shown; an address record is in the way', async () => {
    const run = runSandbox();
    const { id } = await run.send('POST', zonePath(run), { type: 'CNAME', name: 'a', content: 'example.net', proxied: true });
    const planned = await run.plan(doc(one));
    expect(planned.plan.changes[1]).toMatchObject({
      address: 'dns_record:a.example.com/CNAME',
      action: 'update',
      fields: [{ path: 'content', before: 'example.net', after: '(known after apply)' }],
    });
    expect((await run.apply(doc(one))).ok).toBe(true);
    expect((await recordsOf(run))[0]?.content).toBe(`${(await liveOf(run)).id}.cfargotunnel.com`);
    await run.send('DELETE', `${zonePath(run)}/${id}`);
    await run.send('POST', zonePath(run), { type: 'A', name: 'a', content: '192.0.2.1' });
    await expect(run.plan(doc(one))).rejects.toThrow(/a\.example\.com has a record that stands in the way: A 192\.0\.2\.1/);
  });

  it('of a hostname that is no rule any more are listed, and pruned', async () => {
    const { run } = await applied(doc(`ingress: [${rule('a.example.com')}, ${rule('b.example.com')}]`));
    const { plan } = await run.plan(doc(one));
    expect(plan.left_in_place.map(({ address }) => address)).toEqual(['dns_record:b.example.com/CNAME']);
    const result = await run.apply(doc(one), { prune: true });
    expect(result.lines).toEqual(['update tunnel:home ingress', 'delete dns_record:b.example.com/CNAME']);
    expect((await recordsOf(run)).map(({ name }) => name)).toEqual(['a.example.com']);
    expect((await run.plan(doc(one), { prune: true })).lines).toEqual([]);
  });

  it('of other tunnels, and those that others made for hostnames that were never here, are not pruned', async () => {
    const { run } = await applied(doc(one));
    const { id } = await liveOf(run);
    await run.send('POST', zonePath(run), { type: 'CNAME', name: 'foreign', content: `${id}.cfargotunnel.com` });
    await run.send('POST', zonePath(run), {
      type: 'CNAME',
      name: 'other',
      content: `${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}.cfargotunnel.com`,
    });
    const { plan } = await run.plan(doc(one), { prune: true });
    expect([plan.changes, plan.left_in_place]).toEqual([[], []]);
  });

  it('are not made with dns: false', async () => {
    const { result } = await applied(doc(`${one}, dns: false`));
    expect(result.requests.filter(({ path }) => path.startsWith('/zones'))).toEqual([]);
  });

  it('are one for a hostname with several paths', async () => {
    const rules = ['/one', '/two'].map((path) => `{ hostname: a.example.com, path: ${path}, service: "http://a:1" }`).join(', ');
    const { result } = await applied(doc(`ingress: [${rules}]`));
    expect(result.lines).toEqual(['create tunnel:home', 'create dns_record:a.example.com/CNAME']);
  });
});

describe('a document with tunnels', () => {
  const load = (yaml: string) => () => runSandbox().load(yaml);

  it.each([
    ['ingress: [{ hostname: a.example.com }]', 'service'],
    ['ingress: [{ hostname: a.example.com, service: "server:8000" }]', 'http://server:8000'],
    ['ingress: [{ hostname: a.example.com, service: "http://server:8000/mcp" }]', 'without a path'],
    ['ingress: [{ hostname: "https://a.example.com", service: "http://a:1" }]', 'a bare hostname is needed'],
    [
      'ingress: [{ service: "http_status:404" }, { hostname: a.example.com, service: "http://a:1" }]',
      'ingress[0] has no hostname',
    ],
    [`ingress: [${rule('a.example.com')}, ${rule('A.example.com.')}]`, 'ingress[1] is for the same requests as ingress[0]'],
    ['ingress: [], origin: { noTLSVerfiy: true }', 'noTLSVerify'],
    ['ingress: [], origin: { connectTimeout: 30s }', 'number'],
  ])('is told of { %s }', (home, words) => {
    let said = '';
    try {
      load(doc(home))();
    } catch (error) {
      said = JSON.stringify(Object(error).findings);
    }
    expect(said).toContain(words);
    expect(said).toMatch(/"line":3/);
  });

  it('has each name once, and each hostname in one tunnel', () => {
    expect(load('version: 1\ntunnels: { a: { name: x }, b: { name: x } }')).toThrow('tunnel:b and tunnel:a mean the same object');
    const two = `version: 1\ntunnels: { a: { ${one} }, b: { ${one} } }`;
    expect(load(two)).toThrow('dns_record:a.example.com/CNAME is declared twice');
  });

  it('gives a new simulated account the zones of its hostnames', () => {
    const { desired } = load(doc(`ingress: [${rule('a.example.org')}]`))();
    expect(desired.map(({ kind, key }) => `${kind}:${key}`)).toEqual(['tunnel:home', 'dns_record:a.example.org/CNAME']);
  });
});
