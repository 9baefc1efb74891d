import { describe, expect, it } from 'vitest';
import { SpecError } from '../../src/spec/spec-error.ts';
import { runSandbox, type RunSandbox } from '../support/run-sandbox.ts';

const scripts = '~/workers/scripts';
const code = "export default { fetch: () => new Response('one') };\n";
const files = { 'w.js': code, 'v.js': code.replace('one', 'two') };
const sandbox = (zones: readonly string[] = ['example.com']): RunSandbox => runSandbox({ files, zones });

const doc = (fields: string, more = ''): string =>
  `version: 1\nworkers: { w: { main: w.js${fields === '' ? '' : `, ${fields}`} } }\n${more}`;
const full = doc(
  `vars: { A: a }, secrets: { S: env:S }, kv: { KV: tokens }, rate_limits: { L: { limit: 9, period: 60 } },
  routes: { workers_dev: true, custom_domains: [api.example.com], patterns: ["example.com/x/*"] }`,
  'kv_namespaces: { tokens: {} }',
);
const env = { S: 'the secret' };

const bindingsOf = async (run: RunSandbox, name = 'w'): Promise<readonly { name: string; type: string }[]> =>
  (await run.send('GET', `${scripts}/${name}/settings`)).bindings;

const requestsOf = (requests: readonly { readonly method: string; readonly path: string }[]): readonly string[] =>
  requests.map(({ method, path }) => `${method} ${path.replaceAll(/[0-9a-f]{32}/g, 'ID')}`);

