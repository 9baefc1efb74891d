import { describe, expect, it } from 'vitest';
import { guardDeletes } from '../../src/engine/guard.ts';
import { UnsafePlanError, UsageError } from '../../src/lib/errors.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { changesOf, createToys, gone, planFor, stock, want } from './toy-kinds.ts';

const refusal = async (run: Promise<unknown>): Promise<UnsafePlanError> => {
  const error = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UnsafePlanError)) throw new Error(`no refusal: ${String(error)}`);
  return error;
};

describe('a plan', () => {
  it('creates what is not there, with what a creation fills in and without ids', async () => {
    const toys = createToys();
    const { plan } = await planFor(toys, [
      want('widget', 'lamp', { mode: 'auto', token: Secret.unread('env:T'), labels: { top: {} } }),
    ]);
    expect(plan.changes).toEqual([
      {
        address: 'widget:lamp',
        kind: 'widget',
        key: 'lamp',
        action: 'create',
        after: [],
        fields: [
          { path: 'name', before: null, after: 'lamp', sensitive: false, forces_replacement: false },
          { path: 'mode', before: null, after: 'auto', sensitive: false, forces_replacement: false },
          { path: 'token', before: null, after: '(secret)', sensitive: true, forces_replacement: false },
          { path: 'labels.top', before: null, after: {}, sensitive: false, forces_replacement: false },
        ],
      },
    ]);
  });

  it('says why an implied resource is made', async () => {
    const { plan } = await planFor(createToys(), [want('gadget', 'wheel', {}, { why: 'widget:lamp needs it' })]);
    expect(plan.changes[0]?.reason).toBe('widget:lamp needs it');
  });

  it('changes in place exactly what differs', async () => {
    const toys = createToys();
    stock(toys, 'widget', 'lamp', { color: 'red', notes: 'kept' });
    const { plan, works } = await planFor(toys, [want('widget', 'lamp', { color: 'blue' })]);
    expect(plan.changes).toMatchObject([{ action: 'update', impact: 'someone misses it (update)', fields: [{ path: 'color' }] }]);
    expect(works[0]?.final).toEqual({ name: 'lamp', color: 'blue', notes: 'kept' });
  });

  it('replaces where a field cannot be changed, and says which', async () => {
    const toys = createToys();
    stock(toys, 'widget', 'lamp', { model: 'a', color: 'red' });
    const { plan } = await planFor(toys, [want('widget', 'lamp', { model: 'b', color: 'blue' })]);
    expect(plan.changes).toMatchObject([
      { action: 'replace', reason: 'model cannot be changed in place', fields: [{ path: 'model' }, { path: 'color' }] },
    ]);
  });

  it('is empty where everything is as the document says, and counts it', async () => {
    const toys = createToys();
    stock(toys, 'gadget', 'wheel');
    stock(toys, 'widget', 'lamp', { gadget: ['gadget-wheel'] });
    const { plan } = await planFor(toys, [
      want('gadget', 'wheel'),
      want('widget', 'lamp', { gadget: ['wheel'] }),
      gone('widget', 'other'),
    ]);
    expect(plan).toMatchObject({ account: 'toys', changes: [], unchanged: 2, left_in_place: [], unmanaged: [], diagnostics: [] });
  });

  it('reads each kind that the document has or mentions once, and no other', async () => {
    const toys = createToys();
    stock(toys, 'gadget', 'wheel');
    await planFor(toys, [want('widget', 'lamp', { gadget: ['wheel'] })]);
    expect(toys.store.calls).toEqual(['list gadget', 'list widget']);
  });

  it('does not read a kind for the sake of an id', async () => {
    const toys = createToys();
    await planFor(toys, [want('widget', 'lamp', { gadget: ['f174e90afafe4643bbbc4a0ed4fc8415'] })]);
    expect(toys.store.calls).toEqual(['list widget']);
  });

  it('fails when a listing fails: nothing is never taken for granted', async () => {
    const toys = createToys();
    toys.store.before = () => {
      throw new Error('403');
    };
    await expect(planFor(toys, [want('widget', 'lamp')])).rejects.toThrow('403');
  });

  it('takes live names and ids for the objects that they belong to', async () => {
    const toys = createToys();
    stock(toys, 'gadget', 'Big wheel', { id: 'w1' });
    stock(toys, 'widget', 'lamp', { gadget: ['w1'] });
    for (const ref of ['Big wheel', 'w1']) {
      expect(changesOf(await planFor(toys, [want('widget', 'lamp', { gadget: [ref] })]))).toEqual([]);
    }
  });

  it('sends secrets again where that is asked for', async () => {
    const toys = createToys();
    stock(toys, 'widget', 'lamp', { token: Secret.held });
    const desired = [want('widget', 'lamp', { token: Secret.unread('env:T') })];
    expect(changesOf(await planFor(toys, desired))).toEqual([]);
    expect(changesOf(await planFor(toys, desired, { resendSecrets: true }))).toEqual(['update widget:lamp']);
  });

  it('says which live objects wait for a person', async () => {
    const toys = createToys({
      widget: {
        readiness: ({ name }) =>
          name === 'lamp' ? { is: 'person', why: 'it is unplugged', next: 'plug it in' } : { is: 'ready' },
      },
    });
    for (const name of ['lamp', 'fan', 'old']) stock(toys, 'widget', name);
    const { plan } = await planFor(toys, [
      want('widget', 'lamp'),
      want('widget', 'fan'),
      want('widget', 'new'),
      gone('widget', 'old'),
    ]);
    expect(plan.diagnostics).toEqual([
      { severity: 'info', code: 'MCP090', message: 'widget:lamp: it is unplugged', hint: 'plug it in' },
    ]);
  });

  it('lists what the document does not speak of, of every kind, when that is asked for', async () => {
    const toys = createToys();
    stock(toys, 'widget', 'lamp');
    stock(toys, 'gadget', 'wheel', { id: '1' });
    stock(toys, 'gadget', 'twin', { id: '2' });
    stock(toys, 'gadget', 'twin', { id: '3' });
    const { plan } = await planFor(toys, [want('widget', 'lamp')], { showUnmanaged: true });
    expect(plan.unmanaged).toEqual([
      { address: 'gadget:wheel', id: '1' },
      { address: 'gadget:2', id: '2' },
      { address: 'gadget:3', id: '3' },
    ]);
  });

  it('takes a state as it stands where the kind neither completes nor settles it', async () => {
    const toys = createToys();
    const kinds = toys.kinds.map(({ initial: _initial, settle: _settle, ...kind }) => kind);
    stock(toys, 'gadget', 'wheel', { color: 'red' });
    const desired = [want('gadget', 'wheel', { color: 'blue' }), want('gadget', 'axle', { color: 'red' })];
    const { works } = await planFor({ ...toys, kinds }, desired);
    expect(works.map(({ wanted }) => wanted)).toEqual([{ color: 'blue' }, { color: 'red' }]);
  });

  it('lets a kind see the other resources, live and wanted', async () => {
    const seen: unknown[] = [];
    const toys = createToys({
      widget: {
        settle: (state, _live, { live, existing, desired }) => {
          seen.push([live('gadget:wheel')?.id, existing('gadget').length, desired('gadget').length, desired('badge').length]);
          return state;
        },
      },
    });
    stock(toys, 'gadget', 'wheel');
    await planFor(toys, [want('gadget', 'wheel'), want('gadget', 'axle'), want('widget', 'lamp')]);
    expect(seen).toEqual([['gadget-wheel', 1, 2, 0]]);
  });

  it('does not take a declared resource that is not there for a live object of that name', async () => {
    const toys = createToys();
    stock(toys, 'gadget', 'axle', { gadget: [] });
    stock(toys, 'widget', 'lamp', { gadget: ['gadget-axle'] });
    const { plan } = await planFor(toys, [
      want('gadget', 'axle', { name: 'Long axle' }),
      want('widget', 'lamp', { gadget: ['axle'] }),
    ]);
    expect(plan.changes.map(({ address, fields }) => [address, fields.find(({ path }) => path === 'gadget')])).toEqual([
      ['gadget:axle', undefined],
      ['widget:lamp', expect.objectContaining({ before: ['gadget-axle'], after: ['axle'] })],
    ]);
    expect(plan.left_in_place).toMatchObject([{ address: 'gadget:gadget-axle' }]);
  });

  it('refuses a kind that is not in the table', async () => {
    await expect(planFor(createToys(), [want('gizmo', 'x')])).rejects.toThrow('unknown kind gizmo');
  });
});

