import { describe, expect, it } from 'vitest';
import { apply, type ApplyOptions } from '../../src/engine/apply.ts';
import type { Desired, YieldedSecret } from '../../src/engine/kind.ts';
import { perform } from '../../src/engine/perform.ts';
import { ApiError, UserError } from '../../src/lib/errors.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { createToys, gone, planFor, stock, want, type ToyKind, type Toys } from './toy-kinds.ts';

async function run(toys: Toys, desired: readonly Desired[], more: Partial<ApplyOptions> = {}) {
  const proposal = await planFor(toys, desired);
  toys.store.calls.length = 0;
  const never = new AbortController().signal;
  const options = { api: toys.api, proposal, concurrency: 4, deliver: async () => {}, signal: never, ...more };
  return { outcomes: await apply(options), proposal, calls: toys.store.calls };
}

/** Fails the calls that begin with these words. */
const failing =
  (start: string, error: unknown) =>
  (call: string): void => {
    if (call.startsWith(start)) throw error;
  };

/** A promise that a test keeps. */
function gate(): { readonly passed: Promise<void>; open(): void } {
  let open = (): void => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

const chain = [
  want('gadget', 'axle'),
  want('gadget', 'wheel', { gadget: ['axle'] }),
  want('widget', 'lamp', { gadget: ['wheel'] }),
  want('widget', 'fan'),
];

describe('carrying out a plan', () => {
  it('makes each thing known to what mentions it, and gives the ids', async () => {
    const toys = createToys();
    const { outcomes, calls } = await run(toys, chain);
    expect(outcomes).toEqual([
      { address: 'gadget:axle', action: 'create', ok: true, id: 'gadget-axle-new' },
      { address: 'gadget:wheel', action: 'create', ok: true, id: 'gadget-wheel-new' },
      { address: 'widget:lamp', action: 'create', ok: true, id: 'widget-lamp-new' },
      { address: 'widget:fan', action: 'create', ok: true, id: 'widget-fan-new' },
    ]);
    expect(toys.store.rows.get('widget')).toContainEqual({
      id: 'widget-lamp-new',
      name: 'lamp',
      state: { name: 'lamp', gadget: ['gadget-wheel-new'] },
    });
    expect(calls.indexOf('create gadget wheel')).toBeLessThan(calls.indexOf('create widget lamp'));
  });

  it('changes, replaces and deletes', async () => {
    const toys = createToys();
    stock(toys, 'widget', 'lamp', { color: 'red', notes: 'kept' });
    stock(toys, 'widget', 'solid', { model: 'a' });
    stock(toys, 'widget', 'old');
    const { outcomes, proposal } = await run(toys, [
      want('widget', 'lamp', { color: 'blue' }),
      want('widget', 'solid', { model: 'b' }),
      gone('widget', 'old'),
    ]);
    expect(outcomes.map(({ address, action, ok, id }) => [address, action, ok, id])).toEqual([
      ['widget:lamp', 'update', true, 'widget-lamp'],
      ['widget:solid', 'replace', true, 'widget-solid-new'],
      ['widget:old', 'delete', true, 'widget-old'],
    ]);
    expect(toys.store.rows.get('widget')).toEqual([
      { id: 'widget-lamp', name: 'lamp', state: { name: 'lamp', color: 'blue', notes: 'kept' } },
      { id: 'widget-solid-new', name: 'solid', state: { name: 'solid', model: 'b' } },
    ]);
    expect(proposal.names.bound('widget:old')).toBeUndefined();
    expect(proposal.names.bound('widget:solid')?.id).toBe('widget-solid-new');
  });

  it('waits for nothing that is not part of the run', async () => {
    const toys = createToys();
    stock(toys, 'gadget', 'wheel', { color: 'red' });
    const proposal = await planFor(toys, [
      want('gadget', 'wheel', { color: 'blue' }),
      want('widget', 'lamp', { gadget: ['wheel'] }),
    ]);
    const options = { api: toys.api, concurrency: 1, deliver: async () => {}, signal: new AbortController().signal };
    const outcomes = await apply({ ...options, proposal: { ...proposal, works: proposal.works.slice(1) } });
    expect(outcomes.map(({ address, ok }) => [address, ok])).toEqual([['widget:lamp', true]]);
  });

  it("leaves a replacement to the kind's own way", async () => {
    const replace: ToyKind['replace'] = async ({ live, state, changed }) => ({
      live: { ...live, id: `replaced ${changed.join()}`, state },
    });
    const toys = createToys({ widget: { replace } });
    stock(toys, 'widget', 'solid', { model: 'a' });
    const { outcomes, calls } = await run(toys, [want('widget', 'solid', { model: 'b' })]);
    expect([outcomes[0]?.id, calls]).toEqual(['replaced model', []]);
  });

  it('runs side by side what does not depend on each other, at most so many at once', async () => {
    const toys = createToys();
    let running = 0;
    let most = 0;
    toys.store.before = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    };
    await run(
      toys,
      Array.from({ length: 9 }, (_, index) => want('gadget', `g${index}`)),
      { concurrency: 3 },
    );
    expect(most).toBe(3);
  });
});

