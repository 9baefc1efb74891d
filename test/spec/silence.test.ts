import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/engine/kind.ts';
import { idleComments, withoutSilenced } from '../../src/spec/silence.ts';

const finding = (line: number, code = 'MCP007', more: Partial<Finding> = {}): Finding => ({
  severity: 'warning',
  code,
  message: '',
  place: { file: 'portal.yaml', line, column: 3, path: 'servers.a.url' },
  ...more,
});
const source = (text: string, name = 'portal.yaml') => ({ name, text });

/** The findings that are left, as `LINE CODE`. */
const left = (text: string, ...findings: readonly Finding[]): readonly string[] =>
  withoutSilenced(findings, [source(text)]).map(({ code, place }) => `${place?.line} ${code}`);

const idle = (text: string, ...findings: readonly Finding[]): readonly string[] =>
  idleComments(findings, [source(text)]).map(({ code, severity, place, message }) => {
    expect({ code, severity }).toEqual({ code: 'MCP091', severity: 'info' });
    return `${place?.line}:${place?.column} ${message}`;
  });

describe('a comment silences', () => {
  it('at the end of a line what is found in that line', () => {
    const text = 'version: 1\na: x # mcp-portal-ignore MCP007\nb: x\n';
    expect(left(text, finding(2), finding(3), finding(2, 'MCP009'))).toEqual(['3 MCP007', '2 MCP009']);
  });

  it('alone in a line what is found in the line below', () => {
    const text = 'version: 1\na:\n  # mcp-portal-ignore MCP007\n  b: x\n  c: x\n';
    expect(left(text, finding(2), finding(4), finding(5))).toEqual(['2 MCP007', '5 MCP007']);
  });

  it('with others above that line, too', () => {
    const text = 'version: 1\n# mcp-portal-ignore MCP007: ours\n# a word\n# mcp-portal-ignore MCP009\nb: x\nc: x\n';
    expect(left(text, finding(5), finding(5, 'MCP009'), finding(6))).toEqual(['6 MCP007']);
  });

  it('nothing through an empty line', () => {
    expect(left('version: 1\n# mcp-portal-ignore MCP007\n\nb: x\n', finding(4))).toEqual(['4 MCP007']);
  });

  it('above the first key in the whole file, and in no other', () => {
    const text = '%YAML 1.2\n---\n# ours\n\n# mcp-portal-ignore MCP007\nversion: 1\na: x\nb: x\n';
    const elsewhere = finding(7, 'MCP007', { place: { file: 'other.yaml', line: 7, column: 1, path: '' } });
    expect(left(text, finding(7), finding(8), finding(8, 'MCP009'), elsewhere)).toEqual(['8 MCP009', '7 MCP007']);
    expect(left('\uFEFF# mcp-portal-ignore MCP007\nversion: 1\na: x\n', finding(3))).toEqual([]);
  });

  it('several codes, with a reason or without', () => {
    for (const words of ['MCP007 MCP009', 'MCP007,MCP009', 'MCP007, MCP009: a reason, MCP012', ' MCP009   MCP007 :why'])
      expect(
        left(`version: 1\na: x # mcp-portal-ignore ${words}\r\n`, finding(2), finding(2, 'MCP009'), finding(2, 'MCP012')),
      ).toEqual(['2 MCP012']);
  });

  it('notes as well as warnings, and never errors', () => {
    const text = '# mcp-portal-ignore MCP007\nversion: 1\n';
    expect(left(text, finding(2, 'MCP007', { severity: 'info' }), finding(2, 'MCP007', { severity: 'error' }))).toEqual([
      '2 MCP007',
    ]);
  });

  it('nothing that has no place', () => {
    expect(left('# mcp-portal-ignore MCP090\nversion: 1\n', finding(0, 'MCP090', { place: undefined }))).toHaveLength(1);
  });

  it.each([
    'a: x# mcp-portal-ignore MCP007',
    'a: x # mcp-portal-ignore: MCP007',
    'a: x # mcp-portal-ignored MCP007',
    'a: x # mcp-portal-ignore MCP7',
    'a: x # mcp-portal-ignore MCP007 because',
    'a: x # mcp-portal-ignore',
  ])('nothing as %s', (line) => {
    expect(left(`version: 1\n${line}\n`, finding(2))).toEqual(['2 MCP007']);
  });
});

describe('a comment that silences nothing', () => {
  it('is a note', () => {
    expect(idle('version: 1\na: x # mcp-portal-ignore MCP007, MCP009\n', finding(2))).toEqual([
      '2:6 no MCP009 is reported here that could be silenced',
    ]);
    expect(idle('# mcp-portal-ignore MCP007, MCP009\nversion: 1\n')).toEqual([
      '1:1 no MCP007 or MCP009 is reported in this file that could be silenced',
    ]);
    expect(idle('version: 1\na: x # mcp-portal-ignore MCP102\n', finding(2, 'MCP102', { severity: 'error' }))).toHaveLength(1);
  });

  it('is one also when its words cannot be read', () => {
    expect(idle('version: 1\na: x # mcp-portal-ignore MCP7\n')).toEqual(['2:6 this comment cannot be read']);
    expect(idle('version: 1\na: x # mcp-portal-ignore: MCP007\n')).toEqual(['2:6 this comment cannot be read']);
  });

  it('is none where only a plan can tell', () => {
    expect(idle('# mcp-portal-ignore MCP019 MCP211\nversion: 1\n')).toEqual([]);
  });
});
