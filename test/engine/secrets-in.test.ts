import { describe, expect, it } from 'vitest';
import { sendsSecrets, unreadIn, withSecrets } from '../../src/engine/secrets-in.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { createToys, planFor, stock, want } from './toy-kinds.ts';

const unread = Secret.unread('env:A');
const state = {
  token: unread,
  plain: 'x',
  none: null,
  nested: { deep: { token: Secret.unread('env:B') } },
  list: [{ token: Secret.unread('env:C') }, 1],
  held: Secret.held,
};

describe('the secrets of a state', () => {
  it('are unread at any depth until their values are known', () => {
    expect(unreadIn(state).map(({ source }) => source)).toEqual(['env:A', 'env:B', 'env:C']);
    expect(unreadIn(Secret.of('env:A', 'value'))).toEqual([]);
  });

  it('take the places of their references, at any depth', () => {
    const values = new Map(['env:A', 'env:B', 'env:C'].map((source) => [source, Secret.of(source, `value of ${source}`)]));
    const filled = withSecrets(state, values);
    expect(unreadIn(filled)).toEqual([]);
    expect(filled).toEqual({
      ...state,
      token: values.get('env:A'),
      nested: { deep: { token: values.get('env:B') } },
      list: [{ token: values.get('env:C') }, 1],
    });
    expect(filled['held']).toBe(Secret.held);
  });

  it('stay references where no value is given', () => {
    expect(withSecrets({ token: unread }, new Map())).toEqual({ token: unread });
  });
});

describe('a change sends secrets', () => {
  it('when it makes its object anew, or when they changed', async () => {
    const toys = createToys();
    stock(toys, 'widget', 'lamp', { color: 'red' });
    stock(toys, 'widget', 'fan', { color: 'red' });
    stock(toys, 'widget', 'solid', { model: 'a' });
    const desired = [
      want('widget', 'new'),
      want('widget', 'solid', { model: 'b' }),
      want('widget', 'lamp', { color: 'blue' }),
      want('widget', 'fan', { token: unread }),
    ];
    const { works } = await planFor(toys, desired);
    expect(works.map((work) => [work.address, sendsSecrets(work)])).toEqual([
      ['widget:new', true],
      ['widget:solid', true],
      ['widget:lamp', false],
      ['widget:fan', true],
    ]);
  });
});
