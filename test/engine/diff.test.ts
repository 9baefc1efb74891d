import { describe, expect, it } from 'vitest';
import { diff } from '../../src/engine/diff.ts';
import type { State } from '../../src/engine/kind.ts';
import type { FieldRules } from '../../src/engine/field-rules.ts';
import { overlay } from '../../src/engine/overlay.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { widgetRules } from './toy-kinds.ts';

const rules: FieldRules = widgetRules;
const between = (desired: State, live: State, more: { readonly resendSecrets?: boolean } = {}) =>
  diff({ desired, live, rules, ...more });
const paths = (desired: State, live: State): readonly string[] => between(desired, live).map(({ path }) => path);

describe('a key that the document leaves out', () => {
  it.each<[string, State]>([
    ['at the top', {}],
    ['inside an object', { box: { width: 1 } }],
    ['two levels down', { box: { lid: { color: 'red' } } }],
    ['as undefined', { color: undefined, box: { depth: undefined } }],
    ['in an object that names nothing', { box: {} }],
  ])('never differs %s', (_where, desired) => {
    expect(paths(desired, { color: 'red', box: { width: 1, depth: 2, lid: { color: 'red', size: 3 } } })).toEqual([]);
  });

  it('is not compared beside one that differs', () => {
    expect(between({ box: { lid: { color: 'blue' } } }, { box: { lid: { color: 'red', size: 3 }, depth: 2 } })).toEqual([
      { path: 'box.lid.color', before: 'red', after: 'blue', sensitive: false, forces_replacement: false },
    ]);
  });
});

describe('a map keyed by the user', () => {
  const live = { labels: { top: { shade: 'dark', size: 1 }, side: { size: 2 } } };

  it('is a whole: what it leaves out is removed', () => {
    expect(between({ labels: { top: { size: 1 } } }, live)).toEqual([
      { path: 'labels.side', before: { size: 2 }, after: null, sensitive: false, forces_replacement: false },
    ]);
  });

  it('has entries whose left-out fields never differ', () => {
    expect(paths({ labels: { top: {}, side: { size: 2 } } }, live)).toEqual([]);
  });

  it('gains an entry that says nothing but its name', () => {
    expect(between({ labels: { top: {}, side: {}, back: {} } }, live)).toMatchObject([
      { path: 'labels.back', before: null, after: {} },
    ]);
  });

  it('loses everything when it is declared empty', () => {
    expect(paths({ labels: {} }, live)).toEqual(['labels.top', 'labels.side']);
  });

  it('is filled where there was none', () => {
    expect(paths({ labels: { top: { size: 1 } } }, {})).toEqual(['labels.top.size']);
  });

  it('finds the rules of its entries under *', () => {
    expect(paths({ labels: { top: { shade: 'plain' }, side: {} } }, { labels: { top: {}, side: { shade: 'plain' } } })).toEqual(
      [],
    );
  });

  it('may have keys that every JavaScript object inherits', () => {
    expect(paths({ labels: {} }, { labels: { constructor: { size: 1 }, toString: { size: 1 } } })).toEqual([
      'labels.constructor',
      'labels.toString',
    ]);
    expect(paths({ labels: { valueOf: {}, constructor: { size: 1 } } }, { labels: {} })).toEqual([
      'labels.valueOf',
      'labels.constructor.size',
    ]);
  });
});

describe('nothing', () => {
  const nothings = [undefined, null, '', [], {}];

  it.each(nothings.flatMap((live) => [null, '', []].map((desired) => [desired, live] as const)))(
    '%j declared equals %j live',
    (desired, live) => {
      expect(paths({ notes: desired }, { notes: live })).toEqual([]);
    },
  );

  it.each([null, '', []])('%j declared clears what is there', (desired) => {
    expect(between({ notes: desired }, { notes: 'some' })).toMatchObject([{ path: 'notes', before: 'some' }]);
  });

  it('is neither false nor 0', () => {
    expect(paths({ on: false, count: 0 }, {})).toEqual(['on', 'count']);
  });
});

describe("a server's default", () => {
  it('equals absent, both ways', () => {
    expect(paths({ mode: 'auto' }, {})).toEqual([]);
    expect(paths({ mode: null }, { mode: 'auto' })).toEqual([]);
    expect(paths({ mode: null }, {})).toEqual([]);
  });

  it('differs from another value, both ways', () => {
    expect(paths({ mode: 'manual' }, {})).toEqual(['mode']);
    expect(paths({ mode: null }, { mode: 'manual' })).toEqual(['mode']);
  });
});

describe('lists', () => {
  it('compare as sets where their order means nothing', () => {
    expect(paths({ tags: ['b', 'a', 'a'] }, { tags: ['a', 'b'] })).toEqual([]);
    expect(paths({ tags: [{ y: 1, x: 2 }] }, { tags: [{ x: 2, y: 1 }] })).toEqual([]);
    expect(paths({ tags: ['a', 'b'] }, { tags: ['a'] })).toEqual(['tags']);
  });

  it('compare in order elsewhere', () => {
    expect(paths({ steps: ['a', 'b'] }, { steps: ['b', 'a'] })).toEqual(['steps']);
    expect(paths({ steps: ['a', 'b'] }, { steps: ['a', 'b'] })).toEqual([]);
  });

  it('differ from what is no list', () => {
    expect(paths({ tags: ['a'] }, { tags: 'a' })).toEqual(['tags']);
    expect(paths({ box: { width: 1 } }, { box: ['a'] })).toEqual(['box.width']);
  });
});

