import { brokenAt, type FileText } from './broken-file.ts';

/** `KEY = VALUE` in a TOML text. `path` includes that of the table above it. */
export type TomlStatement = {
  readonly path: readonly string[];
  /** The line's start, the value's place, and the end of its last line. */
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  readonly end: number;
};
/** `[a.b]`, from its line's start to the line's end. */
export type TomlHeader = {
  readonly path: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly isList: boolean;
};
export type TomlScan = { readonly headers: readonly TomlHeader[]; readonly statements: readonly TomlStatement[] };

/**
 * Where the tables and the values of a TOML text stand. Values are walked over, not understood: that is enough to
 * change one table and leave the rest byte for byte. Throws a `UsageError` for what is no TOML.
 */
export function scanToml(file: FileText): TomlScan {
  const { text } = file;
  const headers: TomlHeader[] = [];
  const statements: TomlStatement[] = [];
  let table: readonly string[] = [];
  let at = blankEnd(text, text.startsWith('\uFEFF') ? 1 : 0);
  while (at < text.length) {
    const start = text.lastIndexOf('\n', at - 1) + 1;
    if (text[at] === '[') {
      const isList = text[at + 1] === '[';
      const key = keyAt(file, at + (isList ? 2 : 1));
      const close = isList ? ']]' : ']';
      if (!text.startsWith(close, key.end)) throw brokenAt(file, key.end, `"${close}" is missing here`);
      table = key.parts;
      const end = lineEnd(file, key.end + close.length);
      headers.push({ path: table, start, end, isList });
      at = blankEnd(text, end);
    } else {
      const key = keyAt(file, at);
      if (text[key.end] !== '=') throw brokenAt(file, key.end, '"=" is missing here');
      const valueStart = spacesEnd(text, key.end + 1);
      const valueEnd = valueEndAt(file, valueStart);
      const end = lineEnd(file, valueEnd);
      statements.push({ path: [...table, ...key.parts], start, valueStart, valueEnd, end });
      at = blankEnd(text, end);
    }
  }
  return { headers, statements };
}

type Key = { readonly parts: readonly string[]; readonly end: number };

function keyAt(file: FileText, from: number): Key {
  const parts: string[] = [];
  for (let at = spacesEnd(file.text, from); ; at = spacesEnd(file.text, at + 1)) {
    const part = sticky(/[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/y, file.text, at);
    if (part === undefined) throw brokenAt(file, at, 'a key is missing here');
    parts.push(plainKey(part));
    at = spacesEnd(file.text, at + part.length);
    if (file.text[at] !== '.') return { parts, end: at };
  }
}

function plainKey(part: string): string {
  if (part.startsWith("'")) return part.slice(1, -1);
  if (!part.startsWith('"')) return part;
  try {
    return String(JSON.parse(part));
  } catch {
    return part.slice(1, -1); // an escape that JSON does not have: no name of ours
  }
}

/** The end of the value that starts at `start`. */
function valueEndAt(file: FileText, start: number): number {
  const { text } = file;
  for (const quotes of ['"""', "'''"]) if (text.startsWith(quotes, start)) return longStringEnd(file, start, quotes);
  if (text[start] === '"' || text[start] === "'") {
    const string = sticky(/"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/y, text, start);
    if (string === undefined) throw brokenAt(file, start, 'the string has no end');
    return start + string.length;
  }
  if (text[start] === '[' || text[start] === '{') return nestedEnd(file, start);
  const word = sticky(/\d{4}-\d\d-\d\d \d[^\s,\]}#]*|[^\s,\]}#]+/y, text, start);
  if (word === undefined) throw brokenAt(file, start, 'a value is missing here');
  return start + word.length;
}

function longStringEnd(file: FileText, start: number, quotes: string): number {
  const { text } = file;
  for (let at = start + 3; at < text.length; at += quotes === '"""' && text[at] === '\\' ? 2 : 1) {
    // Up to two more quotes belong to the text itself.
    if (text.startsWith(quotes, at))
      return at + 3 + (sticky(quotes === '"""' ? /"{0,2}/y : /'{0,2}/y, text, at + 3)?.length ?? 0);
  }
  throw brokenAt(file, start, 'the string has no end');
}

/** The end of a list or an inline table: brackets are counted, strings and comments are walked over. */
function nestedEnd(file: FileText, start: number): number {
  const { text } = file;
  let depth = 0;
  for (let at = start; at < text.length;) {
    const sign = text[at] ?? '';
    if (sign === '#') at = text.includes('\n', at) ? text.indexOf('\n', at) : text.length;
    else if (sign === '"' || sign === "'") at = valueEndAt(file, at);
    else {
      if ('[{'.includes(sign)) depth += 1;
      if (']}'.includes(sign)) depth -= 1;
      at += 1;
      if (depth === 0) return at;
    }
  }
  throw brokenAt(file, start, 'the bracket is never closed');
}

/** The end of a line behind a value, where only a comment may follow. */
function lineEnd(file: FileText, at: number): number {
  const rest = sticky(/[ \t]*(?:#[^\n]*)?\r?(?:\n|$)/y, file.text, at);
  if (rest === undefined) throw brokenAt(file, at, 'the end of the line is missing here');
  return at + rest.length;
}

const blankEnd = (text: string, at: number): number => at + (sticky(/(?:\s+|#[^\n]*)*/y, text, at)?.length ?? 0);
const spacesEnd = (text: string, at: number): number => at + (sticky(/[ \t]*/y, text, at)?.length ?? 0);

function sticky(pattern: RegExp, text: string, at: number): string | undefined {
  const found = new RegExp(pattern);
  found.lastIndex = at;
  return found.exec(text)?.[0];
}