describe('a failure', () => {
  it('skips what waits for it, over several steps, and nothing else', async () => {
    const toys = createToys();
    toys.store.before = failing('create gadget wheel', new ApiError('403: no', { hint: 'ask for the permission' }));
    const { outcomes } = await run(toys, [
      ...chain,
      want('widget', 'other', { gadget: ['wheel', 'axle'] }),
      want('badge', 'b', { widget: ['lamp'] }),
    ]);
    expect(outcomes.map(({ address, ok, skipped, error }) => [address, ok, skipped, error])).toEqual([
      ['gadget:axle', true, undefined, undefined],
      ['gadget:wheel', false, undefined, '403: no (ask for the permission)'],
      ['widget:lamp', false, true, 'waits for gadget:wheel'],
      ['widget:fan', true, undefined, undefined],
      ['widget:other', false, true, 'waits for gadget:wheel'],
      ['badge:b', false, true, 'waits for widget:lamp'],
    ]);
  });

  it('says no more than its message where there is no hint', async () => {
    const toys = createToys();
    toys.store.before = failing('create', new UserError('no'));
    expect((await run(toys, [want('gadget', 'a')])).outcomes).toEqual([
      { address: 'gadget:a', action: 'create', ok: false, error: 'no' },
    ]);
  });

  it('of ours does not lose what the others did', async () => {
    const toys = createToys();
    const held = gate();
    toys.store.before = async (call) => {
      if (call === 'create gadget a') throw new TypeError('x is not a function');
      if (call === 'create gadget b') throw 'a string';
      if (call === 'create gadget c') await held.passed;
    };
    const running = run(
      toys,
      ['a', 'b', 'c'].map((key) => want('gadget', key)),
    );
    setImmediate(held.open);
    expect((await running).outcomes).toMatchObject([
      { ok: false, error: 'a bug in this program: x is not a function' },
      { ok: false, error: 'a bug in this program: a string' },
      { ok: true, id: 'gadget-c-new' },
    ]);
  });

  it('in what shows progress does not touch the run', async () => {
    const broken = (): never => {
      throw new Error('the terminal is gone');
    };
    const { outcomes } = await run(createToys(), chain, { onStart: broken, onOutcome: broken });
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true, true]);
  });

  it('of a replacement leaves the former object unbound, because it is gone', async () => {
    const toys = createToys();
    stock(toys, 'widget', 'solid', { model: 'a' });
    toys.store.before = failing('create', new ApiError('500'));
    const { outcomes, proposal } = await run(toys, [want('widget', 'solid', { model: 'b' })]);
    expect([outcomes[0]?.error, proposal.names.bound('widget:solid')]).toEqual(['500', undefined]);
  });
});

it('progress tells what starts and what became of each change', async () => {
  const toys = createToys();
  const told: string[] = [];
  toys.store.before = failing('create gadget wheel', new ApiError('no'));
  await run(toys, chain, {
    concurrency: 1,
    onStart: (address) => told.push(`start ${address}`),
    onOutcome: ({ address, ok }) => told.push(`${ok ? 'done' : 'not done'} ${address}`),
  });
  expect(told.toSorted()).toEqual(
    [
      'start gadget:axle',
      'done gadget:axle',
      'start widget:fan',
      'done widget:fan',
      'start gadget:wheel',
      'not done gadget:wheel',
      'not done widget:lamp',
    ].toSorted(),
  );
});

describe('Ctrl-C', () => {
  it('starts nothing new, lets what runs come to its end, and reports the rest as skipped', async () => {
    const toys = createToys();
    const stop = new AbortController();
    const held = gate();
    toys.store.before = async (call) => {
      if (!call.startsWith('create')) return;
      stop.abort();
      setImmediate(held.open);
      await held.passed;
    };
    const { outcomes, calls } = await run(toys, chain, { concurrency: 1, signal: stop.signal });
    expect(calls).toEqual(['create gadget axle']);
    expect(outcomes.map(({ address, ok, skipped, error }) => [address, ok, skipped, error])).toEqual([
      ['gadget:axle', true, undefined, undefined],
      ['gadget:wheel', false, true, 'interrupted before it started'],
      ['widget:lamp', false, true, 'waits for gadget:wheel'],
      ['widget:fan', false, true, 'interrupted before it started'],
    ]);
  });
});

