import { describe, expect, it } from 'vitest';
import { runSandbox } from '../support/run-sandbox.ts';

const namespaces = '~/storage/kv/namespaces';
const files = { 'w.js': "export default { fetch: () => new Response('one') };\n" };

describe('a KV namespace in the document', () => {
  it('gets the key as its title, and is found by it', async () => {
    const run = runSandbox();
    const { writes, requests } = await run.apply('version: 1\nkv_namespaces: { notes: {} }');
    expect(writes.map(({ body }) => body)).toEqual([{ title: 'notes' }]);
    expect(requests.filter(({ method }) => method === 'GET')).toHaveLength(2);
    expect((await run.plan('version: 1\nkv_namespaces: { notes: {} }')).requests).toHaveLength(1);
  });

  it('Q92: is adopted where its title exists, and the plan says that nothing changes', async () => {
    const run = runSandbox();
    await run.send('POST', namespaces, { title: 'TOKEN_STORE' });
    const { plan, proposal } = await run.plan('version: 1\nkv_namespaces: { tokens: { title: TOKEN_STORE } }');
    expect(plan).toMatchObject({ changes: [], unchanged: 1 });
    expect(proposal.names.bound('kv_namespace:tokens')?.id).toBe((await run.send('GET', namespaces))[0].id);
  });

  it('Q92: is found where it came up in the meantime, or the answer was lost', async () => {
    const run = runSandbox();
    run.account.faults.fail({ what: 'lost', method: 'POST', path: /namespaces$/ });
    expect((await run.apply('version: 1\nkv_namespaces: { notes: {} }')).ok).toBe(true);
    expect(run.account.state.kv_namespaces).toHaveLength(1);
  });

  it('is deleted with a word about its data', async () => {
    const run = runSandbox();
    await run.apply('version: 1\nkv_namespaces: { notes: {} }');
    const { plan, ok } = await run.apply('version: 1\nkv_namespaces: { notes: { absent: true } }');
    expect(plan.changes[0]?.impact).toBe('all data in it is lost');
    expect(ok).toBe(true);
  });

  it('is pruned when the only Worker that used it lets go, and else listed', async () => {
    const run = runSandbox({ files });
    await run.apply('version: 1\nkv_namespaces: { notes: {} }\nworkers: { w: { main: w.js, kv: { KV: notes } } }');
    const without = 'version: 1\nworkers: { w: { main: w.js, kv: { KV: null } } }';
    expect((await run.plan(without)).plan.left_in_place).toMatchObject([{ address: 'kv_namespace:notes' }]);
    const pruned = await run.apply(without, { prune: true });
    expect(pruned.lines).toEqual(['update worker:w kv.KV', 'delete kv_namespace:notes']);
    expect(pruned.ok).toBe(true);
  });

  it('is never deleted while any Worker of the account has it, also one that the document does not know', async () => {
    const run = runSandbox({ files });
    await run.apply(
      'version: 1\nkv_namespaces: { notes: {} }\nworkers: { w: { main: w.js, kv: { KV: notes } }, other: { main: w.js, kv: { KV: notes } } }',
    );
    const { outcomes } = await run.apply('version: 1\nworkers: { w: { main: w.js, kv: { KV: null } } }', { prune: true });
    expect(outcomes.find(({ address }) => address === 'kv_namespace:notes')).toMatchObject({
      ok: false,
      error: expect.stringContaining('still bound to the Worker other'),
    });
    expect(run.account.state.kv_namespaces).toHaveLength(1);
  });

  it('twice with one title is a mistake', () => {
    expect(() => runSandbox().load('version: 1\nkv_namespaces: { a: { title: X }, b: { title: X } }')).toThrow(/same object/);
  });
});
