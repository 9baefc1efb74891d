import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/engine/kind.ts';
import { renderFindings } from '../../src/render/diagnostics.ts';
import { plainStyle } from '../../src/render/style.ts';

const finding = (line: number, column: number, more: Partial<Finding> = {}): Finding => ({
  severity: 'error',
  code: 'MCP102',
  message: 'unknown key "urll" in servers.github',
  place: { file: 'portal.yaml', line, column, path: 'servers.github.urll' },
  ...more,
});
const source = (text: string) => [{ name: 'portal.yaml', text }];

/** The line and the caret line below it, without their gutter. */
function shown(text: string, column: number): readonly string[] {
  const [, line = '', caret = ''] = renderFindings([finding(1, column)], source(text)).split('\n');
  return [line.slice(4), caret.slice(4)];
}

describe('renderFindings', () => {
  it('shows the place, the line, a caret and the hint', () => {
    const text = 'servers:\n  github:\n    urll: https://x\n';
    expect(renderFindings([finding(3, 5, { hint: 'did you mean "url"?' })], source(text))).toBe(
      [
        'portal.yaml:3:5: error MCP102: unknown key "urll" in servers.github',
        '3 |     urll: https://x',
        '  |     ^',
        'hint: did you mean "url"?',
      ].join('\n'),
    );
  });

  it('puts an empty line between findings and shows none for a finding without a place', () => {
    const text = renderFindings([finding(1, 1), finding(1, 1, { severity: 'warning', place: undefined })], source('a: 1\r\n'));
    expect(text).toBe(
      'portal.yaml:1:1: error MCP102: unknown key "urll" in servers.github\n1 | a: 1\n  | ^\n\nwarning MCP102: unknown key "urll" in servers.github',
    );
  });

  it('shows no line where the file has none or an empty one', () => {
    expect(renderFindings([finding(1, 1)], source(''))).not.toContain('^');
    expect(renderFindings([finding(9, 1)], source('a: 1'))).not.toContain('^');
    expect(renderFindings([finding(1, 1)], [])).not.toContain('^');
  });

  it('puts the caret under the column behind wide characters, combining marks and tabs', () => {
    expect(shown('名前: x', 5)[1]).toBe('      ^');
    expect(shown('😀: x', 5)[1]).toBe('    ^');
    expect(shown('e\u0301: x', 5)[1]).toBe('   ^');
    expect(shown('a:\tx', 4)).toEqual(['a: x', '   ^']);
  });

  it('cuts a very long line around the caret', () => {
    const [line = '', caret = ''] = shown(`${'a'.repeat(500)}X${'b'.repeat(500)}`, 501);
    expect(line).toHaveLength(162);
    expect(line.startsWith('…aaa')).toBe(true);
    expect(line.endsWith('bbb…')).toBe(true);
    expect(line[caret.indexOf('^')]).toBe('X');
    const [start = '', under = ''] = shown(`X${'b'.repeat(500)}`, 1);
    expect(start).toBe(`X${'b'.repeat(159)}…`);
    expect(under).toBe('^');
    expect(shown(`${'a'.repeat(500)}X`, 501)[0]?.endsWith('aX')).toBe(true);
    expect(shown('😀'.repeat(300), 301)[0]).not.toMatch(/^…[\uDC00-\uDFFF]/);
  });

  it('lets no control character of the file reach the terminal', () => {
    expect(shown('a: \u001B[31m\u202Ex', 1)[0]).toBe('a: \uFFFD[31m\uFFFDx');
  });

  it('lets no control character of a message or a hint reach the terminal', () => {
    const text = renderFindings([finding(9, 1, { message: 'a\u001B[2Jb', hint: 'c\rd\u202Ee' })], []);
    expect(text).toContain('a\\u001b[2Jb');
    expect(text).toContain('hint: c\\rd\\u202ee');
  });

  it('leaves out a line that may hold a secret', () => {
    const text = renderFindings([finding(1, 1, { sensitive: true })], source('bearer: s3cret'));
    expect(text).toBe('portal.yaml:1:1: error MCP102: unknown key "urll" in servers.github');
  });

  it('shows only the key of a line that may hold a secret, by its path or by its words', () => {
    const place = { file: 'portal.yaml', line: 1, column: 9, path: 'servers.a.auth.bearer' };
    expect(renderFindings([finding(1, 9, { place })], source('bearer: s3cret'))).toContain('\n1 | bearer: …\n  |         ^');
    for (const line of ['S3CRET: x', '? s3cret', '- s3cret'])
      expect(renderFindings([finding(1, 1, { place })], source(line))).not.toMatch(/s3cret/i);
    for (const line of [
      'token: s3cret',
      '{ "token":s3cret',
      'url: https://u:s3cret@x',
      'out: s3cret',
      'x?api_key=s3cret',
      'env: s3cret',
    ])
      expect(renderFindings([finding(1, 1)], source(line))).not.toContain('s3cret');
    for (const line of [
      'bearer: env:T',
      'token: file:t.txt # x',
      'bearer: -',
      'bearer: ${T}',
      'auth: oauth',
      'service_token: ci',
      'email: a@b.c',
    ])
      expect(renderFindings([finding(1, 1)], source(line))).toContain(`1 | ${line}`);
  });

  it('indents a hint of several lines', () => {
    expect(renderFindings([finding(9, 1, { hint: 'one\ntwo' })], [])).toContain('hint: one\n      two');
  });

  it('colours by severity and only through the given functions', () => {
    const tag = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
    const style = { ...plainStyle, red: tag('red'), yellow: tag('yellow'), dim: tag('dim'), bold: tag('bold') };
    const places = [finding(1, 1), finding(1, 1, { severity: 'warning' }), finding(1, 1, { severity: 'info' })];
    const text = renderFindings(places, source('a: 1'), style);
    expect(text).toContain('<bold>portal.yaml:1:1:</bold> <red>error MCP102:</red>');
    expect(text).toContain('<yellow>warning MCP102:</yellow>');
    expect(text).toContain('<dim>info MCP102:</dim>');
    expect(renderFindings(places, source('a: 1'), plainStyle)).not.toContain('<');
  });
});
