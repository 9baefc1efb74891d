import type { Finding } from '../engine/kind.ts';
import { planCodes } from './codes.ts';
import { alternatives } from './report.ts';
import type { Source } from './source.ts';

/** One comment `# mcp-portal-ignore MCP007, MCP009: why`. */
type Ignore = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Empty when the words cannot be read. */
  readonly codes: readonly string[];
  /** The line that it is about; undefined for the whole file. */
  readonly about: number | undefined;
};

/**
 * The findings without those that a comment of their file silences: at the end of the finding's line,
 * alone in the line above, or, for the whole file, alone above its first key. Errors stay.
 */
export function withoutSilenced(findings: readonly Finding[], sources: readonly Source[]): readonly Finding[] {
  const ignores = sources.flatMap(ignoresIn);
  return findings.filter((finding) => !ignores.some((ignore) => ignore.codes.some((code) => covers(ignore, code, finding))));
}

/**
 * A note for each comment that none of the findings of a whole document needs, so that none stays to
 * hide what comes later. What only a plan can report is never missed.
 */
export function idleComments(findings: readonly Finding[], sources: readonly Source[]): readonly Finding[] {
  return sources.flatMap(ignoresIn).flatMap((ignore) => {
    if (ignore.codes.length === 0) return [note(ignore, 'this comment cannot be read', 'write # mcp-portal-ignore MCP007: why')];
    const idle = ignore.codes.filter(
      (code) => !planCodes.includes(code) && !findings.some((finding) => covers(ignore, code, finding)),
    );
    if (idle.length === 0) return [];
    const where = ignore.about === undefined ? 'in this file' : 'here';
    return [note(ignore, `no ${alternatives(idle)} is reported ${where} that could be silenced`, 'take the comment out')];
  });
}

const covers = ({ file, about }: Ignore, code: string, { severity, place, code: reported }: Finding): boolean =>
  severity !== 'error' && code === reported && place?.file === file && (about === undefined || about === place.line);

const note = ({ file, line, column }: Ignore, message: string, hint: string): Finding => ({
  severity: 'info',
  code: 'MCP091',
  message,
  place: { file, line, column, path: '' },
  hint,
});

const word = 'mcp-portal-ignore';
const comment = new RegExp(`(?:^|\\s)#\\s{0,9}${word}(?![\\w-])(.*)$`);
const codeList = /^\s+(MCP\d{3}(?:[\s,]+MCP\d{3})*)\s*(?::.*)?$/;

/** What a line of nothing but a comment starts with. */
const alone = /^\s*#/;
/** The lines that may stand above the first key: blank, comments, directives, the start of the document. */
const head = /^\uFEFF?\s*(?:#.*|%.*|---\s*(?:#.*)?)?$/;

function ignoresIn({ name, text }: Source): readonly Ignore[] {
  if (!text.includes(word)) return [];
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const first = lines.findIndex((line) => !head.test(line));
  return lines.flatMap((line, index) => {
    const match = comment.exec(line);
    if (match === null) return [];
    const codes = codeList.exec(match[1] ?? '')?.[1]?.split(/[\s,]+/) ?? [];
    const about = index < first ? undefined : 1 + (alone.test(line) ? nextContent(lines, index) : index);
    return [{ file: name, line: index + 1, column: line.indexOf('#', match.index) + 1, codes, about }];
  });
}

/** Comments may be stacked: all are about the line below them. */
function nextContent(lines: readonly string[], from: number): number {
  const after = lines.slice(from).findIndex((line) => !alone.test(line));
  return after === -1 ? lines.length : from + after;
}
