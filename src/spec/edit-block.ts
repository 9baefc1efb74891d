import { isCollection, isMap, isScalar, isSeq, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { isPlain } from './edit-plain.ts';
import {
  blockEnd,
  colonEnd,
  columnIn,
  columnOf,
  dashOf,
  endOf,
  lineEnd,
  lineStart,
  newLines,
  startOf,
  type Lines,
  type Splice,
} from './edit-splice.ts';
import { flowDelete, flowInsert } from './edit-flow.ts';
import { blockLines, inline, inlinePair, itemLines, scalarText, type Writing } from './value-text.ts';

export type Page = Lines & Writing;
export type Member = {
  readonly key: string;
  readonly value: unknown;
  /** Levels that are written over several lines. */ readonly open: number;
};

/** One more entry at the end of a map, in the manner of the others. */
export function insertPair(page: Page, map: YAMLMap, { key, value, open }: Member): readonly Splice[] {
  if (map.flow === true) return flowInsert(page, map, inlinePair(key, value, page.json));
  const { text } = page;
  const column = columnIn(text, map);
  const siblings = map.items.map((pair) => pair.value);
  const like = siblings.find((sibling) => isMap(sibling) && sibling.flow !== true && sibling.items.length > 0);
  const step = column > 0 && isMap(like) ? Math.max(1, columnIn(text, like) - column) : page.step;
  const isFlow = column > 0 && siblings.every((sibling) => isMap(sibling) && sibling.flow === true && isOneLine(text, sibling));
  const line = `${' '.repeat(column)}${inlinePair(key, value, false)}`;
  const lines = isFlow && line.length <= 120 ? [line] : blockLines(key, value, { column, open, step });
  if (column > 0) return [newLines(page, blockEnd(text, endOf(map), column), lines)];
  const end = documentEnd(text, endOf(map));
  return [newLines(page, end, isAiry(text) && !/(^|\n)[ \t]*\r?\n$/.test(text.slice(0, end)) ? ['', ...lines] : lines)];
}

const isOneLine = (text: string, node: YAMLMap): boolean => !text.slice(startOf(node), endOf(node)).includes('\n');

/** Whether blank lines stand between the sections. */
const isAiry = (text: string): boolean => /\n[ \t]*\r?\n(#.*\r?\n)*[^\s#]/.test(text);

/** The end of the file, or of the document where a line says that it ends. */
function documentEnd(text: string, from: number): number {
  const mark = /^\.\.\.\s*$/m.exec(text.slice(from));
  return mark === null ? text.length : from + mark.index;
}

/** One more item at the end of a list, in the manner of the others. */
export function insertItem(page: Page, seq: YAMLSeq, item: unknown): readonly Splice[] {
  if (seq.flow === true) return flowInsert(page, seq, inline(item, page.json));
  const { text, step } = page;
  const column = columnIn(text, seq);
  const isOpen = isPlain(item) && seq.items.some((other) => isMap(other) && other.flow !== true);
  return [
    newLines(page, blockEnd(text, endOf(seq), Math.max(column, 1)), itemLines(item, { column, open: isOpen ? 1 : 0, step })),
  ];
}

/** Takes one of several members out. */
export function deleteMember(page: Page, collection: YAMLMap | YAMLSeq, index: number): readonly Splice[] {
  if (collection.flow === true) return flowDelete(page, collection, index);
  const { text } = page;
  const start = isSeq(collection) ? dashOf(collection, index) : startOf(collection.items[index]);
  const column = columnOf(text, start);
  return [{ start: lineStart(text, start), end: blockEnd(text, endOf(collection.items[index]), column + 1), text: '' }];
}

/** Another value in the place of a pair's. */
export function replaceValue(page: Page, pair: Pair, { value, open }: Omit<Member, 'key'>): readonly Splice[] {
  const { text, newline } = page;
  const node = pair.value;
  const colon = colonEnd(pair);
  if (colon === undefined) return [{ start: endOf(pair.key), end: endOf(pair.key), text: `: ${inline(value, page.json)}` }];
  // Nothing has no text: where it is said to stand may be behind a comment.
  const [start, end] = isScalar(node) && node.source === '' ? [colon, colon] : [startOf(node), endOf(node)];
  const isOnSeveral = isOpened(value) && open > 0 && !page.json;
  if (isCollection(node) && node.flow !== true)
    return [{ start: colon, end: colon, text: ` ${inline(value)}` }, linesOf(page, node, pair)];
  if (isOnSeveral && isHollow(text, node)) {
    const [, ...lines] = blockLines('', value, { column: columnOf(text, startOf(pair.key)), open, step: page.step });
    return [{ start: colon, end, text: '' }, newLines(page, lineEnd(text, end), lines)];
  }
  if (start === end) return [{ start: colon, end: colon, text: ` ${inline(value, page.json)}` }];
  return [{ start, end, text: text[end - 1] === '\n' ? `${inline(value)}${newline}` : plainOr(node, value, page.json) }];
}

/** Values that may be written over several lines: maps, and lists of maps. */
const isOpened = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 && value.every(isPlain) : isPlain(value) && Object.keys(value).length > 0;

/** Nothing, `null`, `{}` or `[]`: what gives its place to a block. */
const isHollow = (text: string, node: unknown): boolean =>
  (isScalar(node) && node.value === null) ||
  (isCollection(node) && /^[[{]\s*[\]}]$/.test(text.slice(startOf(node), endOf(node))));

/** The lines of a block that stands below its key. */
function linesOf({ text }: Page, node: YAMLMap | YAMLSeq, pair: Pair): Splice {
  const column = columnOf(text, startOf(pair.key));
  const first = isSeq(node) ? dashOf(node, 0) : startOf(node.items[0]);
  return { start: lineStart(text, first), end: blockEnd(text, endOf(node), column + 1), text: '' };
}

/** A text in the quotes that the one before had. */
function plainOr(node: unknown, value: unknown, json: boolean): string {
  if (json || !isScalar(node) || typeof value !== 'string') return inline(value, json);
  const quote = node.type === 'QUOTE_DOUBLE' ? 'double' : node.type === 'QUOTE_SINGLE' ? 'single' : undefined;
  return scalarText(value, quote);
}
