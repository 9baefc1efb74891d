import { describe, expect, it } from 'vitest';
import type { Address } from '../../src/engine/kind.ts';
import { readBack } from '../../src/engine/read-back.ts';
import { ApiError } from '../../src/lib/errors.ts';
import { createToys, gone, planFor, stock, want, type Toys } from './toy-kinds.ts';
import type { Desired } from '../../src/engine/kind.ts';

type Run = {
  readonly toys: Toys;
  readonly desired: readonly Desired[];
  readonly written?: readonly Address[];
  readonly signal?: AbortSignal;
};

/** Plans, lets `meanwhile` be what a run did to the account, and reads back. */
async function after({ toys, desired, written, signal }: Run, meanwhile: () => void) {
  const run = { ...(await planFor(toys, desired)), desired };
  meanwhile();
  toys.store.calls.length = 0;
  const sleeps: number[] = [];
  const outcomes = (written ?? desired.map(({ kind, key }) => `${kind}:${key}` as const)).map(
    (address) => ({ address, action: 'update', ok: true }) as const,
  );
  const kept = await readBack({
    api: toys.api,
    fresh: () => toys.api,
    kinds: toys.kinds,
    outcomes: [...outcomes, { address: 'widget:failed', action: 'update', ok: false }],
    run,
    signal: signal ?? new AbortController().signal,
    sleep: async (ms) => void sleeps.push(ms),
  });
  return { kept, sleeps, calls: toys.store.calls };
}

const nothing = (): void => {};

describe('reading back', () => {
  it('says nothing where live state is what was sent, and reads only what was written', async () => {
    const toys = createToys();
    const { kept, sleeps, calls } = await after(
      { toys, desired: [want('widget', 'lamp', { color: 'red' }), want('gadget', 'other')], written: ['widget:lamp'] },
      () => {
        stock(toys, 'widget', 'lamp', { color: 'red' });
      },
    );
    expect({ kept, sleeps, calls }).toEqual({ kept: [], sleeps: [], calls: ['list widget'] });
  });

  it('reads nothing where nothing was written', async () => {
    const { kept, calls } = await after({ toys: createToys(), desired: [want('widget', 'lamp')], written: [] }, nothing);
    expect([kept, calls]).toEqual([[], []]);
  });

  it('names each field that was changed or ignored', async () => {
    const toys = createToys();
    const desired = [
      want('widget', 'lamp', { color: 'blue', labels: { top: { size: 1 } }, notes: 'same' }),
      want('widget', 'solid', { model: 'b' }),
    ];
    const { kept } = await after({ toys, desired }, () => {
      stock(toys, 'widget', 'lamp', { color: 'red', notes: 'same' });
      stock(toys, 'widget', 'solid', { model: 'a' });
    });
    expect(kept).toEqual([
      'widget:lamp: color: Cloudflare kept "red", the document says "blue"; labels.top.size: Cloudflare kept null, the document says 1',
      'widget:solid: model: Cloudflare kept "a", the document says "b"',
    ]);
  });

  it('says what does not show, and what still does', async () => {
    const toys = createToys();
    stock(toys, 'widget', 'old');
    const { kept } = await after({ toys, desired: [want('widget', 'new'), gone('widget', 'old')] }, nothing);
    expect(kept).toEqual([
      'widget:new: Cloudflare accepted it, and does not show it',
      'widget:old: Cloudflare accepted the deletion, and still shows it',
    ]);
  });

  it('waits a little for answers that lag behind', async () => {
    const toys = createToys();
    let listings = 0;
    toys.store.shown = (_kind, rows) => {
      listings += 1;
      return listings <= 3 ? [] : rows;
    };
    const { kept, sleeps } = await after({ toys, desired: [want('widget', 'lamp')] }, () => {
      stock(toys, 'widget', 'lamp');
    });
    expect({ kept, sleeps }).toEqual({ kept: [], sleeps: [500, 1500] });
  });

  it('tries again where a reading fails, and then says that it did', async () => {
    const toys = createToys();
    const { kept, sleeps } = await after({ toys, desired: [want('widget', 'lamp')] }, () => {
      toys.store.before = () => {
        throw new ApiError('500 from Cloudflare', { hint: 'try again' });
      };
    });
    expect(kept).toEqual(['what was written could not be read back: 500 from Cloudflare (try again)']);
    expect(sleeps).toEqual([500, 1500, 3000]);
  });

  it('does not lose the report over a bug', async () => {
    const toys = createToys();
    const { kept } = await after({ toys, desired: [want('widget', 'lamp')] }, () => {
      toys.store.before = () => {
        throw new TypeError('oh');
      };
    });
    expect(kept).toEqual(['what was written could not be read back: a bug in this program: oh']);
  });

  it('says that two objects answer to one name now', async () => {
    const toys = createToys();
    const { kept } = await after({ toys, desired: [want('widget', 'lamp')] }, () => {
      stock(toys, 'widget', 'lamp', { id: '1' });
      stock(toys, 'widget', 'lamp', { id: '2' });
    });
    expect(kept[0]).toBe('widget:lamp: 2 live objects match, and only one widget can be the one meant: 1, 2');
  });

  it('ends at Ctrl-C', async () => {
    const stop = new AbortController();
    const { kept, calls } = await after({ toys: createToys(), desired: [want('widget', 'lamp')], signal: stop.signal }, () =>
      stop.abort(),
    );
    expect([kept, calls]).toEqual([[], []]);
  });

  it('knows what was read before of the kinds that were not written', async () => {
    const color = (found: readonly unknown[]): string => (found.length === 1 ? 'one gadget' : 'no gadget');
    const toys = createToys({
      widget: {
        settle: (state, _live, { existing, desired }) => ({
          ...state,
          color: `${color(existing('gadget'))}, ${desired('gadget').length} declared`,
        }),
      },
    });
    stock(toys, 'gadget', 'wheel');
    const { kept, calls } = await after(
      { toys, desired: [want('gadget', 'wheel'), want('widget', 'lamp')], written: ['widget:lamp'] },
      () => {
        stock(toys, 'widget', 'lamp', { color: 'one gadget, 1 declared' });
      },
    );
    expect([kept, calls]).toEqual([[], ['list widget']]);
  });
});
