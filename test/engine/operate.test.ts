import { describe, expect, it } from 'vitest';
import { apply } from '../../src/engine/apply.ts';
import type { Address, Desired, State } from '../../src/engine/kind.ts';
import { lookUp, planOperation, type OperateOptions } from '../../src/engine/operate.ts';
import type { Operation } from '../../src/engine/operation.ts';
import { createToys, stock, want, type Row, type Toys } from './toy-kinds.ts';

const field = { path: 'wound', before: null, after: '(known after apply)', sensitive: false, forces_replacement: false };

const wind: Operation<State, Row> = {
  reason: (_live, { turns }) => `it is wound ${turns} times`,
  impact: ({ name }, { turns }) => (turns === '0' ? undefined : `${name} ticks`),
  fields: () => [field],
  run: async ({ live }, { turns }) => ({ live: { ...live, state: { ...live.state, wound: turns } } }),
};

const unlock: Operation<State, Row> = {
  yieldsSecret: true,
  reason: () => 'it shows its key',
  fields: () => [],
  run: async ({ live }) => ({ live, secret: { name: live.name, values: { key: 'k' } } }),
};

function toysWith(names: readonly string[]): Toys {
  const toys = createToys({ widget: { operations: { wind, unlock } } });
  for (const name of names) stock(toys, 'widget', name);
  return toys;
}

const planFor = (toys: Toys, refs: readonly string[] | undefined, more: Partial<OperateOptions> = {}) =>
  planOperation({
    api: toys.api,
    kinds: toys.kinds,
    kind: 'widget',
    operation: 'wind',
    refs,
    input: { turns: '3' },
    desired: [],
    ...more,
  });

const carryOut = async (toys: Toys, proposal: Awaited<ReturnType<typeof planFor>>) => {
  const secrets: [Address, unknown][] = [];
  const deliver = async (address: Address, { values }: { readonly values: object }) => void secrets.push([address, values]);
  const outcomes = await apply({ api: toys.api, proposal, concurrency: 2, deliver, signal: new AbortController().signal });
  return { outcomes, secrets };
};

const asked = async (toys: Toys, ref: string, desired: readonly Desired[] = []) =>
  planFor(toys, [ref], { desired }).then(
    () => 'planned',
    (error: unknown) => error,
  );

describe('an operation', () => {
  it('is planned as a change, with its reason, its impact and its fields, and writes nothing', async () => {
    const toys = toysWith(['lamp', 'fan']);
    const { plan } = await planFor(toys, ['lamp']);
    expect(plan).toEqual({
      account: 'toys',
      changes: [
        {
          address: 'widget:lamp',
          kind: 'widget',
          key: 'lamp',
          action: 'update',
          reason: 'it is wound 3 times',
          impact: 'lamp ticks',
          fields: [field],
          after: [],
        },
      ],
      unchanged: 0,
      left_in_place: [],
      unmanaged: [],
      diagnostics: [],
    });
    expect(toys.store.calls).toEqual(['list widget']);
  });

  it('has no impact where it says none', async () => {
    const { plan } = await planFor(toysWith(['lamp']), ['lamp'], { input: { turns: '0' } });
    expect(plan.changes[0]).not.toHaveProperty('impact');
  });

  it('is carried out with what it was told, and the object is known as the answer shows it', async () => {
    const toys = toysWith(['lamp']);
    const proposal = await planFor(toys, ['lamp']);
    expect((await carryOut(toys, proposal)).outcomes).toEqual([
      { address: 'widget:lamp', action: 'update', ok: true, id: 'widget-lamp' },
    ]);
    expect(proposal.names.bound('widget:lamp')?.live).toMatchObject({ state: { wound: '3' } });
  });

  it('brings a secret to its sinks where it yields one', async () => {
    const toys = toysWith(['lamp']);
    const desired = [want('widget', 'lamp', {}, { sinks: ['stdout'] })];
    const proposal = await planFor(toys, ['lamp'], { operation: 'unlock', desired });
    expect(proposal.works[0]?.desired?.sinks).toEqual(['stdout']);
    expect((await carryOut(toys, proposal)).secrets).toEqual([['widget:lamp', { key: 'k' }]]);
  });

  it('is done to every object of the kind where none is named, and to each only once', async () => {
    const toys = toysWith(['lamp', 'fan']);
    const addresses = async (refs: readonly string[] | undefined) =>
      (await planFor(toys, refs)).plan.changes.map(({ address }) => address);
    expect(await addresses(undefined)).toEqual(['widget:lamp', 'widget:fan']);
    expect(await addresses(['fan', 'widget-fan', 'fan'])).toEqual(['widget:fan']);
  });

  it('that the kind does not have is a bug', async () => {
    await expect(planFor(toysWith([]), [], { operation: 'fly' })).rejects.toThrow('widget has no operation fly');
  });
});

describe('the object of an operation', () => {
  it('is found by its key, its live name and its id, and called by its key', async () => {
    const toys = toysWith(['lamp']);
    const desired = [want('widget', 'light', { name: 'lamp' }), want('gadget', 'wheel')];
    for (const ref of ['light', 'lamp', 'widget-lamp']) {
      const { plan } = await planFor(toys, [ref], { desired });
      expect(plan.changes).toMatchObject([{ address: 'widget:light' }]);
    }
    expect(toys.store.calls).not.toContain('list gadget');
  });

  it('that nothing has is a mistake, with the nearest name or with those that there are', async () => {
    expect(await asked(toysWith(['lantern']), 'lantren')).toMatchObject({
      exitCode: 64,
      code: 'not_found',
      facts: { hint: 'did you mean lantern?' },
    });
    expect(await asked(toysWith(['lamp', 'fan']), 'xylophone')).toMatchObject({ facts: { hint: 'there are: lamp, fan' } });
    expect(await asked(toysWith(['lamp']), 'ligth', [want('widget', 'light', { name: 'lamp' })])).toMatchObject({
      facts: { hint: 'did you mean light?' },
    });
    expect(await asked(toysWith([]), 'lamp')).toMatchObject({
      message: 'there is no widget "lamp"',
      facts: { hint: 'there are none' },
    });
    const many = Array.from({ length: 12 }, (_, at) => `w${at}`);
    expect(await asked(toysWith(many), 'xylophone')).toMatchObject({
      facts: { hint: `there are: ${many.slice(0, 10).join(', ')}, …` },
    });
  });

  it('that the document has and the account has not yet is to be made first', async () => {
    expect(await asked(toysWith([]), 'lamp', [want('widget', 'lamp')])).toMatchObject({
      exitCode: 64,
      facts: { hint: expect.stringContaining('apply makes it') },
    });
  });

  it('is never one of two that match', async () => {
    const toys = toysWith(['lamp']);
    stock(toys, 'widget', 'lamp', { id: 'widget-lamp-2' });
    expect(await asked(toys, 'lamp')).toMatchObject({ exitCode: 3, code: 'ambiguous_name' });
    expect(await asked(toys, 'lamp', [want('widget', 'lamp')])).toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('widget-lamp-2'),
    });
    expect(await asked(toys, 'widget-lamp-2')).toBe('planned');
  });
});

it('looking up gives all objects of a kind and the resources of the document', async () => {
  const toys = toysWith(['lamp', 'fan']);
  const desired = [want('widget', 'lamp'), want('gadget', 'wheel')];
  const { all, own } = await lookUp({ api: toys.api, kinds: toys.kinds, kind: 'widget', desired });
  expect([all.map(({ name }) => name), own.map(({ key }) => key)]).toEqual([['lamp', 'fan'], ['lamp']]);
});
