import { describe, expect, it } from 'vitest';
import { mergeDocuments } from '../../src/spec/merge.ts';
import { placeAt } from '../../src/spec/node.ts';
import { parse } from '../../src/spec/parse.ts';
import { toRecord } from '../../src/spec/to-value.ts';

function root(name: string, text: string) {
  const parsed = parse({ name, text });
  if (!parsed.ok) throw new Error(text);
  return parsed.root;
}
const value = (...texts: readonly [string, ...string[]]) => {
  const [first, ...later] = texts.map((text, index) => root(`${index}`, text));
  if (first === undefined) throw new Error('no text');
  return toRecord(mergeDocuments(first, ...later), [], { env: {}, findings: [], broken: new Set() });
};

describe('mergeDocuments', () => {
  it('merges maps at every depth and keeps the order of the first', () => {
    const merged = value('a: { b: { c: 1, d: 2 } }\nz: 1\n', 'z: 2\na: { b: { d: 3, e: 4 } }\n');
    expect(JSON.stringify(merged)).toBe('{"a":{"b":{"c":1,"d":3,"e":4}},"z":2}');
  });

  it('replaces lists, scalars, null, and values of another type', () => {
    expect(value('a: [1, 2]\n', 'a: [3]\n')).toEqual({ a: [3] });
    expect(value('a: { b: 1 }\n', 'a: ~\n')).toEqual({ a: null });
    expect(value('a: { b: 1 }\n', 'a:\n')).toEqual({ a: null });
    expect(value('a: ~\n', 'a: { b: 1 }\n')).toEqual({ a: { b: 1 } });
    expect(value('a: { b: 1 }\n', 'a: [x]\n', 'a: x\n')).toEqual({ a: 'x' });
  });

  it('keeps the file and position of each value', () => {
    const merged = mergeDocuments(root('one', 'a:\n  b: 1\n  c: 1\n'), root('two', '\na:\n  c: 2\n'));
    expect(placeAt(merged, ['a', 'b'])).toEqual({ file: 'one', line: 2, column: 6, path: 'a.b' });
    expect(placeAt(merged, ['a', 'c'])).toEqual({ file: 'two', line: 3, column: 6, path: 'a.c' });
  });
});
