import { describe, expect, it } from 'vitest';
import { exportDocument } from '../../src/engine/export.ts';
import type { DocumentEntry, Kind, State } from '../../src/engine/kind.ts';
import { createReader } from '../../src/engine/reader.ts';
import { changesOf, createToys, planFor, stock, text, want, type Toys } from './toy-kinds.ts';

const section = (name: string): Kind['section'] =>
  ({ name, shape: 'map', schema: () => Promise.reject, expand: () => [] }) as unknown as Kind['section'];

/** The toys as a document writes them: badges stand in the entries of their widgets, marks in a list. */
function writable(): Toys {
  const badgeEntry = (key: string, state: State): DocumentEntry => ({
    section: 'widgets',
    key: text([state['widget'] ?? key].flat()[0]),
    value: { badge: key },
  });
  const toys = createToys({
    gadget: { toEntry: (key, state) => ({ section: 'gadgets', key, value: state }), section: section('gadgets') as never },
    widget: { toEntry: (key, state) => ({ section: 'widgets', key, value: state }), section: section('widgets') as never },
    badge: { toEntry: badgeEntry },
  });
  return toys;
}

async function exported(toys: Toys, isRoot: (address: string) => boolean = () => true) {
  const reader = createReader({ api: toys.api, kinds: toys.kinds, desired: [], everything: true });
  await reader.ensure(toys.kinds.map((kind) => kind.kind));
  return exportDocument({ kinds: toys.kinds, reader, isRoot });
}

describe('an account as a document', () => {
  it('has keys in the place of ids, and no plan', async () => {
    const toys = writable();
    stock(toys, 'gadget', 'Big Wheel!', { id: '1' });
    stock(toys, 'widget', 'lamp', { id: '2', gadget: ['1'] });
    const { sections, leftOut } = await exported(toys);
    expect(sections).toEqual({ gadgets: { 'big-wheel': { name: 'Big Wheel!' } }, widgets: { lamp: { gadget: ['big-wheel'] } } });
    expect(leftOut).toEqual([]);
    const desired = [want('gadget', 'big-wheel', { name: 'Big Wheel!' }), want('widget', 'lamp', { gadget: ['big-wheel'] })];
    expect(changesOf(await planFor(toys, desired))).toEqual([]);
  });

  it('finds a key for every name', async () => {
    const toys = writable();
    for (const [id, name] of Object.entries({ a: 'same', b: 'Same', c: 'SAME!', d: '車', odd_id: 'odd_id' }))
      stock(toys, 'gadget', name, { id });
    expect(Object.keys((await exported(toys)).sections['gadgets'] as object)).toEqual([
      'same',
      'same-2',
      'same-3',
      'gadget',
      'odd_id',
    ]);
  });

  it('leaves out what a creation fills in, and what says nothing', async () => {
    const toys = writable();
    stock(toys, 'widget', 'lamp', {
      mode: 'auto',
      notes: '',
      box: { depth: null },
      labels: { top: { shade: 'plain' }, side: { shade: 'dark' } },
      on: false,
    });
    expect((await exported(toys)).sections).toEqual({
      widgets: { lamp: { labels: { top: {}, side: { shade: 'dark' } }, on: false } },
    });
  });

  it('starts at the roots, with what they mention and what stands in the same entries', async () => {
    const toys = writable();
    for (const name of ['axle', 'other']) stock(toys, 'gadget', name);
    stock(toys, 'gadget', 'wheel', { gadget: ['gadget-axle', 'unknown'] });
    stock(toys, 'widget', 'lamp', { gadget: ['gadget-wheel'] });
    stock(toys, 'widget', 'fan');
    stock(toys, 'badge', 'b', { widget: ['widget-lamp'] });
    const { sections } = await exported(toys, (address) => address === 'widget:lamp');
    expect(sections).toEqual({
      gadgets: { axle: {}, wheel: { gadget: ['axle', 'unknown'] } },
      widgets: { lamp: { gadget: ['wheel'], badge: 'b' } },
    });
  });

  it('mentions twins by their ids, and says that it cannot have them', async () => {
    const toys = writable();
    for (const id of ['1', '2']) stock(toys, 'gadget', 'twin', { id });
    stock(toys, 'widget', 'lamp', { gadget: ['1'] });
    const { sections, leftOut } = await exported(toys);
    expect(sections).toEqual({ widgets: { lamp: { gadget: ['1'] } } });
    expect(leftOut).toEqual(
      ['1', '2'].map((id) => `the gadget "twin" (${id}) has a twin of the same name, which a document cannot tell apart`),
    );
  });

  it('may have lists, and leaves to others what they imply', async () => {
    const toys = writable();
    const kinds = toys.kinds.map((kind) => {
      if (kind.kind === 'gadget')
        return {
          ...kind,
          toEntry: (_key, value, { desired }) => ({ section: 'gadgets', value: { ...value, wanted: desired('gadget').length } }),
        } satisfies Kind;
      return kind.kind === 'widget' ? { ...kind, toEntry: () => undefined } : kind;
    });
    stock(toys, 'gadget', 'Wheel', { size: 1 });
    stock(toys, 'widget', 'lamp');
    expect((await exported({ ...toys, kinds })).sections).toEqual({ gadgets: [{ name: 'Wheel', size: 1, wanted: 0 }] });
  });

  it('says nothing of kinds that no document can write', async () => {
    const toys = createToys();
    stock(toys, 'gadget', 'wheel');
    expect((await exported(toys)).sections).toEqual({});
  });
});
