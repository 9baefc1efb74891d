import { describe, expect, it } from 'vitest';
import { openApi } from '../../src/cloudflare/client.ts';
import { settledWorker, workerState, type WorkerState } from '../../src/kinds/worker/worker-state.ts';
import { writeScript } from '../../src/kinds/worker/upload.ts';
import { Secret } from '../../src/secrets/secret.ts';
import type { Peers } from '../../src/engine/kind.ts';
import { runSandbox, type RunSandbox } from '../support/run-sandbox.ts';

const scripts = '~/workers/scripts';
const code = "export default { fetch: () => new Response('one') };\n";
const files = { 'w.js': code, 'v.js': code.replace('one', 'two') };
const doc = (fields = '', more = ''): string =>
  `version: 1\nworkers: { w: { main: w.js${fields === '' ? '' : `, ${fields}`} } }\n${more}`;

const settingsOf = (run: RunSandbox) => run.send('GET', `${scripts}/w/settings`);

/** Patches settings as somebody else would: the endpoint takes only forms. */
async function patch(run: RunSandbox, settings: object): Promise<void> {
  const form = new FormData();
  form.append('settings', new File([JSON.stringify(settings)], 'settings.json'));
  const url = `https://api.cloudflare.com/client/v4/accounts/${run.account.accountId}/workers/scripts/w/settings`;
  const response = await run.account.fetch(
    new Request(url, { method: 'PATCH', headers: { authorization: 'Bearer other' }, body: form }),
  );
  expect(response.status).toBe(200);
}

const names: Peers['names'] = { nameOf: (_kind, id) => id, idOf: (_kind, ref) => ref, canonical: (_kind, ref) => ref };
const peersWith = (state: object): Peers => ({
  names,
  live: () => undefined,
  existing: () => [],
  desired: () => [{ kind: 'worker', key: 'w', state: { ...state }, absent: false, protect: false, sinks: [], place: undefined }],
  stored: () => [],
});

/** The form of the one request that writing a new script sends. */
async function formSent(state: WorkerState): Promise<{ readonly form: FormData; readonly request: Request }> {
  const seen: { form: FormData; request: Request }[] = [];
  const api = openApi({
    credentials: { token: Secret.of('test', 'test') },
    account: 'a'.repeat(32),
    userAgent: 'test',
    sleep: async () => {},
    signal: new AbortController().signal,
    fetch: async (request) => {
      seen.push({ form: await request.clone().formData(), request });
      return Response.json({ success: true, errors: [], messages: [], result: { id: 'w' } });
    },
  });
  const file = {
    sourceFile: 'w.js',
    place: { file: 'f', line: 1, column: 1, path: '' },
    code: { text: code, hash: 'sha256:abc' },
  };
  await writeScript({
    api,
    id: 'w',
    key: 'w',
    live: undefined,
    state,
    changed: Object.keys(state),
    peers: peersWith({ main: file }),
  });
  const [sent] = seen;
  if (sent === undefined) throw new Error('nothing was sent');
  return sent;
}

