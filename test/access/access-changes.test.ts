import { describe, expect, it } from 'vitest';
import { accessChanges } from '../../src/access/access-changes.ts';
import { whoCan } from '../../src/access/who-can.ts';
import type { Plain } from '../../src/engine/values.ts';
import { alice, documentOf } from './documents.ts';

const access = { policies: ['people'] };
const people = { decision: 'allow', include: [{ email: 'alice@example.com' }] };

const seen = (servers: Plain | readonly string[], more: Plain = {}) =>
  whoCan(
    alice,
    documentOf({
      policies: { people },
      servers: { notes: { access }, mail: { access } },
      portals: { tools: { hostname: 'tools.example.com', servers, access } },
      ...more,
    }),
  );

describe('two answers', () => {
  it('that are alike have no changes', () => {
    expect(accessChanges(seen(['notes']), seen({ notes: {} }))).toEqual([]);
  });

  it('differ in the servers that were added and taken away', () => {
    expect(accessChanges(seen(['notes']), seen(['mail']))).toEqual([
      {
        change: 'gained',
        portal: 'tools',
        server: 'mail',
        before: 'no',
        after: 'yes',
        why: 'policy people (allow): email alice@example.com',
      },
      { change: 'lost', portal: 'tools', server: 'notes', before: 'yes', after: 'no', why: 'it is no longer in the portal' },
    ]);
  });

  it('differ in portals, and what becomes unknown counts as lost from certain access and gained from none', () => {
    const unknown = { policies: { people: { decision: 'allow', include: [{ device_posture: 'p' }] } } };
    const none = { policies: { people: { decision: 'allow', include: [{ email: 'bob@example.com' }] } } };
    const kinds = (before: Plain, after: Plain) => accessChanges(seen([], before), seen([], after)).map(({ change }) => change);
    expect(kinds({}, unknown)).toEqual(['lost']);
    expect(kinds(none, unknown)).toEqual(['gained']);
    expect(accessChanges(seen([]), seen([], { portals: {} }))).toMatchObject([{ change: 'lost', why: 'the portal is gone' }]);
  });

  it('differ in the tools that are shown, hidden and renamed', () => {
    const before = seen({ notes: { tools: { purge: false, search: { alias: 'find' } }, prompts: { sum: true } } });
    const after = seen({
      notes: { default: 'disabled', tools: { search: { alias: 'lookup', enabled: true }, purge: true }, prompts: { sum: false } },
    });
    const told = accessChanges(before, after).map(({ change, tool, prompt, before: was, after: is }) => [
      change,
      tool ?? prompt,
      was,
      is,
    ]);
    expect(told).toEqual([
      ['gained', 'purge', 'hidden', 'purge'],
      ['renamed', 'search', 'find', 'lookup'],
      ['lost', '*', 'shown', 'hidden'],
      ['lost', 'sum', 'sum', 'hidden'],
      ['lost', '*', 'shown', 'hidden'],
    ]);
  });

  it('say nothing of the tools of a server that is new', () => {
    expect(accessChanges(seen([]), seen({ notes: { tools: { purge: false } } }))).toHaveLength(1);
  });
});
