import { describe, expect, it } from 'vitest';
import { assistant } from './assistant.ts';

const policies = (count: number): string =>
  `version: 1\npolicies:\n${Array.from({ length: count }, (_, at) => `  p${at}: { decision: allow, include: [{ email: user${at}@example.com }] }\n`).join('')}`;

describe('an apply that runs', () => {
  it('is alone: a second one is refused, and its plan stays good', async () => {
    const { call, another } = await assistant({ flags: '--approve plan-id', account: { latencyMs: 20 } });
    const [first, second] = [
      await call('mcpportal_plan', { document: policies(4) }),
      await call('mcpportal_put_group', { key: 'g', entry: { include: [{ everyone: true }] } }),
    ];
    const other = await another();
    const running = call('mcpportal_apply', { plan_id: first.value.plan_id });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const refused = await other.callTool({ name: 'mcpportal_apply', arguments: { plan_id: second.value.plan_id } });
    expect(refused).toMatchObject({ isError: true, structuredContent: { error: { code: 'busy' } } });
    expect((await running).value.status).toBe('applied');
    expect((await call('mcpportal_apply', { plan_id: second.value.plan_id })).value.status).toBe('applied');
  });

  it('tells of each change', async () => {
    const { call } = await assistant({ flags: '--approve plan-id' });
    const { value } = await call('mcpportal_plan', { document: policies(3) });
    const seen: unknown[] = [];
    await call('mcpportal_apply', { plan_id: value.plan_id }, { onprogress: (progress: unknown) => seen.push(progress) });
    expect(seen).toMatchObject([
      { progress: 1, total: 3 },
      { progress: 2 },
      { progress: 3, message: expect.stringMatching(/^policy:p\d: done$/) },
    ]);
  });

  it('stops when it is cancelled: what ran is done, the rest is not started, and the journal says so', async () => {
    const { call, journal, writes } = await assistant({ flags: '--concurrency 1 --approve plan-id', account: { latencyMs: 15 } });
    const { value } = await call('mcpportal_plan', { document: policies(8) });
    const controller = new AbortController();
    const done = call(
      'mcpportal_apply',
      { plan_id: value.plan_id },
      { signal: controller.signal, onprogress: () => controller.abort('enough') },
    );
    await expect(done).rejects.toThrow(/./);
    await expect.poll(() => journal().map(({ tool }) => tool)).toContain('mcpportal_apply');
    const line = journal().find(({ tool }) => tool === 'mcpportal_apply');
    expect(line.outcome).toBe('failed');
    const made = line.applied.filter(({ ok }: { ok: boolean }) => ok).length;
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThan(8);
    expect(writes()).toHaveLength(made);
  });

  it('goes on when the client vanishes', async () => {
    const { call, client, journal, writes } = await assistant({
      flags: '--concurrency 1 --approve plan-id',
      account: { latencyMs: 10 },
    });
    const { value } = await call('mcpportal_plan', { document: policies(5) });
    const done = call('mcpportal_apply', { plan_id: value.plan_id }, { onprogress: () => void client.close() });
    await expect(done).rejects.toThrow(/./);
    await expect.poll(() => journal().find(({ tool }) => tool === 'mcpportal_apply')?.outcome, { timeout: 5000 }).toBe('applied');
    expect(writes()).toHaveLength(5);
  });

  it('tells all of a partial success', async () => {
    const { call, account, journal } = await assistant({ flags: '--approve plan-id' });
    const { value } = await call('mcpportal_plan', { document: policies(3) });
    account.faults.fail({ what: 'forbidden', method: 'POST', path: /policies/, nth: 2 });
    const result = await call('mcpportal_apply', { plan_id: value.plan_id });
    expect(result).toMatchObject({ isError: true, value: { status: 'failed', error: { code: 'partly_applied' } } });
    expect(result.value.applied.map(({ ok }: { ok: boolean }) => ok).toSorted()).toEqual([false, true, true]);
    expect(journal().at(-1)).toMatchObject({ tool: 'mcpportal_apply', outcome: 'failed', applied: expect.any(Array) });
  });
});