describe('what the API does with Workers', () => {
  it('Q81, Q82: an upload is a form with one JSON part of metadata', async () => {
    const { form, request } = await formSent({
      compatibility_date: '2026-01-01',
      vars: { A: 'a', B: { c: 1 } },
      'secrets.S': Secret.of('env:S', 'x'),
    });
    expect(request.method).toBe('PUT');
    expect(request.headers.get('content-type')).toMatch(/^multipart\/form-data; boundary=/);
    expect([...form.keys()]).toEqual(['metadata', 'worker.js']);
    const metadata = form.get('metadata');
    if (!(metadata instanceof File)) throw new Error('metadata is no file');
    expect([metadata.name, metadata.type]).toEqual(['metadata.json', 'application/json']);
    expect(JSON.parse(await metadata.text())).toEqual({
      main_module: 'worker.js',
      compatibility_date: '2026-01-01',
      bindings: [
        { type: 'plain_text', name: 'A', text: 'a' },
        { type: 'json', name: 'B', json: { c: 1 } },
        { type: 'secret_text', name: 'S', text: 'x' },
      ],
      keep_bindings: ['secret_text', 'secret_key'],
      tags: ['mcp-portal-main=sha256-abc'],
    });
  });

  it('Q83: the module is a file whose name is the module’s, in a part of the same name', async () => {
    const module = (await formSent({})).form.get('worker.js');
    if (!(module instanceof File)) throw new Error('the module is no file');
    expect([module.name, module.type, await module.text()]).toEqual(['worker.js', 'application/javascript+module', code]);
  });

  it('Q84: an upload keeps secrets, and bindings of types that no document has, that were set elsewhere', async () => {
    const run = runSandbox({ files });
    await run.apply(doc());
    await run.send('PUT', `${scripts}/w/secrets`, { name: 'ELSEWHERE', text: 'x', type: 'secret_text' });
    await patch(run, {
      bindings: [
        { type: 'inherit', name: 'ELSEWHERE' },
        { type: 'd1', name: 'DB', id: 'd1-id' },
        { type: 'plain_text', name: 'NOTE', text: 'n' },
      ],
    });
    expect((await run.plan(doc())).lines).toEqual([]);
    for (const yaml of [
      doc('vars: { A: a }'),
      doc('vars: { A: a }').replace('w.js', 'v.js'),
      doc('vars: { A: b }').replace('w.js', 'v.js'),
    ])
      expect((await run.apply(yaml)).ok).toBe(true);
    expect((await settingsOf(run)).bindings.map(({ name }: { name: string }) => name).toSorted()).toEqual([
      'A',
      'DB',
      'ELSEWHERE',
      'NOTE',
    ]);
    expect(run.account.state.workers[0]?.bindings).toContainEqual({ type: 'secret_text', name: 'ELSEWHERE', text: 'x' });
  });

  it('Q84: an upload keeps settings that were made elsewhere', async () => {
    const run = runSandbox({ files });
    await run.apply(doc());
    await run.send('PATCH', `${scripts}/w/script-settings`, { logpush: true, tags: [...(await settingsOf(run)).tags, 'team=a'] });
    await patch(run, { placement: { mode: 'smart' }, compatibility_flags: ['nodejs_compat'], observability: { enabled: true } });
    await run.apply(doc().replace('w.js', 'v.js'));
    expect(await settingsOf(run)).toMatchObject({
      logpush: true,
      placement: { mode: 'smart' },
      compatibility_flags: ['nodejs_compat'],
      observability: { enabled: true },
      tags: ['team=a', expect.stringMatching(/^mcp-portal-main=sha256-/)],
    });
  });

  it('Q85: a secret that cannot be read back is no difference, and is not read from its source again', async () => {
    const run = runSandbox({ files });
    await run.apply(doc('secrets: { S: env:S }'), { env: { S: 'x' } });
    expect((await run.apply(doc('secrets: { S: env:S }').replace('w.js', 'v.js'))).ok).toBe(true);
  });

  it('Q86: the order of bindings is no difference', async () => {
    const run = runSandbox({ files });
    const yaml = doc('vars: { A: a, B: b, C: c }');
    await run.apply(yaml);
    expect((await settingsOf(run)).bindings.map(({ name }: { name: string }) => name)).toEqual(['C', 'B', 'A']);
    expect((await run.plan(yaml)).lines).toEqual([]);
  });

  it('Q87: migrations and their tag are never sent', async () => {
    const run = runSandbox({ files });
    await run.apply(doc());
    await patch(run, { bindings: [{ type: 'durable_object_namespace', name: 'ROOM', class_name: 'Room' }] });
    await run.apply(doc().replace('w.js', 'v.js'));
    expect((await settingsOf(run)).bindings).toEqual([{ type: 'durable_object_namespace', name: 'ROOM', class_name: 'Room' }]);
  });

  it('Q88: what Cloudflare gives back of the code is never looked at; a Worker that others deployed is uploaded once', async () => {
    const run = runSandbox({ files });
    await run.apply(doc());
    await run.send('PATCH', `${scripts}/w/script-settings`, { tags: [] });
    const adopted = await run.apply(doc());
    expect(adopted.lines).toEqual(['update worker:w main']);
    expect((await run.apply(doc())).writes).toEqual([]);
    expect(run.account.requests.filter(({ method, path }) => method === 'GET' && path.endsWith('scripts/w'))).toEqual([]);
  });

  it('Q88: an empty placement is none', () => {
    const live = { id: 'w', domains: [], settings: { placement: {}, bindings: [], annotations: { 'workers/tag': 'x' } } };
    const state = workerState(live, { names });
    expect(Object.keys(state)).not.toContain('placement');
    expect(settledWorker({ vars: { A: 'a' } }, state, { names }).vars).toEqual({ A: 'a' });
  });

  it('Q89: a custom domain whose deletion is answered with nothing is gone', async () => {
    const run = runSandbox({ files });
    await run.apply(doc('routes: { custom_domains: [a.example.com] }'));
    const { ok, writes } = await run.apply(doc('routes: { custom_domains: [] }'));
    expect(ok).toBe(true);
    expect(writes.map(({ method, status }) => `${method} ${status}`)).toEqual(['DELETE 200']);
  });

  it('Q90: a custom domain of another Worker is a conflict that names it, and nothing is changed', async () => {
    const run = runSandbox({ files });
    await run.apply('version: 1\nworkers: { owner: { main: w.js, routes: { custom_domains: [a.example.com] } } }');
    const before = run.account.requests.filter(({ method }) => method !== 'GET').length;
    await expect(run.apply(doc('routes: { custom_domains: [A.example.com] }'))).rejects.toMatchObject({
      exitCode: 3,
      code: 'conflict',
      message: 'worker:w: the custom domain a.example.com belongs to the Worker owner',
    });
    expect(run.account.requests.filter(({ method }) => method !== 'GET')).toHaveLength(before);
  });

  it('Q90: a record on the hostname of a new custom domain is a conflict that names it, and nothing is changed', async () => {
    const run = runSandbox({ files });
    const [zone] = await run.send('GET', '/zones');
    const record = await run.send('POST', `/zones/${zone.id}/dns_records`, {
      type: 'CNAME',
      name: 'a.example.com',
      content: 'x.example.net',
    });
    await expect(run.apply(doc('routes: { custom_domains: [a.example.com] }'))).rejects.toMatchObject({
      exitCode: 3,
      message: `worker:w: the custom domain a.example.com has a DNS record already: CNAME x.example.net (${record.id})`,
    });
    expect(run.account.state.workers).toEqual([]);
  });

  it.each([
    [100116, 'belongs to another Worker'],
    [100117, 'has a DNS record already'],
  ])('Q90: a conflict that comes up only then (%i) is explained', async (conflict, words) => {
    const run = runSandbox({
      files,
      around: async (request, answer) =>
        request.method === 'PUT' && request.path === '~/workers/domains'
          ? Response.json(
              { success: false, errors: [{ code: conflict, message: 'conflict' }], messages: [], result: null },
              { status: 409 },
            )
          : answer(),
    });
    const { outcomes } = await run.apply(doc('routes: { custom_domains: [a.example.com] }'));
    expect(outcomes[0]).toMatchObject({ ok: false, error: expect.stringContaining(words) });
    expect((await run.plan(doc('routes: { custom_domains: [a.example.com] }'))).lines).toEqual([
      'update worker:w routes.custom_domains',
    ]);
  });

  it('Q91: secrets of a Worker whose newest version is not deployed are refused, with what to do', async () => {
    const run = runSandbox({
      files,
      around: async (request, answer) =>
        request.path.endsWith('/secrets')
          ? Response.json(
              { success: false, errors: [{ code: 10215, message: 'not deployed' }], messages: [], result: null },
              { status: 400 },
            )
          : answer(),
    });
    await run.apply(doc());
    const { outcomes } = await run.apply(doc('secrets: { S: env:S }'), { env: { S: 'x' } });
    expect(outcomes[0]).toMatchObject({ ok: false, error: expect.stringContaining('deploy it first') });
  });

  it('Q93: routes that a token may not list say that the token has to include the zone', async () => {
    const run = runSandbox({ files });
    run.account.faults.fail({ what: 'forbidden', path: /workers\/routes$/, times: 9 });
    await expect(run.plan(doc('routes: { patterns: ["example.com/*"] }'))).rejects.toMatchObject({
      facts: { hint: expect.stringContaining('Workers Routes') },
    });
  });
});

