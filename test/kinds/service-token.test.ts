import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/lib/errors.ts';
import { runSandbox, type RunSandbox } from '../support/run-sandbox.ts';

const tokens = '~/access/service_tokens';
const doc = (fields = '') => `version: 1\nservice_tokens: { ci: { out: stdout${fields === '' ? '' : `, ${fields}`} } }`;

describe('a service token in the document', () => {
  it('is made with what the entry says, and its secret reaches the sink with all four facts', async () => {
    const run = runSandbox();
    const applied = await run.apply(doc('name: the-bot, duration: 24h, enabled: false'));
    expect(applied.writes[0]?.body).toEqual({ name: 'the-bot', duration: '24h', enabled: false });
    const [live] = await run.send('GET', tokens);
    expect(applied.secrets).toEqual([
      {
        address: 'service_token:ci',
        secret: {
          name: 'the-bot',
          values: { client_id: live.client_id, client_secret: expect.any(String), expires_at: live.expires_at },
        },
      },
    ]);
    expect((await run.plan(doc('name: the-bot, duration: 24h, enabled: false'))).lines).toEqual([]);
  });

  it('gets the key as its name, and is found by name', async () => {
    const run = runSandbox();
    await run.send('POST', tokens, { name: 'ci', duration: '100h' });
    expect((await run.plan(doc())).lines).toEqual([]);
    expect((await run.plan(doc('duration: 200h'))).lines).toEqual(['update service_token:ci duration']);
    await run.send('POST', tokens, { name: 'ci' });
    await expect(run.plan(doc())).rejects.toMatchObject({ exitCode: 3 });
  });

  it('takes one sink or several, and refuses durations with days', () => {
    const run = runSandbox();
    expect(run.load(doc()).desired[0]?.sinks).toEqual(['stdout']);
    expect(run.load('version: 1\nservice_tokens: { ci: { out: [dotenv:.env, stdout] } }').desired[0]?.sinks).toEqual([
      'dotenv:.env',
      'stdout',
    ]);
    for (const duration of ['365d', '1y', '8760', 'always'])
      expect(() => run.load(doc(`duration: ${duration}`))).toThrow(/duration/);
  });

  it('is removed for absent: true', async () => {
    const run = runSandbox();
    await run.apply(doc());
    const applied = await run.apply(doc('absent: true'));
    expect(applied.lines).toEqual(['delete service_token:ci']);
    expect(applied.plan.changes[0]?.impact).toMatch(/locked out at once/);
    expect(await run.send('GET', tokens)).toEqual([]);
  });
});

