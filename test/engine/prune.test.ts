import { describe, expect, it } from 'vitest';
import { afterOf, changesOf, createToys, gone, planFor, stock, want } from './toy-kinds.ts';

/** A lamp that has let go of its cart, which stands on two wheels with one axle. */
function account(): ReturnType<typeof createToys> {
  const toys = createToys();
  stock(toys, 'gadget', 'axle');
  stock(toys, 'gadget', 'wheel', { gadget: ['gadget-axle'] });
  stock(toys, 'gadget', 'cart', { gadget: ['gadget-wheel', 'gadget-axle'] });
  stock(toys, 'widget', 'lamp', { gadget: ['gadget-cart'] });
  return toys;
}
const lamp = want('widget', 'lamp', { gadget: [] });
const unused = 'nothing in the document mentions it any more; add --prune to this apply to delete it';

describe('what a run lets go of', () => {
  it('is listed as left in place, with everything that only it used', async () => {
    const { plan } = await planFor(account(), [lamp]);
    expect(plan.left_in_place).toEqual(
      ['gadget:cart', 'gadget:wheel', 'gadget:axle'].map((address) => ({ address, why: unused })),
    );
    expect(plan.changes.map(({ address }) => address)).toEqual(['widget:lamp']);
  });

  it('is deleted with --prune, users first, and says why', async () => {
    const proposal = await planFor(account(), [lamp], { prune: true });
    expect(changesOf(proposal)).toEqual([
      'update widget:lamp',
      'delete gadget:cart',
      'delete gadget:wheel',
      'delete gadget:axle',
    ]);
    expect(afterOf(proposal)['gadget:axle']).toEqual(['gadget:cart', 'gadget:wheel']);
    expect(proposal.plan.changes[1]?.reason).toBe('nothing in the document mentions it any more (--prune)');
    expect(proposal.plan.left_in_place).toEqual([]);
  });

  it('stays where something else uses it, and keeps what it uses', async () => {
    const toys = account();
    stock(toys, 'gadget', 'other', { gadget: ['gadget-wheel'] });
    const { plan, ...proposal } = await planFor(toys, [lamp], { prune: true });
    expect(changesOf({ plan, ...proposal })).toEqual(['update widget:lamp', 'delete gadget:cart']);
    expect(plan.left_in_place).toEqual([
      { address: 'gadget:wheel', why: 'still used by gadget:cart, gadget:other' },
      { address: 'gadget:axle', why: 'still used by gadget:wheel, gadget:cart' },
    ]);
  });

  it('stays where the document declares it', async () => {
    const { plan } = await planFor(account(), [lamp, want('gadget', 'cart')], { prune: true });
    expect([plan.changes.map(({ address }) => address), plan.left_in_place]).toEqual([['widget:lamp'], []]);
  });

  it('stays where something new mentions it', async () => {
    const proposal = await planFor(account(), [lamp, want('widget', 'fan', { gadget: ['cart'] })], { prune: true });
    expect(changesOf(proposal)).toEqual(['update widget:lamp', 'create widget:fan']);
    expect(proposal.plan.left_in_place).toEqual([]);
  });

  it('stays where its kind is nothing that a run prunes', async () => {
    const toys = createToys({ gadget: { prunable: undefined as never } });
    stock(toys, 'gadget', 'cart');
    stock(toys, 'widget', 'lamp', { gadget: ['gadget-cart'] });
    expect(changesOf(await planFor(toys, [lamp], { prune: true }))).toEqual(['update widget:lamp']);
  });

  it('may be gone already', async () => {
    const toys = createToys();
    stock(toys, 'widget', 'lamp', { gadget: ['f174e90afafe4643bbbc4a0ed4fc8415'] });
    expect(changesOf(await planFor(toys, [lamp], { prune: true }))).toEqual(['update widget:lamp']);
  });

  it('is also what a deleted resource mentioned', async () => {
    expect(changesOf(await planFor(account(), [gone('widget', 'lamp')], { prune: true }))).toHaveLength(4);
  });
});

describe('what belongs to a resource without being mentioned', () => {
  it('goes where the document does not speak of it', async () => {
    const toys = createToys();
    stock(toys, 'widget', 'lamp');
    stock(toys, 'badge', 'b', { widget: 'widget-lamp' });
    stock(toys, 'badge', 'declared', { widget: 'widget-lamp' });
    const proposal = await planFor(toys, [want('widget', 'lamp'), want('badge', 'declared')], { prune: true });
    expect(changesOf(proposal)).toEqual(['delete badge:b']);
  });

  it('goes once, where it goes along with the resource anyway', async () => {
    const toys = createToys();
    stock(toys, 'widget', 'lamp');
    stock(toys, 'badge', 'b', { widget: 'widget-lamp' });
    for (const prune of [true, false]) {
      const proposal = await planFor(toys, [gone('widget', 'lamp')], { prune });
      expect(changesOf(proposal)).toEqual(['delete badge:b', 'delete widget:lamp']);
      expect(proposal.plan.left_in_place).toEqual([]);
    }
  });

  it('is looked for where what it belongs to is pruned', async () => {
    const toys = createToys({
      gadget: {
        reaches: ({ id }, { existing }) => existing('badge').filter(({ name }) => name === `of ${id}`),
        reachesInto: ['badge'],
      },
    });
    stock(toys, 'gadget', 'cart');
    stock(toys, 'badge', 'of gadget-cart');
    stock(toys, 'widget', 'lamp', { gadget: ['gadget-cart'] });
    const changes = changesOf(await planFor(toys, [lamp], { prune: true }));
    expect(changes).toEqual(['update widget:lamp', 'delete gadget:cart', 'delete badge:of gadget-cart']);
  });
});

it('a plan without changes reads nothing more', async () => {
  const toys = account();
  await planFor(toys, [want('widget', 'lamp')], { prune: true });
  expect(toys.store.calls).toEqual(['list widget']);
});
