import { describe, expect, it } from 'vitest';
import { applyJson, jsonText, planJson } from '../../src/render/json.ts';
import { renderPlanMarkdown } from '../../src/render/markdown.ts';
import { renderPlanText } from '../../src/render/text.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { changeOf, field, fullPlan, planOf } from './plan.ts';

const planId = 'sha256:abc';

describe('planJson', () => {
  it('has exactly the keys of the contract', () => {
    const document = planJson(fullPlan, { planId });
    expect(Object.keys(document)).toEqual([
      'schema_version',
      'ok',
      'plan_id',
      'account',
      'summary',
      'changes',
      'left_in_place',
      'unmanaged',
      'diagnostics',
    ]);
    expect(document.summary).toEqual({ create: 1, update: 1, replace: 1, delete: 1, unchanged: 4 });
    expect(document.changes[0]).toEqual({
      address: 'service_token:ci',
      kind: 'service_token',
      key: 'ci',
      action: 'create',
      reason: null,
      impact: null,
      fields: [
        { path: 'name', before: null, after: 'ci', sensitive: false, forces_replacement: false },
        { path: 'duration', before: null, after: '8760h', sensitive: false, forces_replacement: false },
      ],
    });
    expect(document.diagnostics).toEqual([
      { severity: 'warning', code: 'MCP001', message: 'server:x has no access', path: 'servers.x', line: 3, hint: 'add access' },
      {
        severity: 'info',
        code: 'MCP090',
        message: 'server:linear: waits for a login',
        path: null,
        line: null,
        hint: 'open the portal and sign in',
      },
    ]);
    expect(document).toMatchObject({ schema_version: 1, ok: true, plan_id: planId, account: 'acc' });
  });
});

describe('applyJson', () => {
  it('adds what was done and where the portals are', () => {
    const outcomes = [{ address: 'server:a', action: 'create', ok: true, id: 'a' }] as const;
    const outputs = { portals: { main: { url: 'https://mcp.example.com/mcp' } } };
    const document = applyJson(fullPlan, { planId, outcomes, outputs });
    expect(document).toMatchObject({ ok: true, plan_id: planId, outputs });
    expect(document.applied).toEqual([{ address: 'server:a', action: 'create', ok: true, id: 'a' }]);
    expect(document).not.toHaveProperty('kept');
  });

  it('is not ok when a change was not made, or the caller knows better', () => {
    const skipped = { address: 'server:a', action: 'create', ok: false, skipped: true, error: 'waits for x' } as const;
    expect(applyJson(fullPlan, { planId, outcomes: [skipped] })).toMatchObject({
      ok: false,
      applied: [skipped],
      outputs: { portals: {} },
    });
    expect(applyJson(fullPlan, { planId, outcomes: [], ok: false, kept: ['Cloudflare kept x'] })).toMatchObject({
      ok: false,
      kept: ['Cloudflare kept x'],
    });
  });
});

describe('jsonText', () => {
  it('is JSON that a terminal can show', () => {
    const text = jsonText({ name: 'a\u001b[2J\u009b\u202Eb' });
    expect(text).not.toMatch(/[\u001b\u009b\u202E]/);
    expect(JSON.parse(text)).toEqual({ name: 'a\u001b[2J\u009b\u202Eb' });
    expect(text.endsWith('}\n')).toBe(true);
  });
});

describe('a secret that strays into a plan', () => {
  it('shows in none of the three forms', () => {
    const canary = 'canary-7f3a9c0e51d2';
    const secret = Secret.of('env:T', canary);
    const fields = [field('auth', 'none', { bearer: secret }, { sensitive: true }), field('headers', [secret], secret)];
    const plan = planOf({ changes: [changeOf('server:a', 'update', { fields }), changeOf('server:b', 'create', { fields })] });
    const all = [renderPlanText(plan), renderPlanMarkdown(plan, { planId }), jsonText(planJson(plan, { planId }))];
    for (const text of all) {
      expect(text).not.toContain(canary);
      expect(text).toContain('(secret)');
    }
  });
});
