import { brokenAt, unfit, type FileText } from './broken-file.ts';
import type { Change } from './change.ts';
import type { Json, JsonObject } from './client.ts';
import { isMap } from './merge.ts';
import { scanToml, type TomlScan } from './toml-scan.ts';

/** A table of its own: `[SECTION.NAME]` and a line per key. Maps are inline tables, so that nothing spreads over the file. */
export function tomlTable(path: readonly string[], entry: JsonObject, eol = '\n'): string {
  const lines = Object.entries(entry).map(([key, value]) => `${keyText(key)} = ${valueText(value)}`);
  return [`[${path.map(keyText).join('.')}]`, ...lines].map((line) => `${line}${eol}`).join('');
}

/**
 * What the table at `path` says, as far as it can be compared: texts, and maps of texts; every other value as it is
 * written. Undefined where the table is missing. Throws a `UsageError` where it is written in a form that cannot be
 * changed line by line.
 */
export function readTomlTable(file: FileText, path: readonly string[]): unknown {
  const scan = scanToml(file);
  const headers = scan.headers.filter((header) => startsWith(header.path, path));
  for (const { path: at, start } of scan.statements.filter((statement) => isElsewhere(statement, scan, path)))
    throw brokenAt(file, start, `${at.join('.')} is not written as a table [${path.join('.')}]`);
  if (headers.some(({ isList, path: at }) => isList && at.length === path.length))
    throw unfit(file.name, `${path.join('.')} is a list`);
  const own = scan.statements.filter((statement) => startsWith(statement.path, path));
  if (headers.length === 0) return undefined;
  const below = headers.flatMap((header) => header.path[path.length] ?? []);
  const result: { [key: string]: unknown } = Object.fromEntries(below.map((key) => [key, {}]));
  for (const { path: at, valueStart, valueEnd } of own) {
    const [key = '', inner] = at.slice(path.length);
    const value = comparable(file.text.slice(valueStart, valueEnd));
    const map = result[key];
    result[key] = inner === undefined ? value : { ...(isMap(map) ? map : {}), [inner]: value };
  }
  return result;
}

const startsWith = (path: readonly string[], start: readonly string[]): boolean =>
  start.every((part, index) => path[index] === part);

/** `mcp_servers = { … }`, or `tools.url = …` below `[mcp_servers]`: ours, and not in a table of ours. */
function isElsewhere(
  { path: at, start }: TomlScan['statements'][number],
  { headers }: TomlScan,
  path: readonly string[],
): boolean {
  if (at.length <= path.length) return startsWith(path, at);
  return startsWith(at, path) && !startsWith(headers.findLast((header) => header.start < start)?.path ?? [], path);
}

/** The text with changes of the table at `path`, all else byte for byte. */
export function editedToml(file: FileText, path: readonly string[], changes: readonly Change[]): string {
  return changes.reduce((text, change) => carryOut({ name: file.name, text }, path, change), file.text);
}

function carryOut(file: FileText, path: readonly string[], change: Change): string {
  const { text } = file;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  if (change.op === 'append') throw new Error('no list of a TOML file is added to');
  const value = change.op === 'set' ? change.value : undefined;
  if (change.path.length === path.length) {
    const gap = text === '' ? '' : text.endsWith(`${eol}${eol}`) ? '' : text.endsWith('\n') ? eol : `${eol}${eol}`;
    return text + gap + tomlTable(path, asEntry(value), eol);
  }
  const scan = scanToml(file);
  const own = scan.statements.filter((statement) => startsWith(statement.path, change.path));
  const [only, ...others] = own;
  if (value !== undefined && only !== undefined && others.length === 0 && only.path.length === change.path.length)
    return text.slice(0, only.valueStart) + valueText(value) + text.slice(only.valueEnd);
  // What spreads over several lines, or over a table of its own, goes, and one line takes its place.
  const ranges = [...scan.headers.filter((header) => startsWith(header.path, change.path)), ...own];
  const cleared = ranges
    .toSorted((left, right) => right.start - left.start)
    .reduce((now, { start, end }) => now.slice(0, start) + now.slice(end), text);
  return value === undefined
    ? cleared
    : withLine({ name: file.name, text: cleared }, path, `${keyText(change.path.at(-1) ?? '')} = ${valueText(value)}${eol}`);
}

/** One more line at the table's end; a head where only tables below it had one. */
function withLine(file: FileText, path: readonly string[], line: string): string {
  const { text } = file;
  const { headers, statements } = scanToml(file);
  const at = headers.findIndex((header) => header.path.length === path.length && startsWith(header.path, path));
  const head = headers[at];
  if (head === undefined) return `${text}${text.endsWith('\n') ? '' : '\n'}\n${tomlTable(path, {})}${line}`;
  const below = headers[at + 1]?.start ?? text.length;
  const { start, end } = statements.findLast((statement) => statement.start > head.start && statement.start < below) ?? head;
  const margin = /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
  return `${text.slice(0, end)}${text.slice(0, end).endsWith('\n') ? '' : '\n'}${margin}${line}${text.slice(end)}`;
}

const asEntry = (value: Json | undefined): JsonObject => (isMap(value) ? value : {});

const keyText = (key: string): string => (/^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key));

function valueText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  if (!isMap(value)) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)} = ${valueText(inner)}`);
  return `{ ${fields.join(', ')} }`;
}

const string = String.raw`"(?:[^"\\]|\\.)*"|'[^']*'`;
const pair = new RegExp(String.raw`([\w-]+|${string})\s*=\s*(${string})`, 'g');
const mapOfTexts = new RegExp(String.raw`^\{\s*(?:(?:[\w-]+|${string})\s*=\s*(?:${string})\s*(?:,\s*)?)*\}$`);

function comparable(text: string): unknown {
  if (mapOfTexts.test(text))
    return Object.fromEntries([...text.matchAll(pair)].map(([, key = '', value = '']) => [unquoted(key), unquoted(value)]));
  return unquoted(text);
}

function unquoted(text: string): string {
  if (/^'[^']*'$/.test(text)) return text.slice(1, -1);
  try {
    return /^"[^"]*"$/.test(text) ? String(JSON.parse(text)) : text;
  } catch {
    return text;
  }
}
