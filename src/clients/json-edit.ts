import type { FileText } from './broken-file.ts';
import type { Change } from './change.ts';
import type { Json } from './client.ts';
import { behindBlank, parseJson, type JsonNode } from './json-parse.ts';

/**
 * A JSON text with changes. What they do not touch stays byte for byte: comments, order, indentation, line
 * ends. An empty file counts as `{}`.
 */
export function editedJson({ name, text }: FileText, changes: readonly Change[]): string {
  const start = text.trim() === '' ? '{}\n' : text;
  return changes.reduce((now, change) => carryOut({ name, text: now }, change), start);
}

function carryOut(file: FileText, change: Change): string {
  const [node, rest] = deepest(parseJson(file), change.path);
  switch (change.op) {
    case 'remove':
      return rest.length === 0 ? without(file, change.path) : file.text;
    case 'append':
      return rest.length === 0 && node.type === 'array'
        ? inserted(file, node, { value: change.value })
        : carryOut(file, { op: 'set', path: change.path, value: [change.value] });
    case 'set':
      return rest.length > 0 && node.type === 'object'
        ? inserted(file, node, { key: rest[0] ?? '', value: nested(rest.slice(1), change.value) })
        : replaced(file, node, nested(rest, change.value));
  }
}

/** The node that is nearest to `path`, and the keys that are missing below it. */
function deepest(root: JsonNode, path: readonly string[]): readonly [node: JsonNode, rest: readonly string[]] {
  const [key, ...rest] = path;
  const member = key === undefined ? undefined : memberOf(root, key);
  return member === undefined ? [root, path] : deepest(member.value, rest);
}

const memberOf = (node: JsonNode, key: string) =>
  node.type === 'object' ? node.members.findLast((member) => member.key === key) : undefined;

const nested = (path: readonly string[], value: Json): Json => path.reduceRight<Json>((inner, key) => ({ [key]: inner }), value);

function replaced(file: FileText, { start, end }: JsonNode, value: Json): string {
  const { text } = file;
  return text.slice(0, start) + rendered(file, value, marginAt(text, start)) + text.slice(end);
}

type Container = JsonNode & { readonly type: 'object' | 'array' };
type Part = { readonly key?: string; readonly value: Json };

function inserted(file: FileText, container: Container, part: Part): string {
  const { text } = file;
  const parts =
    container.type === 'object' ? container.members.map(({ start, value }) => ({ start, end: value.end })) : container.items;
  const [first, last] = [parts[0], parts.at(-1)];
  const inside = text.slice(container.start + 1, container.end - 1);
  const isLine = last !== undefined && !inside.includes('\n');
  const margin = first === undefined || isLine ? marginAt(text, container.start) + unitOf(text) : marginAt(text, first.start);
  const own = part.key === undefined ? '' : `${JSON.stringify(part.key)}: `;
  const body = own + (isLine ? JSON.stringify(part.value) : rendered(file, part.value, margin));
  // The comma goes right behind the last value, the new part behind the comments that follow it.
  const comma = last === undefined || container.trailingComma ? '' : ',';
  const split = last === undefined ? container.start + 1 : last.end;
  const tail = text.slice(split, container.end - 1);
  const head = text.slice(0, split) + comma + tail.trimEnd();
  if (isLine) return `${head} ${body}${tail.slice(tail.trimEnd().length)}${text.slice(container.end - 1)}`;
  const eol = eolOf(text);
  return `${head}${eol}${margin}${body}${eol}${marginAt(text, closingLine(text, container))}${text.slice(container.end - 1)}`;
}

/** The line whose indentation a closing bracket has, or would have. */
const closingLine = (text: string, { start, end }: Container): number =>
  text.slice(start, end).includes('\n') && /^[ \t]*[}\]]/.test(text.slice(text.lastIndexOf('\n', end - 1) + 1)) ? end - 1 : start;

function without(file: FileText, path: readonly string[]): string {
  const { text } = file;
  const [parent] = deepest(parseJson(file), path.slice(0, -1));
  const member = memberOf(parent, path.at(-1) ?? '');
  if (parent.type !== 'object' || member === undefined) return text;
  const index = parent.members.indexOf(member);
  const isLast = index === parent.members.length - 1;
  const next = behindBlank(file, member.value.end);
  const end = text[next] === ',' ? next + 1 : member.value.end;
  const before = parent.members[index - 1];
  const [from, to] = wholeLines(text, member.start, end);
  const cut = text.slice(0, from) + text.slice(to);
  if (!isLast || before === undefined || parent.trailingComma) return cut;
  // The comma before it would be left over.
  const comma = behindBlank(file, before.value.end);
  return cut.slice(0, comma) + cut.slice(comma + 1);
}

/** The lines of a range where nothing else stands in them; else the range with the blanks before it in its line. */
function wholeLines(text: string, start: number, end: number): readonly [number, number] {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const found = text.indexOf('\n', end);
  const lineEnd = found === -1 ? text.length : found + 1;
  const isAlone = text.slice(lineStart, start).trim() === '' && text.slice(end, lineEnd).trim() === '';
  return isAlone ? [lineStart, lineEnd] : [lineStart + text.slice(lineStart, start).replace(/[ \t]+$/, '').length, end];
}

function rendered({ text }: FileText, value: Json, margin: string): string {
  return JSON.stringify(value, undefined, unitOf(text)).replaceAll('\n', `${eolOf(text)}${margin}`);
}

/** The white space that starts the line of an offset. */
const marginAt = (text: string, offset: number): string =>
  /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset))?.[0] ?? '';

/** One step of indentation: that of the first line that has any. */
const unitOf = (text: string): string => /\n([ \t]+)["}\]/]/.exec(text)?.[1] ?? '  ';

const eolOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');
