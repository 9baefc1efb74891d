import { describe, expect, it } from 'vitest';
import { UnsafePlanError } from '../../src/lib/errors.ts';
import { afterOf, changesOf, createToys, gone, planFor, stock, text, want, type ToyKind } from './toy-kinds.ts';

/** A widget that other objects mention, and that touches them when it is replaced. */
const mentionedWidget = { refersTo: [], references: () => [] } satisfies Partial<ToyKind>;
const ownReplace: Partial<ToyKind> = { replace: async ({ live }) => ({ live }) };
/** A badge that can let go of its widgets. */
const free = { goesWith: [], release: (state) => state } satisfies Partial<ToyKind>;

describe('what is made', () => {
  it('comes after what it mentions, over several steps', async () => {
    const desired = [
      want('widget', 'lamp', { gadget: ['wheel', 'axle'] }),
      want('gadget', 'wheel', { gadget: ['axle'] }),
      want('gadget', 'axle'),
    ];
    const proposal = await planFor(createToys(), desired);
    expect(changesOf(proposal)).toEqual(['create gadget:axle', 'create gadget:wheel', 'create widget:lamp']);
    expect(afterOf(proposal)).toEqual({
      'gadget:axle': [],
      'gadget:wheel': ['gadget:axle'],
      'widget:lamp': ['gadget:axle', 'gadget:wheel'],
    });
  });

  it('does not wait for what it mentions and what needs no change', async () => {
    const toys = createToys();
    stock(toys, 'gadget', 'wheel');
    expect(afterOf(await planFor(toys, [want('gadget', 'wheel'), want('widget', 'lamp', { gadget: ['wheel'] })]))).toEqual({
      'widget:lamp': [],
    });
  });

  it('comes after what it follows', async () => {
    const proposal = await planFor(createToys(), [
      want('gadget', 'a', {}, { follows: ['widget:lamp', 'widget:none'] }),
      want('widget', 'lamp'),
    ]);
    expect(changesOf(proposal)).toEqual(['create widget:lamp', 'create gadget:a']);
  });

  it('may mention itself', async () => {
    expect(afterOf(await planFor(createToys(), [want('gadget', 'a', { gadget: ['a'] })]))).toEqual({ 'gadget:a': [] });
  });
});

describe('what is removed', () => {
  it('comes after everything that mentioned it is gone or has let go', async () => {
    const toys = createToys();
    stock(toys, 'gadget', 'axle');
    stock(toys, 'gadget', 'wheel', { gadget: ['gadget-axle'] });
    stock(toys, 'widget', 'lamp', { gadget: ['gadget-axle'] });
    const proposal = await planFor(toys, [
      gone('gadget', 'axle'),
      gone('gadget', 'wheel'),
      want('widget', 'lamp', { gadget: [] }),
    ]);
    expect(afterOf(proposal)).toEqual({ 'gadget:axle': ['gadget:wheel', 'widget:lamp'], 'gadget:wheel': [], 'widget:lamp': [] });
    expect(changesOf(proposal).at(-1)).toBe('delete gadget:axle');
  });

  it('goes before what it follows, where that goes too', async () => {
    const toys = createToys();
    for (const name of ['a', 'b', 'c']) stock(toys, 'gadget', name);
    const desired = [
      gone('gadget', 'a'),
      gone('gadget', 'b', { follows: ['gadget:a', 'gadget:c'] }),
      want('gadget', 'c', { color: 'red' }),
    ];
    expect(afterOf(await planFor(toys, desired))).toEqual({ 'gadget:a': ['gadget:b'], 'gadget:b': [], 'gadget:c': [] });
  });

  it('cannot be, where live objects mention each other in a circle', async () => {
    const toys = createToys();
    stock(toys, 'gadget', 'a', { gadget: ['gadget-b'] });
    stock(toys, 'gadget', 'b', { gadget: ['gadget-a'] });
    stock(toys, 'gadget', 'c', { gadget: ['gadget-a'] });
    const error: unknown = await planFor(
      toys,
      ['c', 'a', 'b'].map((key) => gone('gadget', key)),
    ).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnsafePlanError);
    expect(error).toMatchObject({ message: 'these changes wait for each other: gadget:a → gadget:b → gadget:a' });
  });
});

