import { describe, expect, it } from 'vitest';
import { parseDotenv } from '../../src/spec/env-file.ts';

describe('parseDotenv', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['A=1\nB = two words \n', { A: '1', B: 'two words' }],
    ['\uFEFFA=1\r\nB=2\r\n', { A: '1', B: '2' }],
    ['export A=1\n# comment\n\n  B=2', { A: '1', B: '2' }],
    ['A=x # note\nB=x#y\nC= # note\nD=', { A: 'x', B: 'x#y', C: '', D: '' }],
    [`A="x # y" # note\nB='it is $X \\n'\n`, { A: 'x # y', B: 'it is $X \\n' }],
    [String.raw`A="a\nb\t\"c\"\\"`, { A: 'a\nb\t"c"\\' }],
    ['A="one\ntwo"\nB=\'three\nfour\'\nC=5', { A: 'one\ntwo', B: 'three\nfour', C: '5' }],
    ['A=1\nA=2', { A: '2' }],
    ['A=a=b==\n', { A: 'a=b==' }],
    ['A="open\nB=2', { A: '"open', B: '2' }],
    ['nothing\n=1\n1A=2\n', {}],
    ['', {}],
  ])('reads %j', (text, expected) => {
    expect(parseDotenv(text)).toEqual(expected);
  });
});
