import { describe, expect, it } from 'vitest';
import { canonicalJson, isNothing, isSecretTree, toPlain } from '../../src/engine/values.ts';
import { Secret } from '../../src/secrets/secret.ts';

describe('values', () => {
  it('have one text however their keys are ordered', () => {
    expect(canonicalJson({ b: [1, undefined, { d: null, c: undefined }], a: 'x' })).toBe('{"a":"x","b":[1,null,{"d":null}]}');
    expect(canonicalJson({ token: Secret.of('env:T', 'value') })).toBe('{"token":"(secret)"}');
  });

  it('stand in a plan without secrets and without undefined', () => {
    expect(toPlain({ a: undefined, b: [Secret.unread('env:T'), undefined], c: { d: Secret.held } })).toEqual({
      b: ['(secret)', null],
      c: { d: '(secret)' },
    });
  });

  it.each([[undefined], [null], [''], [[]], [{}]])('%j says nothing', (value) => {
    expect(isNothing(value)).toBe(true);
  });

  it.each([[0], [false], [[null]], [{ a: undefined }], [Secret.held]])('%j says something', (value) => {
    expect(isNothing(value)).toBe(false);
  });

  it('are secret as a whole when every leaf is', () => {
    expect([{ a: { b: Secret.held } }, { a: Secret.held, b: 'x' }, {}, 'x', [Secret.held]].map(isSecretTree)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
