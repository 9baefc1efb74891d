import { describe, expect, it } from 'vitest';
import { didYouMean } from '../../src/lib/did-you-mean.ts';

const known = ['url', 'auth', 'description', 'secure_web_gateway', 'servers'];

describe('didYouMean', () => {
  it.each([
    ['urll', 'url'],
    ['ulr', 'url'],
    ['Auth', 'auth'],
    ['desciption', 'description'],
    ['secure-web-gateway', 'secure_web_gateway'],
    ['secureWebGatway', 'secure_web_gateway'],
    ['server', 'servers'],
  ])('takes %s for %s', (word, meant) => {
    expect(didYouMean(word, known)).toBe(meant);
  });

  it.each(['', 'u', 'x', 'hostname', 'uu', 'policies'])('has no idea for %j', (word) => {
    expect(didYouMean(word, known)).toBeUndefined();
  });

  it('takes the nearest of several', () => {
    expect(didYouMean('polcy', ['police', 'policy'])).toBe('policy');
  });
});
