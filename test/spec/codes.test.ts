import { describe, expect, it } from 'vitest';
import { codes, planCodes } from '../../src/spec/codes.ts';
import { sourceFiles } from '../source-files.ts';

/** Comments may speak of codes that are reported elsewhere. */
const withoutComments = (text: string): string => text.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');

const reported = new Set(
  sourceFiles()
    .filter(({ path }) => path !== 'spec/codes.ts')
    .flatMap(({ text }) => [...withoutComments(text).matchAll(/'(MCP\d{3})'/g)].map(([, code = '']) => code)),
);

describe('the table of codes', () => {
  it('has every code that is reported, in order, and no other', () => {
    expect(Object.keys(codes)).toEqual([...reported].toSorted());
  });

  it('says of each what it means, in a sentence', () => {
    for (const meaning of Object.values(codes)) expect(meaning).toMatch(/^[A-Z].*\.$/s);
    expect(new Set(Object.values(codes)).size).toBe(Object.keys(codes).length);
  });

  it('knows those of plans', () => {
    expect(planCodes.filter((code) => !reported.has(code))).toEqual([]);
  });
});