describe('answers that are lost', () => {
  it.each([
    ['PUT', /scripts\/w$/],
    ['PUT', /workers\/domains$/],
    ['POST', /workers\/routes$/],
    ['POST', /subdomain$/],
  ])('leave one Worker with everything: %s %s', async (method, path) => {
    const run = runSandbox({ files });
    run.account.faults.fail({ what: 'lost', method, path });
    const yaml = doc('routes: { workers_dev: true, custom_domains: [a.example.com], patterns: ["example.com/*"] }');
    expect((await run.apply(yaml)).ok).toBe(true);
    expect((await run.plan(yaml)).lines).toEqual([]);
    expect(run.account.state.worker_routes).toHaveLength(1);
  });

  it.each([/workers\/scripts$/, /workers\/domains$/, /settings$/])('of a reading end the run: %s', async (path) => {
    const run = runSandbox({ files });
    await run.apply(doc());
    run.account.faults.fail({ what: 'error-500', method: 'GET', path, times: 9 });
    await expect(run.plan(doc())).rejects.toThrow('500');
  });
});

describe('odd answers', () => {
  it.each([
    ['settings without anything', (path: string) => path.endsWith('/settings'), null],
    ['empty members as null', (path: string) => path.endsWith('/settings'), { bindings: null, tags: null, observability: null }],
    ['a domain without a hostname', (path: string) => path.endsWith('/domains'), [{ id: 'x' }]],
  ])('are no bug: %s', async (_what, isMeant, result) => {
    const answers = { odd: false };
    const run = runSandbox({
      files,
      rewrite: ({ method, path }, real) => (answers.odd && method === 'GET' && isMeant(path) ? result : real),
    });
    await run.apply(doc('vars: { A: a }'));
    answers.odd = true;
    const { plan } = await run.plan(doc('vars: { A: a }').replace('w.js', 'v.js'));
    expect(plan.changes.map(({ address }) => address)).toEqual(['worker:w']);
  });
});

describe('a Worker that others use', () => {
  const user = 'version: 1\nworkers: { user: { main: w.js, services: { W: w } } }';

  it('is not deleted: they are named', async () => {
    const run = runSandbox({ files });
    await run.apply(doc());
    await run.apply(user);
    const { outcomes } = await run.apply(doc('absent: true'));
    expect(outcomes[0]).toMatchObject({ ok: false, error: expect.stringContaining('The Worker w is still used by user.') });
    expect(run.account.state.workers.map(({ id }) => id)).toEqual(['w', 'user']);
  });

  it('goes by force where it has Durable Objects of its own', async () => {
    const run = runSandbox({ files });
    await run.apply(doc());
    await patch(run, { bindings: [{ type: 'durable_object_namespace', name: 'ROOM', class_name: 'Room' }] });
    const { ok, writes } = await run.apply(doc('absent: true'));
    expect(ok).toBe(true);
    expect(writes.map(({ query }) => query)).toEqual(['', 'force=true']);
  });
});
