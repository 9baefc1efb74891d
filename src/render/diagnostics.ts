import type { Finding, Place } from '../engine/kind.ts';
import { isSecretiveLine, isSecretivePath, isSecretiveSpot } from '../lib/secretive.ts';
import { plainStyle, type Style } from './style.ts';
import { neutral } from './value.ts';

/** A text that findings point into, under the name that their places carry. */
export type SourceText = { readonly name: string; readonly text: string };

/**
 * Findings for people: `FILE:LINE:COLUMN: error CODE: message`, the line of the file, a caret under
 * the column, and the hint. Of a line that may hold a secret only the key is shown, or nothing. One blank line between findings,
 * no newline at the end.
 */
export function renderFindings(findings: readonly Finding[], sources: readonly SourceText[], style: Style = plainStyle): string {
  const lines = new Map(sources.map(({ name, text }) => [name, text.split('\n')]));
  return findings.map((finding) => renderFinding(finding, lines, style)).join('\n\n');
}

function renderFinding(finding: Finding, lines: ReadonlyMap<string, readonly string[]>, style: Style): string {
  const { place, severity, code, message, hint, sensitive } = finding;
  const paint = severity === 'error' ? style.red : severity === 'warning' ? style.yellow : style.dim;
  const where = place === undefined ? '' : `${style.bold(`${neutral(place.file)}:${place.line}:${place.column}:`)} `;
  const line = place === undefined ? undefined : safeLine(lines.get(place.file) ?? [], place);
  const shown = place === undefined || line === undefined || sensitive === true ? [] : excerpt(line, place, style);
  const advice = hint === undefined ? [] : [`hint: ${lined(hint)}`];
  return [`${where}${paint(`${severity} ${code}:`)} ${lined(message)}`, ...shown, ...advice].join('\n');
}

/** Lines stay lines, indented; what a terminal would obey does not stay. */
const lined = (text: string): string => text.split('\n').map(neutral).join('\n      ');

/** The line at a place, blanked behind its key where it may hold a secret; undefined when even that may be one. */
function safeLine(lines: readonly string[], place: Place): string | undefined {
  const index = place.line - 1;
  const line = lines[index];
  if (line === undefined) return undefined;
  // A finding without a path is about a text that could not be read: only its lines tell where it is.
  const isSecretive =
    place.path === '' ? isSecretiveSpot(lines, index) : isSecretivePath(place.path.split(/[.[\]"]+/)) || isSecretiveLine(line);
  if (!isSecretive) return line;
  const key = /^ *(?:- +)*[a-z_]{1,20} *:/.exec(line)?.[0];
  return key === undefined ? undefined : `${key} …`;
}

const widest = 160;

function excerpt(line: string, place: Place, style: Style): readonly string[] {
  const text = line.replace(/\r$/, '');
  if (text.trim() === '') return [];
  const { shown, before } = cut(text, Math.min(place.column - 1, text.length));
  const gutter = `${place.line} | `;
  const margin = `${' '.repeat(gutter.length - 2)}| `;
  return [`${style.dim(gutter)}${printable(shown)}`, `${style.dim(margin)}${blank(before)}${style.red('^')}`];
}

/** The part of a very long line around `at`, and what of it stands before the caret. */
function cut(text: string, at: number): { readonly shown: string; readonly before: string } {
  if (text.length <= widest) return { shown: text, before: text.slice(0, at) };
  const start = whole(text, Math.max(0, Math.min(at - widest / 2, text.length - widest)));
  const end = whole(text, start + widest);
  const head = start > 0 ? '…' : '';
  const tail = end < text.length ? '…' : '';
  return { shown: `${head}${text.slice(start, end)}${tail}`, before: `${head}${text.slice(start, at)}` };
}

/** An offset that does not split a surrogate pair. */
const whole = (text: string, at: number): number => (/[\uDC00-\uDFFF]/.test(text.charAt(at)) ? at - 1 : at);

/** A terminal would obey control characters, and change the order of text at direction marks. */
const printable = (text: string): string =>
  text.replaceAll('\t', ' ').replace(/[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD');

const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6]|[\u{20000}-\u{3FFFD}]/gu;

/** Spaces as wide as the text: East Asian characters and emoji take two cells, combining marks none. */
const blank = (text: string): string =>
  printable(text)
    .replace(/\p{M}|[\u200B-\u200D]/gu, '')
    .replace(wide, '  ')
    .replace(/[^ ]/gu, ' ');
