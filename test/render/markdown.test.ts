import { describe, expect, it } from 'vitest';
import { renderAppliedMarkdown, renderPlanMarkdown } from '../../src/render/markdown.ts';
import { changeOf, field, fullPlan, planOf } from './plan.ts';

const planId = 'sha256:abc';

/** What a reader of Markdown sees outside the fenced block. */
const outside = (text: string) => text.replace(/\n(`{3,})diff\n[^]*?\n\1\n/, '\n');

describe('renderPlanMarkdown', () => {
  it('has a summary, one block with a diff fence, and the plan id', () => {
    const text = renderPlanMarkdown(fullPlan, { planId });
    expect(text).toMatch(
      /^Plan: 1 to create, 1 to change, 1 to replace, 1 to delete; 4 unchanged\.\n\nA person must act: 1\.\n\nWarnings: 1\.\n/,
    );
    expect(text.match(/<details>/g)).toHaveLength(1);
    expect(text).toContain('\n```diff\n+ service_token:ci\n');
    expect(text).toContain('\n```\n\n</details>\n\nPlan id: `sha256:abc`\n');
    expect(text).toContain('access.policies: [people] → [people, robots]');
  });

  it('is short when nothing changes', () => {
    expect(renderPlanMarkdown(planOf({ unchanged: 7 }), { planId })).toBe(
      'No changes. 7 resources match the document.\n\nPlan id: `sha256:abc`\n',
    );
  });

  it('keeps values inside the fence, whatever they hold', () => {
    const evil = 'x\n```\n</details><script>@everyone ````` \u001b[2J';
    const changes = [changeOf(`server:${evil}`, 'update', { fields: [field('description', evil, `${evil}!`)] })];
    const text = renderPlanMarkdown(planOf({ changes }), { planId: '`<b>`@me' });
    expect(text).toContain('\n``````diff\n');
    expect(outside(text)).not.toMatch(/script|everyone|\u001b/);
    expect(outside(text)).toContain("Plan id: `'<b>'@me`");
    expect(text).not.toContain('\u001b');
  });

  it('never grows over 65,000 characters, and counts what it leaves out', () => {
    const changes = Array.from({ length: 3000 }, (_, index) =>
      changeOf(`server:s${index}`, 'create', { fields: [field('description', null, `about ${index} ${'x'.repeat(50)}`)] }),
    );
    const text = renderPlanMarkdown(planOf({ changes }), { planId });
    expect(text.length).toBeLessThanOrEqual(65_000);
    expect(text.length).toBeGreaterThan(60_000);
    const shown = text.match(/^\+ server:/gm)?.length ?? 0;
    expect(text).toMatch(
      new RegExp(`Left out because it is too long for a comment: \\d+ lines, with ${3000 - shown} of 3000 objects\\.`),
    );
    expect(text).toContain('\n```\n\n</details>\n\nPlan id: `sha256:abc`\n');
  });

  it('cuts a single endless line', () => {
    const changes = [changeOf(`server:${'k'.repeat(100_000)}`, 'create')];
    expect(renderPlanMarkdown(planOf({ changes }), { planId }).length).toBeLessThan(5_000);
  });
});

describe('renderAppliedMarkdown', () => {
  it('says what was done, what was not, and where the portals are', () => {
    const text = renderAppliedMarkdown(fullPlan, {
      planId,
      outcomes: [
        { address: 'service_token:ci', action: 'create', ok: true },
        { address: 'server:github', action: 'replace', ok: false, error: 'refused <b>' },
      ],
      outputs: { portals: { main: { url: 'https://mcp.example.com/mcp' } } },
      kept: ['Cloudflare kept server:a name'],
    });
    expect(text).toMatch(
      /^Applied: 1 created, 0 changed, 0 replaced, 0 deleted\.\n\nNot as planned: 2\.\n\n`main`: `https:\/\/mcp\.example\.com\/mcp`\n/,
    );
    expect(text).toContain(
      '```diff\nfailed: server:github was not replaced: refused <b>\nCloudflare kept server:a name\n\n+ service_token:ci',
    );
    expect(outside(text)).not.toContain('refused');
  });

  it('stays within the limit with many portals', () => {
    const many = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`p${index}`, { url: `https://${'h'.repeat(900)}/mcp` }]),
    );
    expect(renderAppliedMarkdown(fullPlan, { planId, outcomes: [], outputs: { portals: many } }).length).toBeLessThanOrEqual(
      65_000,
    );
  });
});
