import { UserError } from '../../lib/errors.ts';
import type { Variable } from './variables.ts';

/** One assignment: where its value stands in the text, quotes included. */
type Assignment = { readonly name: string; readonly start: number; readonly end: number };

const head = /^\uFEFF?[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*/;
const closed: Readonly<Record<string, RegExp>> = {
  "'": /'[^']*'/y,
  '"': /"(?:[^"\\]|\\[^])*"/y,
  '`': /`[^`]*`/y,
};

/**
 * The text with the variables set. Every other line stays as it is: comments, order, quotes, line
 * ends, a missing final newline. A variable that is there keeps its place, its `export`, its quotes
 * and its comment; all its assignments get the value, since parsers disagree on which one counts.
 */
export function setVariables(text: string, variables: readonly Variable[]): string {
  const found = assignments(text);
  const present = new Set(found.map(({ name }) => name));
  const values = new Map(variables.map(({ name, value }) => [name, value]));
  const replaced = found.reduceRight((result, { name, start, end }) => {
    const value = values.get(name);
    if (value === undefined) return result;
    // Behind an empty value a comment may follow at once; it must not become a part of the new one.
    const gap = text.charAt(end) === '#' ? ' ' : '';
    return `${result.slice(0, start)}${spelled(value, text.charAt(start))}${gap}${result.slice(end)}`;
  }, text);
  return appended(
    replaced,
    variables.filter(({ name }) => !present.has(name)),
  );
}

/** The variables of a text, the last assignment of each. Throws as `assignments` does. */
export const variablesIn = (text: string): ReadonlyMap<string, string> =>
  new Map(assignments(text).map(({ name, start, end }) => [name, unquoted(text.slice(start, end))]));

function unquoted(value: string): string {
  const quote = value.charAt(0);
  if (!(quote in closed)) return value;
  const inner = value.slice(1, -1);
  return quote === '"' ? inner.replace(/\\([^])/g, '$1') : inner;
}

/** The assignments of a dotenv text in order. Throws a `UserError` where a quote never closes or the file is not text. */
export function assignments(text: string): readonly Assignment[] {
  if (/[\0\uFFFD]/.test(text)) throw new UserError('it is not a UTF-8 text file', { code: 'dotenv' });
  const found: Assignment[] = [];
  let at = 0;
  while (at < text.length) {
    const line = text.slice(at, lineEnd(text, at));
    const match = head.exec(line);
    const name = match?.[1];
    if (match === null || name === undefined) {
      at += line.length + 1;
      continue;
    }
    const start = at + match[0].length;
    const end = valueEnd(text, start, line.slice(match[0].length));
    found.push({ name, start, end });
    at = lineEnd(text, end) + 1;
  }
  return found;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function valueEnd(text: string, start: number, rest: string): number {
  const quoted = closed[text.charAt(start)];
  if (quoted === undefined) return start + rest.replace(/(^|\s+)#.*$/, '').trimEnd().length;
  quoted.lastIndex = start;
  const match = quoted.exec(text);
  if (match !== null) return start + match[0].length;
  const number = text.slice(0, start).split('\n').length;
  throw new UserError(`line ${number} opens a quote that never closes`, { code: 'dotenv' });
}

/** A value as dotenv parsers, shells and Compose all read it, in the quotes that stood there before. */
function spelled(value: string, quote: string): string {
  if (/\p{Cc}/u.test(value)) throw new UserError('a dotenv file cannot hold a value with control characters', { code: 'dotenv' });
  const simple = /^[A-Za-z0-9_.:/+=@-]*$/.test(value);
  if (simple) return quote in closed ? `${quote}${value}${quote}` : value;
  if (!value.includes("'")) return `'${value}'`;
  return `"${value.replace(/["\\$`]/g, '\\$&')}"`;
}

function appended(text: string, variables: readonly Variable[]): string {
  if (variables.length === 0) return text;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = variables.map(({ name, value }) => `${name}=${spelled(value, '')}`).join(newline);
  if (text === '' || text.endsWith('\n')) return `${text}${lines}${newline}`;
  return `${text}${newline}${lines}`;
}
