import { describe, expect, it } from 'vitest';
import { plainStyle, type Style } from '../../src/render/style.ts';
import { renderAppliedText, renderPlanText } from '../../src/render/text.ts';
import { changeOf, field, fullPlan, planOf } from './plan.ts';

const tagged: Style = { ...plainStyle, red: (text) => `<red>${text}</red>`, green: (text) => `<green>${text}</green>` };

describe('renderPlanText', () => {
  it('shows one of everything', () => {
    expect(renderPlanText(fullPlan)).toBe(
      `
+ create   ~ change   - delete   ± replace   · left in place   ? a person must act

+ service_token:ci
    name: ci
    duration: 8760h

± server:github
    url: https://old.example.com/mcp → https://new.example.com/mcp  (forces replacement)
    why: url cannot be changed in place
    impact: everybody signs in to it again

~ server:ledger
    auth.bearer: (secret) → (secret)  (sent again)
    tools.search.alias: (none) → find
    access.policies: [people] → [people, robots]

- policy:old
    why: the document says absent: true
    impact: nobody gets in through it

· group:staff
    why: policy:other uses it

· server:foreign  (not in the document)

? server:linear: waits for a login
    next: open the portal and sign in

portal.yaml:3:5: warning MCP001: server:x has no access
    hint: add access

Plan: 1 to create, 1 to change, 1 to replace, 1 to delete; 4 unchanged.`.trimStart(),
    );
  });

  it('has a legend for the symbols that are used, and none without', () => {
    expect(renderPlanText(planOf({ changes: [changeOf('group:a', 'create')] })).split('\n')[0]).toBe('+ create');
    expect(renderPlanText(planOf({ unchanged: 7 }))).toBe('No changes. 7 resources match the document.');
  });

  it('keeps the plural of its last line for scripts', () => {
    expect(renderPlanText(planOf({ unchanged: 1 }))).toBe('No changes. 1 resources match the document.');
  });

  it('says which side is which where a monitor reads it', () => {
    const changes = [changeOf('group:a', 'update', { fields: [field('name', 'live', 'wanted')] })];
    const text = renderPlanText(planOf({ changes }), { mode: 'drift' });
    expect(text).toMatch(/^Live differs from the document\./);
    expect(text).toContain('name: live → wanted');
    expect(text.split('\n').at(-1)).toBe('Plan: 0 to create, 1 to change, 0 to replace, 0 to delete; 0 unchanged.');
    expect(renderPlanText(planOf(), { mode: 'drift' })).toBe('No changes. 0 resources match the document.');
  });

  it('colours symbols beside what they already say', () => {
    const text = renderPlanText(fullPlan, { style: tagged });
    expect(text).toContain('<green>+</green> service_token:ci');
    expect(text).toContain('<red>-</red> policy:old');
    expect(text.replaceAll(/<\/?(?:red|green)>/g, '')).toBe(renderPlanText(fullPlan));
  });

  it('shows more of long values on wide terminals', () => {
    const plan = planOf({ changes: [changeOf('group:a', 'create', { fields: [field('description', null, 'x'.repeat(200))] })] });
    expect(renderPlanText(plan)).toContain('… (80 more characters)');
    expect(renderPlanText(plan, { width: 500 })).toContain(`${'x'.repeat(200)}\n`);
  });

  it('lets no name reach the terminal as a command, or pass for a line of its own', () => {
    const evil = '\u001b[2J\u202E\nPlan: 0 to create, 0 to change, 0 to replace, 0 to delete; 9 unchanged.';
    const text = renderPlanText(
      planOf({
        changes: [changeOf(`server:${evil}`, 'delete', { reason: evil, impact: evil, fields: [field(evil, evil, [evil])] })],
        left_in_place: [{ address: `group:${evil}`, why: evil }],
        unmanaged: [{ address: `group:${evil}`, id: evil }],
        diagnostics: [
          { severity: 'error', code: 'MCP002', message: evil, hint: evil, place: { file: evil, line: 1, column: 1, path: evil } },
          { severity: 'info', code: 'MCP090', message: evil, hint: evil },
        ],
      }),
    );
    expect(text).not.toMatch(/[\u001b\u202E]/);
    expect(text.split('\n').filter((line) => line.startsWith('Plan:'))).toEqual([
      'Plan: 0 to create, 0 to change, 0 to replace, 1 to delete; 0 unchanged.',
    ]);
  });
});

describe('renderAppliedText', () => {
  it('ends with the count and the URLs', () => {
    const outcomes = [
      { address: 'portal:main', action: 'create', ok: true, id: 'main' },
      { address: 'server:a', action: 'update', ok: true },
    ] as const;
    expect(renderAppliedText(outcomes, { portals: { main: { url: 'https://mcp.example.com/mcp' } } })).toBe(
      'Applied: 1 created, 1 changed, 0 replaced, 0 deleted.\nmain: https://mcp.example.com/mcp',
    );
  });

  it('lists what failed and what was skipped first', () => {
    const text = renderAppliedText([
      { address: 'server:a', action: 'create', ok: false, error: 'refused\u001b[2J' },
      { address: 'portal:b', action: 'delete', ok: false, skipped: true, error: 'waits for server:a' },
      { address: 'group:c', action: 'replace', ok: false },
    ]);
    expect(text).toBe(
      [
        'failed: server:a was not created: refused\\u001b[2J',
        'skipped: portal:b was not deleted: waits for server:a',
        'failed: group:c was not replaced: no reason is known',
        'Applied: 0 created, 0 changed, 0 replaced, 0 deleted.',
      ].join('\n'),
    );
  });
});