describe('a Worker in the document', () => {
  it('is made in one upload with its bindings and secrets, then gets its hostnames', async () => {
    const run = sandbox();
    const { writes, ok } = await run.apply(full, { env });
    expect(ok).toBe(true);
    expect(requestsOf(writes)).toEqual([
      'POST ~/storage/kv/namespaces',
      `PUT ${scripts}/w`,
      `POST ${scripts}/w/subdomain`,
      'PUT ~/workers/domains',
      'POST /zones/ID/workers/routes',
    ]);
    const [worker] = run.account.state.workers;
    expect(worker?.code).toBe(code);
    expect(worker?.bindings).toContainEqual({ type: 'secret_text', name: 'S', text: 'the secret' });
    expect(worker?.subdomain).toEqual({ enabled: true, previews_enabled: false });
  });

  it('that is unchanged costs no write, and few readings', async () => {
    const run = sandbox();
    await run.apply(full, { env });
    const again = await run.apply(full);
    expect(again.writes).toEqual([]);
    expect(requestsOf(again.requests).toSorted()).toEqual([
      'GET /zones',
      'GET /zones/ID/workers/routes',
      'GET ~/storage/kv/namespaces',
      'GET ~/workers/domains',
      `GET ${scripts}`,
      `GET ${scripts}/w/settings`,
      `GET ${scripts}/w/subdomain`,
    ]);
  });

  it('asks about no other Worker of the account, and about no zone without routes', async () => {
    const run = sandbox();
    for (const name of ['x', 'y', 'z']) await run.apply(`version: 1\nworkers: { ${name}: { main: w.js } }`);
    await run.apply(doc(''));
    expect(requestsOf((await run.plan(doc(''))).requests).toSorted()).toEqual([
      'GET ~/workers/domains',
      `GET ${scripts}`,
      `GET ${scripts}/w/settings`,
    ]);
  });

  it('shows the hash of its code, and uploads it when that differs', async () => {
    const run = sandbox();
    await run.apply(full, { env });
    const changed = await run.apply(full.replace('w.js', 'v.js'));
    expect(changed.plan.changes[0]?.fields).toEqual([
      expect.objectContaining({
        path: 'main',
        before: expect.stringMatching(/^sha256:[0-9a-f]{32}$/),
        after: expect.stringMatching(/^sha256:[0-9a-f]{32}$/),
      }),
    ]);
    expect(requestsOf(changed.writes)).toEqual([`PUT ${scripts}/w`]);
    expect(run.account.state.workers[0]?.code).toBe(files['v.js']);
    expect(run.account.state.workers[0]?.bindings).toContainEqual({ type: 'secret_text', name: 'S', text: 'the secret' });
  });

  it('changes settings without its code, so that a missing file is no matter where main is left out', async () => {
    const run = sandbox();
    await run.apply(full, { env });
    const bare = 'version: 1\nworkers: { w: { vars: { A: b } } }';
    const changed = await run.apply(bare);
    expect(requestsOf(changed.writes)).toEqual([`PATCH ${scripts}/w/settings`]);
    expect(run.account.state.workers[0]?.code).toBe(code);
    expect((await bindingsOf(run)).map(({ name }) => name).toSorted()).toEqual(['A', 'KV', 'L', 'S']);
    expect((await run.plan(full)).lines).toEqual(['update worker:w vars.A']);
  });

  it('keeps the bindings that the document does not name, and takes away those that it sets to null', async () => {
    const run = sandbox();
    await run.apply(doc('vars: { A: a, B: b }'));
    expect((await run.plan(doc('vars: { A: a }'))).lines).toEqual([]);
    await run.apply(doc('vars: { A: a }').replace('w.js', 'v.js'));
    expect((await bindingsOf(run)).map(({ name }) => name).toSorted()).toEqual(['A', 'B']);
    const removed = await run.apply(doc('vars: { A: a, B: null }').replace('w.js', 'v.js'));
    expect(removed.plan.changes[0]?.fields).toEqual([expect.objectContaining({ path: 'vars.B', before: 'b', after: null })]);
    expect((await bindingsOf(run)).map(({ name }) => name)).toEqual(['A']);
  });

  it('is not there without main, which is refused before anything is written', async () => {
    const run = sandbox();
    await expect(run.apply('version: 1\nworkers: { w: { vars: { A: a } } }')).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('worker:w is not there'),
    });
    expect(run.account.state.workers).toEqual([]);
  });

  it('comes after the Workers and namespaces that it is bound to, and goes before them', async () => {
    const run = sandbox();
    const yaml = `version: 1
kv_namespaces: { tokens: {} }
workers:
  a: { main: w.js, services: { NEXT: b }, kv: { KV: tokens } }
  b: { main: w.js, services: { NEXT: c } }
  c: { main: w.js }`;
    const made = await run.apply(yaml);
    expect(made.ok).toBe(true);
    expect(made.lines).toEqual(['create kv_namespace:tokens', 'create worker:c', 'create worker:b', 'create worker:a']);
    const gone = await run.apply(yaml, { destroy: true });
    expect(gone.ok).toBe(true);
    const order = gone.outcomes.map(({ address }) => address);
    expect(order.filter((address) => address.startsWith('worker:'))).toEqual(['worker:a', 'worker:b', 'worker:c']);
    expect(order.indexOf('kv_namespace:tokens')).toBeGreaterThan(order.indexOf('worker:a'));
    expect(run.account.state.workers).toEqual([]);
    expect(run.account.state.kv_namespaces).toEqual([]);
  });

  it('is bound to a live Worker by its name, and to a namespace by its id', async () => {
    const run = sandbox();
    await run.apply('version: 1\nworkers: { live: { main: w.js } }\nkv_namespaces: { n: {} }');
    const [namespace] = await run.send('GET', '~/storage/kv/namespaces');
    const yaml = doc(`services: { LIVE: live }, kv: { KV: ${namespace.id} }`);
    expect((await run.apply(yaml)).ok).toBe(true);
    expect((await run.plan(yaml)).lines).toEqual([]);
    await expect(run.plan(doc('services: { X: no-such }'))).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('there is no Worker "no-such"'),
    });
  });

  it('takes its custom domains and routes along when it goes', async () => {
    const run = sandbox();
    await run.apply(full, { env });
    const { plan, ok } = await run.apply(full.replace('main: w.js', 'main: gone.js, absent: true'));
    expect(plan.changes[0]?.impact).toBe('nothing answers on api.example.com any more');
    expect(ok).toBe(true);
    const { workers, worker_domains, worker_routes, dns_records } = run.account.state;
    expect([workers, worker_domains, worker_routes, dns_records]).toEqual([[], [], [], []]);
  });

  it('gets and loses hostnames as the document says, each by itself', async () => {
    const run = sandbox(['example.com', 'example.org']);
    const routed = (domains: string, patterns: string) =>
      doc(`routes: { custom_domains: [${domains}], patterns: [${patterns}] }`);
    await run.apply(routed('a.example.com, b.example.com', '"example.com/a*"'));
    const moved = await run.apply(routed('B.example.com, c.example.org', '"*.example.org/b*"'));
    expect(moved.ok).toBe(true);
    expect(moved.lines).toEqual(['update worker:w routes.custom_domains, routes.patterns']);
    expect(
      (await run.send('GET', '~/workers/domains')).map((domain: { hostname: string }) => domain.hostname).toSorted(),
    ).toEqual(['b.example.com', 'c.example.org']);
    const cleared = await run.apply(routed('', ''));
    expect(cleared.ok).toBe(true);
    expect(run.account.state.worker_domains).toEqual([]);
    expect(run.account.state.worker_routes).toEqual([]);
  });

  it('is exported without its code, with everything else in place', async () => {
    const run = sandbox();
    await run.apply(full, { env });
    const bare = full.replace('main: w.js, ', '').replace('secrets: { S: env:S }, ', '');
    expect((await run.plan(bare)).lines).toEqual([]);
  });
});

