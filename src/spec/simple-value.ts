import { keyFinding } from './keys.ts';
import type { Node, Pair } from './node.ts';
import { resolvePlain } from './scalar.ts';
import type { Source } from './source.ts';

/** A value and the offset after it. */
type Taken = { readonly node: Node; readonly end: number };
type TakenKey = { readonly name: string; readonly end: number };

const key = /(?:([A-Za-z0-9_][A-Za-z0-9_./-]{0,99})|"([^"\\\n\r]{1,99})"|'([^'\n\r]{1,99})'):(?= |\r?\n|$)/y;
const doubleQuoted = /"([^"\\\n\r]*)"/y;
const singleQuoted = /'((?:[^'\n\r]|'')*)'/y;
// What certainly starts a plain scalar: no indicator of YAML, no sign that could be one. All of those are
// ASCII, and \p{L} in place of the ranges would take longer to compile than a small document to read.
const plainStart = String.raw`(?:[A-Za-z0-9_/.~$(\xC0-\uD7FF]|[-+](?=[A-Za-z0-9.\xC0-\uD7FF]))`;
const blockPlain = new RegExp(String.raw`${plainStart}[^\n\r]*`, 'y');
const flowPlain = new RegExp(String.raw`${plainStart}[^,[\]{}\n\r]*`, 'y');
const lineEnd = /(?: *| +#[^\n\r]*)(?=\r?\n|$)/y;

/** The key at an offset, with the colon after it; undefined for anything but a simple one. */
export function takeKey(source: Source, offset: number): TakenKey | undefined {
  const match = matchAt(key, source.text, offset);
  const name = match?.[1] ?? match?.[2] ?? match?.[3];
  return name === undefined ? undefined : { name, end: key.lastIndex };
}

/** Adds a pair; false for a key that something is wrong with. */
export function addPair(pairs: Map<string, Pair>, name: string, pair: Pair): boolean {
  if (keyFinding({ name, spot: pair.key, path: [name], first: pairs.get(name)?.key }) !== undefined) return false;
  pairs.set(name, pair);
  return true;
}

/** True when nothing but spaces and a comment follow in the line. */
export const endsLine = (text: string, offset: number): boolean => matchAt(lineEnd, text, offset) !== undefined;

export function skipSpaces(text: string, offset: number): number {
  let at = offset;
  while (text[at] === ' ') at += 1;
  return at;
}

/** A value that is complete within its line; undefined where only a full parser can tell. */
export function takeInline(source: Source, offset: number): Node | undefined {
  const first = source.text[offset];
  if (first !== '"' && first !== "'" && first !== '[' && first !== '{') return takeBlockPlain(source, offset);
  const taken = takeFlow(source, offset, 0);
  return taken !== undefined && endsLine(source.text, taken.end) ? taken.node : undefined;
}

function takeBlockPlain(source: Source, offset: number): Node | undefined {
  const line = matchAt(blockPlain, source.text, offset)?.[0];
  if (line === undefined) return undefined;
  const comment = line.indexOf(' #');
  return plainNode(source, offset, comment === -1 ? line : line.slice(0, comment));
}

/** A colon that could make the scalar a key ends certainty. */
function plainNode(source: Source, offset: number, text: string): Node | undefined {
  const trimmed = text.replace(/ +$/, '');
  if (trimmed.includes(': ') || trimmed.endsWith(':') || trimmed.includes(' #')) return undefined;
  return { source, offset, type: 'scalar', value: resolvePlain(trimmed), plain: true };
}

function takeFlow(source: Source, offset: number, depth: number): Taken | undefined {
  const first = source.text[offset];
  if (depth > 20) return undefined;
  if (first === '[') return takeFlowList(source, offset, depth);
  if (first === '{') return takeFlowMap(source, offset, depth);
  if (first === '"' || first === "'") return takeQuoted(source, offset);
  const text = matchAt(flowPlain, source.text, offset)?.[0];
  const node = text === undefined ? undefined : plainNode(source, offset, text);
  return node === undefined || text === undefined ? undefined : { node, end: offset + text.length };
}

function takeQuoted(source: Source, offset: number): Taken | undefined {
  const single = source.text[offset] === "'";
  const match = matchAt(single ? singleQuoted : doubleQuoted, source.text, offset);
  if (match === undefined) return undefined;
  const inner = match[1] ?? '';
  const value = single ? inner.replaceAll("''", "'") : inner;
  return { node: { source, offset, type: 'scalar', value, plain: false }, end: offset + match[0].length };
}

function takeFlowList(source: Source, offset: number, depth: number): Taken | undefined {
  const items: Node[] = [];
  let at = skipSpaces(source.text, offset + 1);
  while (source.text[at] !== ']') {
    const item = takeFlow(source, at, depth + 1);
    const next = item === undefined ? undefined : afterItem(source.text, item.end, ']');
    if (item === undefined || next === undefined) return undefined;
    items.push(item.node);
    at = next;
  }
  return { node: { source, offset, type: 'list', items }, end: at + 1 };
}

function takeFlowMap(source: Source, offset: number, depth: number): Taken | undefined {
  const pairs = new Map<string, Pair>();
  let at = skipSpaces(source.text, offset + 1);
  while (source.text[at] !== '}') {
    const taken = takeKey(source, at);
    const value = taken === undefined ? undefined : takeFlow(source, skipSpaces(source.text, taken.end), depth + 1);
    const next = value === undefined ? undefined : afterItem(source.text, value.end, '}');
    if (taken === undefined || value === undefined || next === undefined) return undefined;
    if (!addPair(pairs, taken.name, { key: { source, offset: at }, value: value.node })) return undefined;
    at = next;
  }
  return { node: { source, offset, type: 'map', pairs }, end: at + 1 };
}

/** The offset of the next item or of the closing bracket. */
function afterItem(text: string, offset: number, close: string): number | undefined {
  const at = skipSpaces(text, offset);
  if (text[at] === close) return at;
  return text[at] === ',' ? skipSpaces(text, at + 1) : undefined;
}

function matchAt(pattern: RegExp, text: string, offset: number): RegExpExecArray | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text) ?? undefined;
}
