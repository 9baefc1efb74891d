import { describe, expect, it } from 'vitest';
import { parse } from '../../src/spec/parse.ts';
import { withoutMark } from '../../src/spec/source.ts';
import { toRecord } from '../../src/spec/to-value.ts';

const at = (text: string) => {
  const parsed = parse(withoutMark({ name: 'portal.yaml', text }));
  if (parsed.ok) return [];
  return parsed.findings.map(({ code, message, place, hint }) => ({
    code,
    message,
    place: `${place?.line}:${place?.column}`,
    hint,
  }));
};
const value = (text: string) => {
  const parsed = parse(withoutMark({ name: 'portal.yaml', text }));
  return parsed.ok ? toRecord(parsed.root, [], { env: {}, findings: [], broken: new Set() }) : parsed.findings;
};

describe('parse', () => {
  it('reads YAML 1.2: yes is a word, 010 a decimal number, keys are strings', () => {
    expect(value('a: yes\nb: 010\nc: 0x1F\n1: &x {y: ~}\ntrue: *x\nlong: |\n  one\n  two\n')).toEqual({
      a: 'yes',
      b: 10,
      c: 31,
      1: { y: null },
      true: { y: null },
      long: 'one\ntwo\n',
    });
  });

  it('accepts a byte order mark and Windows line ends', () => {
    expect(value('\uFEFFversion: 1\r\nb: "x"\r\n')).toEqual({ version: 1, b: 'x' });
    expect(value('\uFEFFversion: 1\r\nb: >\r\n  x\r\n  y\r\n')).toEqual({ version: 1, b: 'x y\n' });
  });

  it('counts columns from the first visible character', () => {
    expect(at('\uFEFFa: 1\r\na: 2\r\n')).toMatchObject([
      { code: 'MCP101', place: '2:1', message: 'the key "a" stands twice in the same map' },
    ]);
  });

  it.each([
    ['', 'MCP108', 'the file is empty'],
    ['# only a comment\n', 'MCP108', 'the file is empty'],
    ['- a\n', 'MCP108', 'the document must be a map, found a list'],
    ['text\n', 'MCP108', 'the document must be a map, found a single value'],
    ['a: 1\n---\nb: 1\n', 'MCP108', 'the file holds more than one YAML document'],
    ['a:\n\tb: 1\n', 'MCP100', 'a tab is used as indentation'],
    ['a: !secret x\n', 'MCP100', 'unresolved tag: !secret'],
    ['? [a]\n: 1\n', 'MCP100', 'a key must be a string'],
    ['a: 1\n"a": 2\n', 'MCP101', 'the key "a" stands twice in the same map'],
    ['1: 1\n"1": 2\n', 'MCP101', 'the key "1" stands twice in the same map'],
    ['a: {b: 1, b: 2}\n', 'MCP101', 'the key "b" stands twice in the same map'],
    ['a: *x\n', 'MCP107', 'the anchor &x does not exist before this alias'],
    ['a: &x [*x]\n', 'MCP107', 'the alias *x stands inside its own anchor'],
    ['<<: {}\n', 'MCP111', 'the merge key << is not supported'],
    ['"": 1\n', 'MCP111', 'a key is empty'],
    ['__proto__: 1\n', 'MCP111', 'the key "__proto__" cannot be used'],
    [`a: ${'['.repeat(1_000_000)}`, 'MCP108', 'the values are nested too deeply'],
    ['- '.repeat(100_000), 'MCP108', 'the values are nested too deeply'],
    [`a: "${'x'.repeat(10 * 1024 * 1024)}"`, 'MCP108', 'the file is larger than 10 MB'],
  ])('refuses %.30j', (text, code, message) => {
    expect(at(text)[0]).toMatchObject({ code, message });
  });

  it('names the place of a syntax error, once per line', () => {
    expect(at('version: 1\nservers:\n  a: "x\n')).toMatchObject([{ code: 'MCP100', place: '4:1' }]);
    expect(at('a: { b: ${X} }\n')).toMatchObject([
      { place: '1:10', hint: 'inside { } and [ ] put quotes around a value with ${…}' },
    ]);
  });

  it('reports at most 20 syntax errors of a file', () => {
    expect(at('a: 1\n'.padEnd(4) + 'x\n]\n'.repeat(60)).length).toBeLessThanOrEqual(20);
    expect(at('a: 1\n b: }\n\tc\n')).not.toEqual([]);
  });

  it('stops aliases that multiply the document', () => {
    const level = (name: string, of: string): string =>
      `${name}: &${name} [${Array.from({ length: 10 }, () => of).join(', ')}]\n`;
    const names = ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
    const bomb = level('a', 'x') + names.map((name) => level(name, `*${String.fromCharCode(name.charCodeAt(0) - 1)}`)).join('');
    expect(at(bomb)).toMatchObject([{ code: 'MCP107', message: 'aliases multiply the document to more than 100,000 values' }]);
  });

  it('takes the last anchor of a name before the alias', () => {
    expect(value('a: &x 1\nb: *x\nc: &x 2\nd: *x\n')).toEqual({ a: 1, b: 1, c: 2, d: 2 });
  });
});
