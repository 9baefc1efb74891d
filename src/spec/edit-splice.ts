import { isAlias, isCollection, isMap, isPair, isScalar, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';

/** A part of a text, and what stands there instead. */
export type Splice = { readonly start: number; readonly end: number; readonly text: string };

export const spliced = (text: string, splices: readonly Splice[]): string =>
  splices
    .toSorted((a, b) => b.start - a.start || b.end - a.end)
    .reduce((result, { start, end, text: part }) => result.slice(0, start) + part + result.slice(end), text);

export type Lines = { readonly text: string; readonly newline: string };

export const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

/** Behind the line break of the line at an offset. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
}

export const columnOf = (text: string, at: number): number => at - lineStart(text, at);

/** Whole lines at the beginning of a line, or behind a last line without a line break, which the text then still lacks. */
export function newLines({ text, newline }: Lines, at: number, lines: readonly string[]): Splice {
  const joined = lines.join(newline);
  const isOpen = at > 0 && text[at - 1] !== '\n';
  return { start: at, end: at, text: isOpen ? newline + joined : joined + newline };
}

/** Where a node's text ends. */
export function endOf(node: unknown): number {
  if (isPair(node)) return Math.max(endOf(node.key), node.value === null ? 0 : endOf(node.value));
  if (isCollection(node) && node.flow !== true) return Math.max(0, ...node.items.map(endOf));
  return isAlias(node) || isScalar(node) || isCollection(node) ? (node.range?.[1] ?? 0) : 0;
}

export function startOf(node: unknown): number {
  if (isPair(node)) return startOf(node.key);
  return isAlias(node) || isScalar(node) || isCollection(node) ? (node.range?.[0] ?? 0) : 0;
}

/** Behind the last line of a block: its end, and the comments below it that are indented at least so far. */
export function blockEnd(text: string, end: number, indent: number): number {
  let stop = text[end - 1] === '\n' ? end : lineEnd(text, end);
  for (let at = stop; at < text.length;) {
    const next = lineEnd(text, at);
    const [, blank = '', sign = ''] = /^([ \t]*)(\S?)/.exec(text.slice(at, next)) ?? [];
    if (sign !== '' && (sign !== '#' || blank.length < indent)) break;
    if (sign === '#') stop = next;
    at = next;
  }
  return stop;
}

/** The offset of the `-` of each item of a block list. */
export function dashOf(seq: YAMLSeq, index: number): number {
  const token = seq.srcToken?.type === 'block-seq' ? seq.srcToken.items[index] : undefined;
  return token?.start.find(({ type }) => type === 'seq-item-ind')?.offset ?? startOf(seq.items[index]);
}

/** Behind the colon of a pair; undefined where it has none. */
export function colonEnd(pair: Pair): number | undefined {
  const colon = pair.srcToken?.sep?.find(({ type }) => type === 'map-value-ind');
  return colon === undefined ? undefined : colon.offset + 1;
}

/** The column of a block's keys or dashes. */
export const columnIn = (text: string, collection: YAMLMap | YAMLSeq): number =>
  columnOf(text, isMap(collection) ? startOf(collection.items[0]) : dashOf(collection, 0));