describe('a replacement', () => {
  it('comes before what keeps mentioning it, and after what lets go of it', async () => {
    const toys = createToys();
    stock(toys, 'gadget', 'wheel', { size: 1 });
    stock(toys, 'widget', 'keeps', { gadget: ['gadget-wheel'], color: 'red' });
    stock(toys, 'widget', 'lets-go', { gadget: ['gadget-wheel'] });
    stock(toys, 'widget', 'goes', { gadget: ['gadget-wheel'] });
    const desired = [
      want('gadget', 'wheel', { size: 2 }),
      want('widget', 'keeps', { color: 'blue' }),
      want('widget', 'lets-go', { gadget: [] }),
      gone('widget', 'goes'),
    ];
    expect(afterOf(await planFor(toys, desired))).toEqual({
      'gadget:wheel': ['widget:goes', 'widget:lets-go'],
      'widget:keeps': ['gadget:wheel'],
      'widget:lets-go': [],
      'widget:goes': [],
    });
  });

  it('that touches other objects does not run beside another of that sort', async () => {
    const toys = createToys({ gadget: ownReplace });
    for (const name of ['a', 'b', 'c']) stock(toys, 'gadget', name, { size: 1 });
    const proposal = await planFor(
      toys,
      ['a', 'b', 'c'].map((key) => want('gadget', key, { size: 2 })),
    );
    expect(afterOf(proposal)).toEqual({ 'gadget:a': [], 'gadget:b': ['gadget:a'], 'gadget:c': ['gadget:b'] });
  });

  it('of one runs beside another where neither touches others', async () => {
    const toys = createToys();
    for (const name of ['a', 'b']) stock(toys, 'gadget', name, { size: 1 });
    expect(afterOf(await planFor(toys, [want('gadget', 'a', { size: 2 }), want('gadget', 'b', { size: 2 })]))).toEqual({
      'gadget:a': [],
      'gadget:b': [],
    });
  });

  it('of two takes the order that a user needs who changes from one to the other', async () => {
    const toys = createToys({ gadget: ownReplace });
    for (const name of ['a', 'b']) stock(toys, 'gadget', name, { size: 1 });
    stock(toys, 'widget', 'lamp', { gadget: ['gadget-a'] });
    const desired = [
      want('gadget', 'a', { size: 2 }),
      want('gadget', 'b', { size: 2 }),
      want('widget', 'lamp', { gadget: ['b'] }),
    ];
    expect(changesOf(await planFor(toys, desired))).toEqual(['replace gadget:b', 'update widget:lamp', 'replace gadget:a']);
  });

  it('of two finds an order where two users swap them', async () => {
    const toys = createToys({ gadget: ownReplace });
    for (const name of ['a', 'b']) stock(toys, 'gadget', name, { size: 1 });
    stock(toys, 'widget', 'x', { gadget: ['gadget-a'] });
    stock(toys, 'widget', 'y', { gadget: ['gadget-b'] });
    const swapped = [want('widget', 'x', { gadget: ['b'] }), want('widget', 'y', { gadget: ['a'] })];
    const changes = changesOf(
      await planFor(toys, [want('gadget', 'a', { size: 2 }), want('gadget', 'b', { size: 2 }), ...swapped]),
    );
    expect(changes).toHaveLength(4);
    expect(changes.indexOf('replace gadget:a')).toBeLessThan(changes.indexOf('update widget:y'));
    expect(changes.indexOf('replace gadget:b')).toBeLessThan(changes.indexOf('update widget:x'));
  });
});