describe('secrets of a Worker', () => {
  const withSecret = doc('secrets: { S: env:S }');

  it('are sent when they are new, by themselves, and again only with --resend-secrets', async () => {
    const run = sandbox();
    await run.apply(doc(''));
    const added = await run.apply(withSecret, { env });
    expect(requestsOf(added.writes)).toEqual([`PUT ${scripts}/w/secrets`]);
    expect(added.plan.changes[0]?.fields).toEqual([
      expect.objectContaining({ path: 'secrets.S', before: null, after: '(secret)', sensitive: true }),
    ]);
    expect((await run.plan(withSecret)).lines).toEqual([]);
    const again = await run.apply(withSecret, { env: { S: 'another' }, resendSecrets: true });
    expect(again.writes.map(({ body }) => body)).toEqual([{ name: 'S', text: 'another', type: 'secret_text' }]);
  });

  it('that somebody took away come back', async () => {
    const run = sandbox();
    await run.apply(withSecret, { env });
    await run.send('DELETE', `${scripts}/w/secrets/S`);
    expect((await run.apply(withSecret, { env })).lines).toEqual(['update worker:w secrets.S']);
  });

  it('may have several lines, which no header could carry', async () => {
    const run = sandbox();
    const key = '-----BEGIN KEY-----\nabc\n-----END KEY-----';
    expect((await run.apply(withSecret, { env: { S: key } })).ok).toBe(true);
    expect(run.account.state.workers[0]?.bindings).toContainEqual({ type: 'secret_text', name: 'S', text: key });
  });

  it('take the place of a variable of the same name', async () => {
    const run = sandbox();
    await run.apply(doc('vars: { S: plain }'));
    const { ok, writes } = await run.apply(withSecret, { env });
    expect(ok).toBe(true);
    expect(requestsOf(writes)).toEqual([`PATCH ${scripts}/w/settings`]);
    expect(await bindingsOf(run)).toEqual([{ type: 'secret_text', name: 'S' }]);
  });

  it.each(['PUT', 'PATCH'])('are blanked out where Cloudflare repeats one in its refusal of a %s', async (method) => {
    const run = runSandbox({
      files,
      around: async (request, answer) =>
        request.method === method && request.path.includes('/w')
          ? Response.json(
              { success: false, errors: [{ code: 10021, message: 'bad: the secret' }], messages: [], result: null },
              { status: 400 },
            )
          : answer(),
    });
    await run.send('POST', '~/storage/kv/namespaces', { title: 'x' });
    if (method === 'PATCH') await run.apply(doc(''));
    const { outcomes } = await run.apply(doc('vars: { A: a }, secrets: { S: env:S }'), { env });
    expect(outcomes[0]).toMatchObject({ ok: false, error: expect.stringContaining('bad: (secret)') });
  });
});