describe('what only this run can do, since a widget takes only a gadget that is not there yet', () => {
  const settle: NonNullable<ToyKind['settle']> = ({ gadget, ...state }, _live, peers) =>
    peers.live(`gadget:${String(gadget)}`) === undefined ? { ...state, ...(gadget === undefined ? {} : { gadget }) } : state;
  const obstacles: NonNullable<ToyKind['obstacles']> = (desired, bound, peers) =>
    bound === undefined && peers.live(`gadget:${String(desired.state['gadget'])}`) !== undefined
      ? [{ message: 'the wheel is there already', ids: [], hint: 'delete it' }]
      : [];
  const wanted = [want('gadget', 'wheel'), want('gadget', 'axle'), want('widget', 'lamp', { gadget: 'wheel' })];

  it('is done in spite of Ctrl-C, and nothing else', async () => {
    const toys = createToys({ widget: { settle, obstacles } });
    const controller = new AbortController();
    toys.store.before = (call) => (call === 'create gadget wheel' ? controller.abort() : undefined);
    const { outcomes } = await run(toys, wanted, { signal: controller.signal, concurrency: 1 });
    expect(outcomes.map(({ address, ok, skipped }) => [address, ok, skipped])).toEqual([
      ['gadget:wheel', true, undefined],
      ['gadget:axle', false, true],
      ['widget:lamp', true, undefined],
    ]);
  });

  it('is told where it fails', async () => {
    const toys = createToys({ widget: { settle, obstacles } });
    toys.store.before = failing('create widget', new ApiError('403'));
    const { outcomes } = await run(toys, wanted);
    expect(outcomes[2]?.error).toBe('403; the next run will be refused: the wheel is there already (delete it)');
  });

  it('is told where it fails and the next run would not notice', async () => {
    const toys = createToys({ widget: { settle, obstacles } });
    stock(toys, 'widget', 'lamp');
    toys.store.before = failing('update widget', new ApiError('403'));
    const { outcomes } = await run(toys, wanted);
    expect(outcomes[2]?.error).toMatch(/^403; no later run can hand on gadget:wheel to it: delete that and apply again/);
  });

  it('is told only where nothing else shows it, when a later run finds the secret again', async () => {
    const found: typeof settle = ({ gadget, ...state }, _live, peers) =>
      peers.live(`gadget:${String(gadget)}`) === undefined
        ? { ...state, ...(gadget === undefined ? {} : { gadget }) }
        : { ...state, token: Secret.of('file:x', 's3cret') };
    const toys = createToys({ widget: { settle: found } });
    toys.store.before = failing('create widget', new ApiError('403'));
    expect((await run(toys, wanted)).outcomes[2]?.error).toBe('403');
    const others = createToys({ widget: { settle: found } });
    stock(others, 'widget', 'lamp');
    others.store.before = failing('update widget', new ApiError('403'));
    expect((await run(others, wanted)).outcomes[2]?.error).toMatch(/^403; apply again with --resend-secrets/);
  });
});

describe('a secret that is shown once', () => {
  const secret: YieldedSecret = { name: 'lamp', values: { token: 's3cret' } };
  const yielding = (toys: Toys): Toys => {
    const kinds = toys.kinds.map((kind) => ({
      ...kind,
      create: async (write: Parameters<typeof kind.create>[0]) => ({ ...(await kind.create(write)), secret }),
      update: async (write: Parameters<typeof kind.update>[0]) => ({ ...(await kind.update(write)), secret }),
    }));
    return { ...toys, kinds };
  };
  const noSink = async (): Promise<never> => {
    throw new UserError('the disk is full');
  };

  it('reaches its sinks', async () => {
    const delivered: unknown[] = [];
    await run(yielding(createToys()), [want('widget', 'lamp')], { deliver: async (...given) => void delivered.push(given) });
    expect(delivered).toEqual([['widget:lamp', secret]]);
  });

  it('takes its object with it when no sink takes it', async () => {
    const toys = yielding(createToys());
    const { outcomes, proposal } = await run(toys, [want('widget', 'lamp'), want('badge', 'b', { widget: ['lamp'] })], {
      deliver: noSink,
    });
    expect(outcomes).toMatchObject([
      { ok: false, error: 'the disk is full' },
      { ok: false, skipped: true },
    ]);
    expect([toys.store.rows.get('widget'), proposal.names.bound('widget:lamp')]).toEqual([[], undefined]);
  });

  it('says what is left behind when that fails, too', async () => {
    const toys = yielding(createToys());
    toys.store.before = failing('remove', new ApiError('500'));
    const { outcomes } = await run(toys, [want('widget', 'lamp')], { deliver: noSink });
    expect(outcomes[0]?.error).toBe(
      'the disk is full; and the new widget widget-lamp-new, whose secret nobody has, could not be removed: 500 (remove it by hand, then run again)',
    );
  });

  it('of an object that was there before does not take it along', async () => {
    const toys = yielding(createToys());
    stock(toys, 'widget', 'lamp', { color: 'red' });
    const { outcomes } = await run(toys, [want('widget', 'lamp', { color: 'blue' })], { deliver: noSink });
    expect([outcomes[0]?.error, toys.store.rows.get('widget')?.length]).toEqual(['the disk is full', 1]);
  });
});

it('a change of nothing is a bug, and changes nothing', async () => {
  const toys = createToys();
  stock(toys, 'widget', 'lamp', { color: 'red' });
  const proposal = await planFor(toys, [want('widget', 'lamp', { color: 'blue' })]);
  const [work] = proposal.works;
  if (work === undefined) throw new Error('no work');
  const options = { api: toys.api, proposal, deliver: async () => {} };
  for (const action of ['update', 'delete', 'replace'] as const) {
    await expect(perform({ ...work, action, existing: undefined }, options)).rejects.toThrow('widget:lamp has no live object');
  }
  expect(toys.store.calls).toEqual(['list widget']);
});