describe('what stands in the way', () => {
  it('is said all at once', async () => {
    const toys = createToys({
      widget: { obstacles: ({ key }) => (key === 'fan' ? [{ message: 'widget:fan: a foreign fan is there', ids: ['x'] }] : []) },
    });
    stock(toys, 'widget', 'twin', { id: '1' });
    stock(toys, 'widget', 'twin', { id: '2' });
    stock(toys, 'widget', 'safe');
    stock(toys, 'widget', 'solid', { model: 'a' });
    stock(toys, 'gadget', 'wheel');
    stock(toys, 'gadget', 'cart', { gadget: ['gadget-wheel'] });
    const error = await refusal(
      planFor(toys, [
        gone('gadget', 'wheel'),
        want('widget', 'twin'),
        want('widget', 'fan'),
        gone('widget', 'safe', { protect: true }),
        want('widget', 'solid', { model: 'b' }, { protect: true }),
        want('widget', 'first', { name: 'lamp' }),
      ]),
    );
    expect(error.message.split('\n')).toEqual([
      'widget:twin: 2 live objects match, and only one widget can be the one meant: 1, 2',
      'widget:fan: a foreign fan is there',
      'widget:safe is protected (protect: true) and would be deleted: the document says absent: true',
      'widget:solid is protected (protect: true) and would be replaced: model cannot be changed in place',
      'gadget:wheel is still used by gadget:cart',
    ]);
    expect(error.facts.hint?.split('; ')).toHaveLength(3);
    expect(error.exitCode).toBe(3);
  });

  it('may have no hint', async () => {
    const toys = createToys({ widget: { obstacles: () => [{ message: 'no', ids: [] }] } });
    expect((await refusal(planFor(toys, [want('widget', 'fan')]))).facts.hint).toBeUndefined();
  });

  it('is no question for what the document wants gone and what is gone', async () => {
    const toys = createToys({ widget: { obstacles: () => [{ message: 'no', ids: [] }] } });
    expect(changesOf(await planFor(toys, [gone('widget', 'lamp', { protect: true })]))).toEqual([]);
  });

  it('is one live object that two entries stand for', async () => {
    const toys = createToys();
    stock(toys, 'widget', 'lamp', { id: '1' });
    const error = await refusal(planFor(toys, [want('widget', 'lamp'), want('widget', 'light', { name: 'lamp' })]));
    expect(error.message).toBe('widget:lamp and widget:light both stand for the live object 1 ("lamp")');
  });

  it('is a protected resource that would go along with another', async () => {
    const toys = createToys();
    stock(toys, 'widget', 'lamp');
    stock(toys, 'badge', 'b', { widget: ['widget-lamp'] });
    const error = await refusal(planFor(toys, [gone('widget', 'lamp'), want('badge', 'b', {}, { protect: true })]));
    expect(error.message).toBe('badge:b is protected (protect: true) and would be deleted: goes with widget:lamp');
  });
});