describe('what the API does with service tokens', () => {
  it('Q58: a secret that no sink takes leaves no token behind', async () => {
    const run = runSandbox();
    const applied = await run.apply(doc(), { deliver: async () => Promise.reject(new UserError('the disk is full')) });
    expect(applied.outcomes[0]).toMatchObject({ ok: false, error: expect.stringContaining('the disk is full') });
    expect(await run.send('GET', tokens)).toEqual([]);
    expect((await run.apply(doc())).secrets).toHaveLength(1);
  });

  it('Q58: a secret survives that the token cannot be read after it was made', async () => {
    const run = runSandbox();
    run.account.faults.fail({ what: 'error-500', method: 'GET', path: /service_tokens\/.+/, times: 9 });
    const applied = await run.apply(doc());
    expect(applied.secrets[0]?.secret.values['client_secret']).toMatch(/^cfast_/);
  });

  it('Q59: a creation whose answer was lost is found and rotated, so that there is one token with a known secret', async () => {
    const run = runSandbox();
    run.account.faults.fail({ what: 'lost', method: 'POST', path: /service_tokens$/ });
    const applied = await run.apply(doc());
    expect(applied.ok).toBe(true);
    expect(applied.writes.map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}/, 'ID')}`)).toEqual([
      `POST ${tokens}`,
      `POST ${tokens}/ID/rotate`,
    ]);
    expect(applied.secrets[0]?.secret.values).toMatchObject({
      client_secret: expect.stringMatching(/^cfast_/),
      expires_at: expect.any(String),
    });
    expect(await run.send('GET', tokens)).toHaveLength(1);
  });

  it('Q59: a creation that never arrived is sent once more', async () => {
    const run = runSandbox();
    run.account.faults.fail({ what: 'reset', method: 'POST', path: /service_tokens$/ });
    const applied = await run.apply(doc());
    expect(applied.ok).toBe(true);
    expect(applied.secrets).toHaveLength(1);
    expect(await run.send('GET', tokens)).toHaveLength(1);
  });

  it('Q59: a token whose secret cannot be had is removed, and the next run makes it anew', async () => {
    const run = runSandbox();
    run.account.faults.fail({ what: 'lost', method: 'POST', path: /service_tokens$/ });
    run.account.faults.fail({ what: 'forbidden', method: 'POST', path: /rotate$/, times: 9 });
    const applied = await run.apply(doc());
    expect(applied.ok).toBe(false);
    expect(await run.send('GET', tokens)).toEqual([]);
    run.account.faults.clear();
    expect((await run.apply(doc())).secrets).toHaveLength(1);
  });

  it('Q59: a token that can be neither rotated nor removed is named, with what to do', async () => {
    const run = runSandbox();
    run.account.faults.fail({ what: 'lost', method: 'POST', path: /service_tokens$/ });
    run.account.faults.fail({ what: 'forbidden', method: 'POST', path: /rotate$/, times: 9 });
    run.account.faults.fail({ what: 'forbidden', method: 'DELETE', times: 9 });
    const applied = await run.apply(doc());
    const [live] = await run.send('GET', tokens);
    expect(applied.outcomes[0]?.error).toMatch(
      new RegExp(
        `"ci" \\(${live.id}\\) is there now, and nobody has its secret.*end it with mcp-portal service-token revoke`,
        's',
      ),
    );
  });

  it('Q59: where nobody can look whether the token was made, that is said', async () => {
    const run = runSandbox();
    run.account.faults.fail({ what: 'lost', method: 'POST', path: /service_tokens$/ });
    run.account.faults.fail({ what: 'forbidden', method: 'GET', path: /service_tokens$/, nth: 2, times: 9 });
    const applied = await run.apply(doc());
    expect(applied.outcomes[0]?.error).toMatch(/"ci" may be there now, and nobody has its secret/);
    expect(applied.writes).toHaveLength(1);
  });

  it.each([
    ['id', null],
    ['client_id', ''],
    ['client_secret', undefined],
    ['client_secret', null],
    ['client_secret', 7],
  ])('Q58: an answer with the %s %s reaches no sink', async (field, value) => {
    const run = runSandbox({
      rewrite: ({ method, path }, result) =>
        method === 'POST' && path === tokens ? { ...Object(result), [field]: value } : result,
    });
    const applied = await run.apply(doc());
    expect([applied.ok, applied.secrets]).toEqual([false, []]);
    const isKnown = field !== 'id';
    expect(await run.send('GET', tokens)).toHaveLength(isKnown ? 0 : 1);
    expect(applied.outcomes[0]?.error).toMatch(isKnown ? /no usable id/ : /"ci" may be there now, and nobody has its secret/);
  });

  it('Q58: an answer that is a list reaches no sink', async () => {
    const run = runSandbox({ rewrite: ({ method }, result) => (method === 'POST' ? [result] : result) });
    const applied = await run.apply(doc());
    expect(applied.secrets).toEqual([]);
    expect(applied.outcomes[0]?.error).toMatch(/"ci" may be there now/);
  });

  it('Q59: a rotation without a secret leaves no token behind', async () => {
    const run = runSandbox({
      rewrite: ({ path }, result) => (path.endsWith('/rotate') ? { ...Object(result), client_secret: '' } : result),
    });
    run.account.faults.fail({ what: 'lost', method: 'POST', path: /service_tokens$/ });
    const applied = await run.apply(doc());
    expect([applied.ok, applied.secrets]).toEqual([false, []]);
    expect(await run.send('GET', tokens)).toEqual([]);
  });

  it.each([
    ['of other settings', async (run: RunSandbox) => void (await run.send('POST', tokens, { name: 'ci', duration: '99h' }))],
    [
      'that somebody has rotated',
      async (run: RunSandbox) => {
        const { id } = await run.send('POST', tokens, { name: 'ci', duration: '24h' });
        await run.send('POST', `${tokens}/${id}/rotate`, {});
      },
    ],
    [
      'that is there twice',
      async (run: RunSandbox) => {
        for (const _ of [1, 2]) await run.send('POST', tokens, { name: 'ci', duration: '24h' });
      },
    ],
  ])('Q59: after a lost answer, a token %s may be another run’s: it is named and left alone', async (_, make) => {
    let before = '';
    const run: RunSandbox = runSandbox({
      around: async (request, answer) => {
        if (request.method !== 'POST' || request.path !== tokens) return answer();
        await make(run);
        before = JSON.stringify(run.account.state.service_tokens);
        throw new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) });
      },
    });
    const applied = await run.apply(doc('duration: 24h'));
    const [live] = await run.send('GET', tokens);
    expect(applied.outcomes[0]?.error).toMatch(new RegExp(`may be somebody else's: .*${live.id}`));
    expect(JSON.stringify(run.account.state.service_tokens)).toBe(before);
  });

  it('Q60: a token that lives for ever has an expiry all the same, and does not differ', async () => {
    const run = runSandbox();
    const applied = await run.apply(doc('duration: forever'));
    expect(applied.writes[0]?.body.duration).toBe('forever');
    expect((await run.send('GET', tokens))[0].expires_at).toEqual(expect.any(String));
    expect((await run.plan(doc('duration: forever'))).lines).toEqual([]);
  });

  it('Q61: durations are compared by what they mean', async () => {
    const run = runSandbox();
    await run.send('POST', tokens, { name: 'ci', duration: '8760h0m0s' });
    expect((await run.plan(doc('duration: 8760h'))).lines).toEqual([]);
    expect((await run.plan(doc('duration: 525600m'))).lines).toEqual([]);
    expect((await run.plan(doc('duration: 8761h'))).lines).toEqual(['update service_token:ci duration']);
  });

  it('Q62: an apply never rotates a token that it finds', async () => {
    const run = runSandbox();
    await run.apply(doc());
    const applied = await run.apply(doc('duration: 100h'), { resendSecrets: true });
    expect(applied.writes.map((write) => write.method)).toEqual(['PUT']);
    expect(run.account.state.service_tokens[0]?.version).toBe(1);
  });

  it('Q63: only what changed is sent, so that the expiry does not move', async () => {
    let now = new Date('2026-01-01T00:00:00Z');
    const run = runSandbox({ now: () => now });
    await run.apply(doc('duration: 8760h, enabled: true'));
    const [before] = await run.send('GET', tokens);
    now = new Date('2026-06-01T00:00:00Z');
    const applied = await run.apply(doc('duration: 8760h, enabled: false'));
    expect(applied.writes[0]?.body).toEqual({ enabled: false });
    expect((await run.send('GET', tokens))[0].expires_at).toBe(before.expires_at);
  });

  it('Q64: the version of a secret is never raised by an update', async () => {
    const run = runSandbox();
    await run.apply(doc());
    const applied = await run.apply(doc('enabled: false'));
    expect(applied.writes[0]?.body).not.toHaveProperty('client_secret_version');
  });

  it('Q65: secrets in the new form and in the old one stay out of plans and outcomes', async () => {
    const old = 'f'.repeat(64);
    for (const rewrite of [
      undefined,
      (_request: unknown, result: unknown) => JSON.parse(JSON.stringify(result).replace(/cfast_\w+/, old)),
    ]) {
      const run = runSandbox(rewrite === undefined ? {} : { rewrite });
      const applied = await run.apply(doc());
      const secret = applied.secrets[0]?.secret.values['client_secret'] ?? '';
      expect(secret).toMatch(rewrite === undefined ? /^cfast_/ : /^f+$/);
      expect(JSON.stringify([applied.plan, applied.outcomes])).not.toContain(secret);
    }
  });
});
