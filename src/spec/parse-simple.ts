import type { MapNode, Node, Pair } from './node.ts';
import { addPair, endsLine, skipSpaces, takeInline, takeKey } from './simple-value.ts';
import type { Source } from './source.ts';

/** A line that says something: its indentation, and the offset of its first character after that. */
type Line = { readonly indent: number; readonly start: number };
type Lines = { readonly source: Source; readonly lines: readonly Line[] };
/** A value and the index of the first line after it. */
type Taken = { readonly node: Node; readonly next: number };

// Characters and lines that this reader leaves to the full parser: tabs, lone carriage returns, other
// control characters, line separators, document markers, directives.
const special = /[\0-\x09\x0B\x0C\x0E-\x1F\x7F-\x9F\u2028\u2029\uFEFF\uFFFE\uFFFF]|\r(?!\n)|^(?:\.\.\.|%)/m;
const deepest = 100;

/**
 * Reads the part of YAML that documents are mostly written in: block maps and lists, values that end
 * in their line. Undefined at the first thing beyond, also at every error: then the full parser, which
 * takes about ten times as long, reads the text from its start and has the last word.
 */
export function parseSimple(source: Source): MapNode | undefined {
  if (special.test(source.text)) return undefined;
  const lines = linesOf(source.text);
  const marked = lines[0] !== undefined && isMarker(source.text, lines[0]) ? 1 : 0;
  const block = { source, lines: lines.slice(marked) };
  if (block.lines[0]?.indent !== 0 || block.lines.some((line) => isMarker(source.text, line))) return undefined;
  const taken = takeMap(block, 0, block.lines[0]);
  return taken?.node.type === 'map' && taken.next === block.lines.length ? taken.node : undefined;
}

const isMarker = (text: string, line: Line): boolean =>
  line.indent === 0 && text.startsWith('---', line.start) && endsLine(text, line.start + 3);

function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (let begin = 0; begin < text.length;) {
    const start = skipSpaces(text, begin);
    if (!endsLine(text, start) && text[start] !== '#') lines.push({ indent: start - begin, start });
    const end = text.indexOf('\n', start);
    begin = end === -1 ? text.length : end + 1;
  }
  return lines;
}

/** A block map. `head` is where its first key stands, which may be after a `- ` in the line `first`. */
function takeMap(block: Lines, first: number, head: Line): Taken | undefined {
  const { source, lines } = block;
  const { indent } = head;
  if (indent > deepest) return undefined;
  const pairs = new Map<string, Pair>();
  let next = first;
  for (let line: Line | undefined = head; line?.indent === indent; line = lines[next]) {
    const key = takeKey(source, line.start);
    const value = key === undefined ? undefined : takeValue(block, { line: next, offset: key.end, indent, inMap: true });
    if (key === undefined || value === undefined) return undefined;
    if (!addPair(pairs, key.name, { key: { source, offset: line.start }, value: value.node })) return undefined;
    next = value.next;
    if (isBullet(source.text, lines[next]) && lines[next]?.indent === indent) break;
  }
  return { node: { source, offset: head.start, type: 'map', pairs }, next };
}

function takeList(block: Lines, first: number, head: Line): Taken | undefined {
  const { source, lines } = block;
  const { indent } = head;
  if (indent > deepest) return undefined;
  const items: Node[] = [];
  let next = first;
  for (let line: Line | undefined = head; line?.indent === indent && isBullet(source.text, line); line = lines[next]) {
    const item = takeItem(block, next, line);
    if (item === undefined) return undefined;
    items.push(item.node);
    next = item.next;
  }
  return { node: { source, offset: head.start, type: 'list', items }, next };
}

const isBullet = (text: string, line: Line | undefined): boolean =>
  line !== undefined && text[line.start] === '-' && /[ \r\n]|^$/.test(text.charAt(line.start + 1));

function takeItem(block: Lines, index: number, line: Line): Taken | undefined {
  const { source } = block;
  const start = skipSpaces(source.text, line.start + 1);
  const key = endsLine(source.text, line.start + 1) ? undefined : takeKey(source, start);
  if (key === undefined) return takeValue(block, { line: index, offset: line.start + 1, indent: line.indent, inMap: false });
  const inner = { start, indent: line.indent + start - line.start };
  return settled(block, takeMap(block, index, inner), line.indent);
}

type ValueAt = { readonly line: number; readonly offset: number; readonly indent: number; readonly inMap: boolean };

/** What follows a key's colon or a list's dash: in the line, or in deeper lines, or nothing. */
function takeValue(block: Lines, at: ValueAt): Taken | undefined {
  const { source, lines } = block;
  const following = lines[at.line + 1];
  const deeper = following !== undefined && following.indent > at.indent;
  if (!endsLine(source.text, at.offset)) {
    const node = takeInline(source, skipSpaces(source.text, at.offset));
    return node === undefined || deeper ? undefined : { node, next: at.line + 1 };
  }
  if (deeper) return settled(block, takeBlock(block, at.line + 1, following), at.indent);
  if (at.inMap && following?.indent === at.indent && isBullet(source.text, following))
    return takeList(block, at.line + 1, following);
  return { node: { source, offset: at.offset, type: 'scalar', value: null, plain: true }, next: at.line + 1 };
}

const takeBlock = (block: Lines, first: number, head: Line): Taken | undefined =>
  isBullet(block.source.text, head) ? takeList(block, first, head) : takeMap(block, first, head);

/** After a block the next line must be back at its parent's indentation, or further out. */
function settled(block: Lines, taken: Taken | undefined, indent: number): Taken | undefined {
  if (taken === undefined) return undefined;
  const following = block.lines[taken.next];
  return following !== undefined && following.indent > indent ? undefined : taken;
}