describe('an identity', () => {
  it('is the first of several under which something is there', async () => {
    const toys = createToys({ widget: { identities: ({ key }) => [`new ${key}`, `old ${key}`] } });
    stock(toys, 'widget', 'old lamp', { color: 'red' });
    expect(changesOf(await planFor(toys, [want('widget', 'lamp', { color: 'blue' })]))).toEqual(['update widget:lamp']);
    stock(toys, 'widget', 'new lamp', { color: 'blue' });
    expect(changesOf(await planFor(toys, [want('widget', 'lamp', { color: 'blue' })]))).toEqual([]);
  });
});

describe('targets', () => {
  const toys = createToys();
  stock(toys, 'widget', 'plain');
  const desired = [
    want('gadget', 'axle'),
    want('gadget', 'wheel', { gadget: ['axle'] }),
    want('gadget', 'other'),
    want('widget', 'lamp', { gadget: ['wheel'] }),
  ];

  it('bring along everything that they wait for, and nothing else', async () => {
    expect(changesOf(await planFor(toys, desired, { targets: ['widget:lamp'] }))).toEqual([
      'create gadget:axle',
      'create gadget:wheel',
      'create widget:lamp',
    ]);
    expect(changesOf(await planFor(toys, desired, { targets: ['gadget:wheel', 'gadget:axle'] }))).toEqual([
      'create gadget:axle',
      'create gadget:wheel',
    ]);
  });

  it('may name something that has nothing to do', async () => {
    expect(changesOf(await planFor(toys, desired, { targets: ['widget:plain'] }))).toEqual([]);
  });

  it('are refused when nothing has the address, with the nearest one', async () => {
    const error: unknown = await planFor(toys, desired, { targets: ['widget:lmap'] }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ facts: { hint: 'did you mean widget:lamp?' } });
    await expect(planFor(toys, desired, { targets: ['nonsense'] })).rejects.toMatchObject({
      facts: { hint: 'an address is KIND:KEY, such as gadget:axle' },
    });
  });
});

describe('the guard of deletions', () => {
  it('counts replacements, and says the number that would allow the plan', async () => {
    const toys = createToys();
    stock(toys, 'widget', 'lamp', { model: 'a' });
    stock(toys, 'widget', 'old');
    const { plan } = await planFor(toys, [want('widget', 'lamp', { model: 'b' }), gone('widget', 'old'), want('widget', 'new')]);
    expect(() => guardDeletes(plan, 2)).not.toThrow();
    expect(() => guardDeletes(plan, 1)).toThrow(UnsafePlanError);
    expect(() => guardDeletes(plan, 1)).toThrow(/replaces 2 resources/);
  });
});