describe('secrets', () => {
  const token = Secret.unread('env:TOKEN');

  it.each<[string, State, State]>([
    ['as a field', { token }, { token: Secret.held }],
    ['inside an object', { auth: { token } }, { auth: { token: Secret.held } }],
    ['as a tree beside one that is held as a whole', { auth: { headers: { A: token } } }, { auth: Secret.held }],
    ['in a list', { tags: [token] }, { tags: [Secret.held] }],
  ])('are equal to each other %s', (_where, desired, live) => {
    expect(paths(desired, live)).toEqual([]);
  });

  it('differ from nothing, both ways, and show neither side', () => {
    expect(between({ token }, {})).toEqual([
      { path: 'token', before: null, after: '(secret)', sensitive: true, forces_replacement: false },
    ]);
    expect(between({ token: null }, { token: Secret.held })).toMatchObject([
      { path: 'token', before: '(secret)', after: null, sensitive: true },
    ]);
    expect(between({ auth: null }, { auth: { A: Secret.held } })).toMatchObject([
      { path: 'auth', before: '(secret)', sensitive: true },
    ]);
  });

  it('are left alone where the document does not name them', () => {
    expect(paths({ auth: {} }, { auth: { A: Secret.held } })).toEqual([]);
    expect(paths({ auth: { B: null } }, { auth: { A: Secret.held } })).toEqual([]);
  });

  it('do not show when an entry of a map goes that holds one', () => {
    expect(between({ labels: {} }, { labels: { top: Secret.held } })).toMatchObject([
      { path: 'labels.top', before: '(secret)', sensitive: true },
    ]);
  });

  it('count as different when they are to be sent again, held or nested', () => {
    expect(
      between({ token, auth: { A: token } }, { token: Secret.held, auth: { A: Secret.held } }, { resendSecrets: true }),
    ).toMatchObject([
      { path: 'token', before: '(secret)', after: '(secret)', sensitive: true },
      { path: 'auth', sensitive: true },
    ]);
  });

  it('never carry their value or source into a change', () => {
    const changes = between({ token: Secret.of('env:TOKEN', 'hunter2'), list: [Secret.of('env:TOKEN', 'hunter2')] }, {});
    expect(JSON.stringify(changes)).not.toMatch(/hunter2|env:TOKEN/);
  });
});

describe('a field that cannot be changed in place', () => {
  it('forces a replacement when it differs', () => {
    expect(between({ model: 'b' }, { model: 'a' })).toMatchObject([{ path: 'model', forces_replacement: true }]);
  });

  it('forces none when nothing is there yet', () => {
    expect(between({ model: 'b' }, {})).toMatchObject([{ path: 'model', forces_replacement: false }]);
  });
});

describe('overlay', () => {
  const live = {
    color: 'red',
    box: { width: 1, lid: { size: 3 } },
    labels: { top: { shade: 'dark', size: 1 }, side: {} },
    auth: { A: Secret.held },
  };

  it('keeps what the document leaves out, at every depth', () => {
    expect(overlay(live, { box: { lid: { color: 'blue' } }, mode: undefined }, rules)).toEqual({
      ...live,
      box: { width: 1, lid: { size: 3, color: 'blue' } },
    });
  });

  it('takes a map as a whole, and keeps the left-out fields of the entries that stay', () => {
    expect(overlay(live, { labels: { top: { size: 2 }, back: {} } }, rules)['labels']).toEqual({
      top: { shade: 'dark', size: 2 },
      back: {},
    });
  });

  it('exchanges lists, secrets and what is nothing as wholes', () => {
    const auth = { B: Secret.unread('env:B') };
    expect(overlay(live, { auth, color: null, box: [1] }, rules)).toEqual({ labels: live.labels, auth, color: null, box: [1] });
  });

  it('starts from nothing where an object is wanted in the place of a value', () => {
    expect(overlay({ box: 'plain' }, { box: { width: 1 } }, rules)).toEqual({ box: { width: 1 } });
  });

  it('keeps nothing that a map only inherits', () => {
    expect(overlay({ labels: {} }, { labels: { constructor: { size: 1 } } }, rules)).toEqual({
      labels: { constructor: { size: 1 } },
    });
  });

  it.each<State>([
    {},
    { color: 'blue' },
    { box: {} },
    { box: { lid: {} } },
    { labels: {} },
    { labels: { top: {} } },
    { labels: { top: { shade: null }, back: { size: 1 } } },
    { color: null, tags: ['a'], mode: 'auto', model: 'b' },
    { auth: { A: Secret.unread('env:A') } },
    { auth: null },
  ])('gives a state that differs in nothing from the document: %j', (desired) => {
    expect(paths(desired, overlay(live, desired, rules))).toEqual([]);
  });
});