describe('room for a removal', () => {
  it('is made by what can let go, also where the document does not know it', async () => {
    const toys = createToys();
    for (const name of ['wheel', 'axle', 'bolt']) stock(toys, 'gadget', name);
    stock(toys, 'widget', 'foreign', { gadget: ['gadget-wheel', 'gadget-axle', 'gadget-bolt'], notes: 'keep' });
    const proposal = await planFor(toys, [gone('gadget', 'wheel'), gone('gadget', 'axle')]);
    expect(proposal.plan.changes[0]).toMatchObject({
      address: 'widget:foreign',
      action: 'update',
      reason: '2 resources that it mentions go away',
      fields: [{ path: 'gadget', before: ['wheel', 'axle', 'bolt'], after: ['bolt'] }],
    });
    expect(proposal.works[0]?.final).toEqual({ name: 'foreign', gadget: ['bolt'], notes: 'keep' });
    expect(afterOf(proposal)['gadget:wheel']).toEqual(['widget:foreign']);
  });

  it('is made beside what the document changes anyway, and counted as a change', async () => {
    const toys = createToys();
    for (const name of ['wheel', 'axle']) stock(toys, 'gadget', name);
    stock(toys, 'widget', 'lamp', { gadget: ['gadget-wheel'], color: 'red' });
    stock(toys, 'widget', 'fan', { gadget: ['gadget-wheel'] });
    stock(toys, 'widget', 'other', { gadget: ['gadget-axle'] });
    const { plan } = await planFor(toys, [
      gone('gadget', 'wheel'),
      want('widget', 'lamp', { color: 'blue' }),
      want('widget', 'fan'),
      want('widget', 'other'),
    ]);
    expect(plan.changes.map(({ address, fields, reason }) => [address, reason, fields.map(({ path }) => path)])).toEqual([
      ['widget:lamp', 'gadget:wheel goes away', ['color', 'gadget']],
      ['widget:fan', 'gadget:wheel goes away', ['gadget']],
      ['gadget:wheel', 'the document says absent: true', []],
    ]);
    expect(plan.unchanged).toBe(1);
  });

  it('does not send secrets that nobody asked to send', async () => {
    const { Secret } = await import('../../src/secrets/secret.ts');
    const toys = createToys();
    stock(toys, 'gadget', 'wheel');
    stock(toys, 'widget', 'foreign', { gadget: ['gadget-wheel'], token: Secret.held });
    const { plan } = await planFor(toys, [gone('gadget', 'wheel')], { resendSecrets: true });
    expect(plan.changes[0]?.fields.map(({ path }) => path)).toEqual(['gadget']);
  });

  it('takes along what cannot outlive it, declared or not', async () => {
    const toys = createToys();
    stock(toys, 'widget', 'lamp');
    stock(toys, 'badge', 'own', { widget: ['widget-lamp'] });
    stock(toys, 'badge', 'foreign', { widget: ['widget-lamp'] });
    const { plan } = await planFor(toys, [gone('widget', 'lamp'), want('badge', 'own')]);
    expect(plan.changes.map(({ action, address, reason }) => [action, address, reason])).toEqual([
      ['delete', 'badge:own', 'goes with widget:lamp'],
      ['delete', 'badge:foreign', 'goes with widget:lamp'],
      ['delete', 'widget:lamp', 'the document says absent: true'],
    ]);
    expect(plan.left_in_place).toEqual([]);
  });

  it('is not made where a user can do neither: asked for by name, that is refused', async () => {
    const toys = createToys();
    stock(toys, 'gadget', 'wheel');
    stock(toys, 'gadget', 'cart', { gadget: ['gadget-wheel'] });
    await expect(planFor(toys, [gone('gadget', 'wheel')])).rejects.toThrow('gadget:wheel is still used by gadget:cart');
    const { plan } = await planFor(toys, [gone('gadget', 'wheel', { why: 'destroy' })]);
    expect(plan).toMatchObject({ changes: [], left_in_place: [{ address: 'gadget:wheel', why: 'still used by gadget:cart' }] });
  });

  it('is not made for what stays because of what stays', async () => {
    const toys = createToys();
    stock(toys, 'gadget', 'bolt');
    stock(toys, 'gadget', 'wheel', { gadget: ['gadget-bolt'] });
    stock(toys, 'gadget', 'cart', { gadget: ['gadget-wheel'] });
    stock(toys, 'widget', 'foreign', { gadget: ['gadget-wheel'] });
    const { plan } = await planFor(
      toys,
      ['bolt', 'wheel'].map((key) => gone('gadget', key, { why: 'destroy' })),
    );
    expect(plan.changes).toEqual([]);
    expect(plan.left_in_place).toEqual([
      { address: 'gadget:wheel', why: 'still used by gadget:cart' },
      { address: 'gadget:bolt', why: 'still used by gadget:wheel' },
    ]);
  });

  it('takes nothing along when the companion itself has to stay', async () => {
    const toys = createToys({
      gadget: {
        refersTo: ['badge'],
        references: ({ badge }) => [badge ?? []].flat().map((ref) => ({ kind: 'badge', ref: text(ref) })),
      },
    });
    stock(toys, 'widget', 'lamp');
    stock(toys, 'badge', 'stuck', { widget: ['widget-lamp'] });
    stock(toys, 'badge', 'loose', { widget: ['widget-lamp'] });
    stock(toys, 'gadget', 'holder', { badge: ['stuck'] });
    const { plan } = await planFor(toys, [gone('widget', 'lamp', { why: 'destroy' }), want('gadget', 'holder')]);
    expect(plan.changes).toEqual([]);
    expect(plan.left_in_place).toEqual([
      { address: 'badge:stuck', why: 'still used by gadget:holder' },
      { address: 'widget:lamp', why: 'still used by badge:stuck' },
    ]);
  });

  it('is refused where letting go changes nothing', async () => {
    const toys = createToys({ widget: mentionedWidget, badge: free });
    stock(toys, 'widget', 'lamp');
    stock(toys, 'badge', 'b', { widget: ['widget-lamp'] });
    await expect(planFor(toys, [gone('widget', 'lamp')])).rejects.toThrow('widget:lamp is still used by badge:b');
  });
});
