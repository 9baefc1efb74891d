import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import type { Desired, Kind, Section } from '../src/engine/kind.ts';
import type { Plan } from '../src/engine/plan-types.ts';
import { load } from '../src/load-spec.ts';
import { commit, outputsOf, planId, propose, withoutAll } from '../src/pipeline.ts';
import { parseSources } from '../src/spec/parse-sources.ts';
import { SpecError } from '../src/spec/spec-error.ts';
import { createToys, stock, want, type Toys } from './engine/toy-kinds.ts';

const section = (name: string, kind: string): Section => ({
  name,
  shape: 'map',
  schema: () => z.strictObject({ color: z.string().optional(), name: z.string().optional() }),
  expand: ({ key, value, place }) => [want(kind, key, value, { place })],
});

/** The toys with sections, so that a document can speak of them. */
function documented(toys: Toys = createToys()): Toys {
  const [gadget, widget, badge] = toys.kinds;
  const kinds = [
    { ...gadget, section: section('gadgets', 'gadget') },
    { ...widget, section: section('widgets', 'widget'), output: (key: string) => ({ url: `https://${key}.example.com/` }) },
    badge,
  ] as readonly Kind[];
  return { ...toys, kinds };
}

async function loaded(text: string, toys = documented()) {
  const sources = [{ name: 'portal.yaml', text }];
  return load(sources, { kinds: toys.kinds, env: { COLOR: 'red' }, parsed: await parseSources(sources) });
}

const committed = async (toys: Toys, desired: readonly Desired[], signal = new AbortController().signal) => {
  const proposal = await propose({ api: toys.api, kinds: toys.kinds, spec: { desired, findings: [] } });
  const report = await commit({
    api: toys.api,
    fresh: () => toys.api,
    kinds: toys.kinds,
    desired,
    proposal,
    concurrency: 2,
    signal,
    sleep: async () => {},
    deliver: async () => {},
  });
  return { proposal, report };
};

describe('loading a document', () => {
  it('gives its resources, with variables filled in', async () => {
    const spec = await loaded('version: 1\naccount: abc\nwidgets:\n  lamp: { color: "${COLOR}" }\n');
    expect(spec).toMatchObject({
      account: 'abc',
      desired: [{ kind: 'widget', key: 'lamp', state: { color: 'red' }, place: { line: 4 } }],
      findings: [],
    });
  });

  it('throws what the resources contradict each other in, with its place', async () => {
    const error: unknown = await loaded('version: 1\ngadgets:\n  wheel: {}\n  round: { name: wheel }\n').catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(SpecError);
    expect(error).toMatchObject({
      findings: [{ message: 'gadget:round and gadget:wheel mean the same object (wheel)', place: { line: 4 } }],
    });
  });
});

describe('the id of a plan', () => {
  const plan: Plan = {
    account: 'a',
    changes: [
      {
        address: 'widget:lamp',
        kind: 'widget',
        key: 'lamp',
        action: 'update',
        fields: [{ path: 'color', before: 'red', after: 'blue', sensitive: false, forces_replacement: false }],
        after: [],
      },
    ],
    unchanged: 1,
    left_in_place: [],
    unmanaged: [],
    diagnostics: [],
  };
  const [change] = plan.changes;
  if (change === undefined) throw new Error('no change');
  const withFields = (fields: typeof change.fields): Plan => ({ ...plan, changes: [{ ...change, fields }] });

  it('stays under another order of keys, and when only its remarks differ', () => {
    const { after, fields, ...rest } = change;
    const reordered = {
      ...plan,
      diagnostics: [{ severity: 'info', code: 'X', message: 'x' } as const],
      unchanged: 2,
      changes: [{ after, fields: fields.map(({ path, ...field }) => ({ ...field, path })), ...rest }],
    };
    expect(planId(reordered)).toBe(planId(plan));
    expect(planId(plan)).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it.each<[string, Plan]>([
    ['a live value', withFields(change.fields.map((field) => ({ ...field, before: 'green' })))],
    ['a wanted value', withFields(change.fields.map((field) => ({ ...field, after: 'green' })))],
    ['the account', { ...plan, account: 'b' }],
    ['an action', { ...plan, changes: [{ ...change, action: 'replace' }] }],
    ['the number of changes', { ...plan, changes: [] }],
    ['what is left in place', { ...plan, left_in_place: [{ address: 'gadget:wheel', why: 'so' }] }],
  ])('moves with %s', (_what, other) => {
    expect(planId(other)).not.toBe(planId(plan));
  });
});

describe('a run', () => {
  it('does what was proposed, and a second proposal is empty', async () => {
    const toys = documented();
    const { desired } = await loaded('version: 1\nwidgets:\n  lamp: { color: red }\n', toys);
    const { report, proposal } = await committed(toys, desired);
    expect(report).toEqual({
      outcomes: [{ address: 'widget:lamp', action: 'create', ok: true, id: 'widget-lamp-new' }],
      kept: [],
      interrupted: false,
    });
    expect(outputsOf(proposal, desired)).toEqual({ widgets: { lamp: { url: 'https://lamp.example.com/' } } });
    expect((await propose({ api: toys.api, kinds: toys.kinds, spec: { desired, findings: [] } })).plan.changes).toEqual([]);
  });

  it('that is interrupted does not read back', async () => {
    const toys = documented();
    const stop = new AbortController();
    toys.store.before = (call) => {
      if (call.startsWith('create')) stop.abort();
    };
    const { report } = await committed(
      toys,
      [want('widget', 'lamp'), want('gadget', 'wheel', { gadget: ['axle'] }), want('gadget', 'axle')],
      stop.signal,
    );
    expect(report).toMatchObject({ kept: [], interrupted: true });
    expect(report.outcomes.filter(({ skipped }) => skipped === true)).not.toEqual([]);
    expect(toys.store.calls.filter((call) => call === 'list widget')).toHaveLength(1);
  });

  it('reports what was applied also where it cannot be read back', async () => {
    const toys = documented();
    toys.store.before = (call) => {
      if (call === 'list widget' && toys.store.calls.includes('create widget lamp')) throw new Error('oh');
    };
    const { report } = await committed(toys, [want('widget', 'lamp')]);
    expect(report).toMatchObject({
      outcomes: [{ ok: true }],
      kept: ['what was written could not be read back: a bug in this program: oh'],
    });
  });

  it('of withoutAll removes everything that the document declares', async () => {
    const toys = documented();
    stock(toys, 'gadget', 'wheel');
    stock(toys, 'widget', 'lamp', { gadget: ['gadget-wheel'] });
    const desired = withoutAll([want('gadget', 'wheel'), want('widget', 'lamp')]);
    const { report, proposal } = await committed(toys, desired);
    expect(report.outcomes.map(({ action, address, ok }) => [action, address, ok])).toEqual([
      ['delete', 'widget:lamp', true],
      ['delete', 'gadget:wheel', true],
    ]);
    expect([toys.store.rows.get('widget'), toys.store.rows.get('gadget'), outputsOf(proposal, desired)]).toEqual([[], [], {}]);
  });
});

it('what a run has to show leaves out what does not exist', async () => {
  const toys = documented();
  stock(toys, 'gadget', 'wheel');
  const desired = [want('widget', 'lamp'), want('gadget', 'wheel')];
  const proposal = await propose({ api: toys.api, kinds: toys.kinds, spec: { desired, findings: [] } });
  expect(outputsOf(proposal, desired)).toEqual({});
});
