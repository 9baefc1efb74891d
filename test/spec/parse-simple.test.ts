import { describe, expect, it } from 'vitest';
import type { Node } from '../../src/spec/node.ts';
import { parseSimple } from '../../src/spec/parse-simple.ts';
import { parseFully } from '../../src/spec/parse-fully.ts';

const source = (text: string) => ({ name: 'portal.yaml', text });

/** Values with their types, order and offsets. A missing value stands nowhere. */
function outline(node: Node): unknown {
  if (node.type === 'list') return [node.offset, node.items.map(outline)];
  if (node.type === 'map')
    return [node.offset, [...node.pairs].map(([key, pair]) => [key, pair.key.offset, outline(pair.value)])];
  return [node.value === null && node.plain ? 0 : node.offset, node.plain, typeof node.value, String(node.value)];
}

function simple(text: string): unknown {
  const root = parseSimple(source(text));
  return root === undefined ? undefined : outline(root);
}

function full(text: string): unknown {
  const parsed = parseFully(source(text));
  return parsed.ok ? outline(parsed.root) : undefined;
}

/** Numbers that repeat from run to run (a linear congruential generator). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const scalars = [
  'text',
  'two words',
  '1',
  '-1.5',
  '0o17',
  '0x1F',
  '1e3',
  'true',
  'Null',
  '~',
  '.inf',
  '2026-11-01',
  '${VAR}',
  '${V:-x}',
  'a:b',
  'http://x:80/p?q=1#f',
  'a # note',
  '"q: #"',
  "'it''s'",
  '"\\n"',
  '{}',
  '[]',
  '[a, 1, "x"]',
  '[ a , [b], ]',
  '{ a: 1, "b": [x], }',
  '{a: b:c}',
  '{a}',
  '[a: b]',
  '{ x: ${V} }',
  '&a x',
  '*a',
  '!t x',
  '|',
  '>',
  '- a',
  '? a',
  '"open',
  "x'y",
  '日本語',
  '😀',
  '-',
  '+',
  '.',
  '..',
  '...',
  '---',
  '@x',
  '`x',
  '%x',
  'a: b',
  'a:',
  ',',
  '#x',
  'a\tb',
  'env:X',
  '- - a',
  '12:30',
  '\u00a0x\u00a0',
  '0',
  '-0',
  '+5',
  '00',
  '1_000',
  '._',
  '.5',
  '5.',
  'yes',
];
const keys = ['a', 'b', 'c-d', 'e_f', '1', 'true', 'null', '"q k"', "'s'", 'x.y', 'a b', '<<', '', '? z', 'k#', 'k:', '*', '/p'];
const separators = [': ', ': ', ': ', ':', ':  ', ': # note\n', ' : '];

function text(pick: (below: number) => number): string {
  const one = (list: readonly string[]): string => list[pick(list.length)] ?? '';
  const lines: string[] = [];
  let indent = 0;
  for (let line = 0; line < 1 + pick(9); line++) {
    indent = Math.max(0, indent + 2 * (pick(4) - 2) + (pick(40) === 0 ? 1 : 0));
    const bullet = pick(4) === 0 ? one(['- ', '- ', '-', '-   ']) : '';
    const value = pick(3) === 0 ? '' : one(scalars);
    const pair = pick(8) === 0 ? value : one(keys.slice(0, pick(5) === 0 ? keys.length : 9)) + one(separators) + value;
    lines.push(
      pick(12) === 0 ? one(['', '  ', '# note', '   # note', '---', '--- # x', '--- a']) : ' '.repeat(indent) + bullet + pair,
    );
    if (pair.endsWith(':') || pair.endsWith(': ')) indent += 2 * pick(2) + 2 * pick(2);
  }
  return lines.join(one(['\n', '\n', '\n', '\r\n'])) + one(['', '\n', ' \n\n']);
}

const portal = `version: 1 # first
policies:
  people:
    include:
    - email_domain: example.com
    -   group: staff
        note: 'it''s'
servers:
  a-1: # one
    url: https://a.example/mcp
    auth: { bearer: env:X, "k": [1, ~, true] }
    text: "quoted # text"

  b: \${URL:-x}
  c:
dns:
  - { zone: x.cc, ttl: 0x1F }
  -
    zone: y.cc
`;
const pieces = [
  ' ',
  '  ',
  '\n',
  ':',
  ': ',
  '-',
  '- ',
  '#',
  ' #',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ',',
  '&',
  '*',
  '!',
  '|',
  '>',
  '?',
  '\t',
  '\r',
  '.',
  '%',
  '@',
  '0',
  'x',
  '\n\n',
  '\n  ',
  '---\n',
  '...\n',
  '\\',
  '$',
  'é',
];

/** A document with a few characters taken out, put in or exchanged. */
function damaged(pick: (below: number) => number): string {
  let document = portal;
  for (let slip = 0; slip <= pick(3); slip++) {
    const at = pick(document.length);
    document = document.slice(0, at) + (pick(4) === 0 ? '' : (pieces[pick(pieces.length)] ?? '')) + document.slice(at + pick(3));
  }
  return document;
}

describe('parseSimple', () => {
  it('reads what documents are mostly made of', () => {
    const document =
      '---\nversion: 1 # first\nservers:\n  a:\n    url: https://a.example/mcp\n    auth: { bearer: env:X }\n    list:\n    - x\n    - k: 1\n      l: "two"\nempty:\n';
    expect(simple(document)).toBeDefined();
    expect(simple(document)).toEqual(full(document));
    expect(simple(document.replaceAll('\n', '\r\n'))).toEqual(full(document.replaceAll('\n', '\r\n')));
  });

  it.each([
    'a: |\n  x\n',
    'a: &x 1\nb: *x\n',
    'a: !t x\n',
    'a: x\n  y\n',
    'a: 1\na: 2\n',
    'a: "x\n',
    'a:\n\t- x\n',
    'a: 1\n--- \nb: 1\n',
    '- a\n',
    'a: {b: 1\n',
    'a: 1\n b: 2\n',
  ])('leaves %j to the full parser', (document) => {
    expect(parseSimple(source(document))).toBeUndefined();
  });

  it('agrees with the full parser on every text that it reads', () => {
    const pick = numbers(20_261_101);
    let read = 0;
    for (let round = 0; round < 8_000; round++) {
      const document = round % 2 === 0 ? text(pick) : damaged(pick);
      const found = simple(document);
      if (found === undefined) continue;
      read += 1;
      expect({ document, found }).toEqual({ document, found: full(document) });
    }
    expect(read).toBeGreaterThan(1_000);
  });
});