describe('mistakes about Workers', () => {
  const findingsOf = (yaml: string) => {
    try {
      return sandbox().load(yaml).findings;
    } catch (error) {
      if (error instanceof SpecError) return error.findings;
      throw error;
    }
  };

  it.each([
    [
      'a period that is neither 10 nor 60',
      doc('rate_limits: { L: { limit: 1, period: 30 } }'),
      'MCP109',
      'workers.w.rate_limits.L.period',
    ],
    ['a namespace that nothing has', doc('kv: { KV: tokns }', 'kv_namespaces: { tokens: {} }'), 'MCP201', 'workers.w.kv.KV'],
    ['an absent namespace', doc('kv: { KV: t }', 'kv_namespaces: { t: { absent: true } }'), 'MCP202', 'workers.w.kv.KV'],
    ['a secret in clear', doc('secrets: { S: hunter2 }'), 'MCP109', 'workers.w.secrets.…'],
    ['a binding that stands twice', doc('vars: { A: a }, kv: { A: t }', 'kv_namespaces: { t: {} }'), 'MCP209', 'workers.w.kv.A'],
    ['a name that is no script’s', 'version: 1\nworkers: { My.Worker: { main: w.js } }', 'MCP204', 'workers["My.Worker"]'],
    ['a date that is none', doc('compatibility_date: latest'), 'MCP109', 'workers.w.compatibility_date'],
    [
      'a hostname with a path',
      doc('routes: { custom_domains: [a.example.com/x] }'),
      'MCP109',
      'workers.w.routes.custom_domains[0]',
    ],
    ['a field that no Worker has', doc('compatability_date: 2026-01-01'), 'MCP102', 'workers.w.compatability_date'],
    [
      'a hostname that a portal has',
      doc('routes: { custom_domains: [p.example.com] }', 'portals: { p: { hostname: p.example.com } }'),
      'MCP221',
      'workers.w.routes.custom_domains[0]',
    ],
    [
      'a hostname that has a record',
      doc('routes: { custom_domains: [p.example.com] }', 'dns: [{ zone: example.com, type: A, name: p, content: 192.0.2.1 }]'),
      'MCP221',
      'workers.w.routes.custom_domains[0]',
    ],
    [
      'a hostname that a tunnel has',
      doc(
        'routes: { custom_domains: [p.example.com] }',
        'tunnels: { t: { ingress: [{ hostname: p.example.com, service: "http://x:1" }] } }',
      ),
      'MCP221',
      'workers.w.routes.custom_domains[0]',
    ],
    [
      'a hostname of two Workers',
      'version: 1\nworkers: { v: { main: v.js, routes: { custom_domains: [p.example.com] } }, w: { main: w.js, routes: { custom_domains: [P.example.com] } } }',
      'MCP221',
      'workers.w.routes.custom_domains[0]',
    ],
  ])('are said with their place: %s', (_what, yaml, expected, path) => {
    const errors = findingsOf(yaml).filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code: found, place }) => [found, place?.path])).toEqual([[expected, path]]);
  });

  it('are none where a record of another type, or an absent entry, has the hostname', () => {
    const yaml = doc(
      'routes: { custom_domains: [p.example.com] }',
      'dns: [{ type: TXT, name: p.example.com, content: x }]\nportals: { p: { hostname: p.example.com, absent: true } }',
    );
    expect(findingsOf(yaml).filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});
