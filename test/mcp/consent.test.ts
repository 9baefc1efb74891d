import { describe, expect, it } from 'vitest';
import { assistant, type Era } from './assistant.ts';

const document = `version: 1
policies:
  people: { decision: allow, include: [{ email: user@example.com }] }
servers:
  notes: { url: https://notes.example.com/mcp, access: { policies: [people] } }
portals:
  tools: { hostname: tools.example.com, servers: [notes], access: { policies: [people] } }
`;

describe.each(['legacy', 'modern'] as const satisfies readonly Era[])('consent, %s era', (era) => {
  it('a plan changes nothing, and costs the requests of the command', async () => {
    const { call, writes } = await assistant({ era });
    const { value, isError } = await call('mcpportal_plan', { document });
    expect(isError).toBe(false);
    expect(value).toMatchObject({ status: 'planned', summary: { create: 6, delete: 0 } });
    expect(value.plan_id).toMatch(/^plan_/);
    expect(writes()).toEqual([]);
  });

  it('the person accepts: the plan is applied', async () => {
    const { call, writes, questions, journal } = await assistant({ era, person: () => 'accept' });
    const { value: planned } = await call('mcpportal_plan', { document });
    const { value, isError } = await call('mcpportal_apply', { plan_id: planned.plan_id });
    expect(value).toMatchObject({ status: 'applied', outputs: { portals: { tools: { url: 'https://tools.example.com/mcp' } } } });
    expect(isError).toBe(false);
    expect(questions).toHaveLength(1);
    expect(questions[0]).toContain('create: policy:people');
    expect(writes().length).toBeGreaterThan(4);
    expect(journal().map(({ tool, outcome }) => `${tool} ${outcome}`)).toContain('mcpportal_apply applied');
  });

  it.each(['decline', 'cancel'] as const)('the person answers %s: nothing is changed, and the plan is spent', async (answer) => {
    const { call, writes } = await assistant({ era, person: () => answer });
    const { value: planned } = await call('mcpportal_plan', { document });
    const first = await call('mcpportal_apply', { plan_id: planned.plan_id });
    expect(first).toMatchObject({ isError: true, value: { status: 'declined' } });
    expect(await call('mcpportal_apply', { plan_id: planned.plan_id })).toMatchObject({
      isError: true,
      value: { error: { code: 'stale_plan' } },
    });
    expect(writes()).toEqual([]);
  });

  it('nobody can be asked: the plan and the command come back', async () => {
    const { call, writes } = await assistant({ era });
    const { value: planned } = await call('mcpportal_plan', { document });
    const { isError, value } = await call('mcpportal_apply', { plan_id: planned.plan_id });
    expect(isError).toBe(true);
    expect(value).toMatchObject({ status: 'refused', error: { code: 'confirmation_needed' }, summary: { create: 6 } });
    expect(value.command).toMatch(/^mcp-portal apply -f - --yes <<'END_/);
    expect(writes()).toEqual([]);
  });

  it('a plan_id counts only where the server was started for it', async () => {
    const { call, writes } = await assistant({ era, flags: '--approve plan-id' });
    const put = await call('mcpportal_put_policy', {
      key: 'people',
      entry: { decision: 'allow', include: [{ everyone: true }] },
    });
    expect(put).toMatchObject({ isError: false, value: { status: 'planned' } });
    expect(writes()).toEqual([]);
    expect(await call('mcpportal_apply', { plan_id: put.value.plan_id })).toMatchObject({
      isError: false,
      value: { status: 'applied' },
    });
    expect(writes()).toEqual(['POST /access/policies']);
    expect(await call('mcpportal_apply', { plan_id: put.value.plan_id })).toMatchObject({ isError: true });
    expect(writes()).toHaveLength(1);
  });

  it('auto-approve applies at once', async () => {
    const { call, writes } = await assistant({ era, flags: '--auto-approve', person: () => 'decline' });
    expect(
      await call('mcpportal_put_policy', { key: 'people', entry: { decision: 'allow', include: [{ everyone: true }] } }),
    ).toMatchObject({
      value: { status: 'applied' },
    });
    expect(writes()).toEqual(['POST /access/policies']);
  });
});

describe('over HTTP', () => {
  const put = { key: 'people', entry: { decision: 'allow', include: [{ everyone: true }] } };

  it('a client of the modern era asks the person', async () => {
    const { call, writes, questions } = await assistant({ http: true, era: 'modern', person: () => 'accept' });
    expect((await call('mcpportal_put_policy', put)).value.status).toBe('applied');
    expect(questions).toHaveLength(1);
    expect(writes()).toEqual(['POST /access/policies']);
  });

  it('one of the legacy era cannot, and is told the command', async () => {
    const { call, writes } = await assistant({ http: true, era: 'legacy', person: () => 'accept' });
    expect(await call('mcpportal_put_policy', put)).toMatchObject({
      isError: true,
      value: { error: { code: 'confirmation_needed' } },
    });
    expect(writes()).toEqual([]);
  });
});
