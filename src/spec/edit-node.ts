import { isAlias, isCollection, isMap, isPair, isScalar, isSeq, type Document, type Pair, type YAMLMap } from 'yaml';
import { UsageError } from '../lib/errors.ts';
import type { Edit } from './edit.ts';
import { deleteMember, insertItem, insertPair, replaceNode, replaceValue, type Page } from './edit-block.ts';
import { isPlain, saysAll } from './edit-plain.ts';
import type { Splice } from './edit-splice.ts';
import { pathText } from './source.ts';

/** A document that is being edited. `shared` are the anchors that aliases use. */
export type Editing = { readonly document: Document.Parsed; readonly page: Page; readonly shared: ReadonlySet<string> };

/** The next change that brings the text closer to what an edit wants; undefined when it is there. */
export function changeOf(edit: Edit, editing: Editing): readonly Splice[] | undefined {
  const { path } = edit;
  const { document, page } = editing;
  if (edit.op === 'set') return setAt(path, edit.value, editing);
  if (edit.op === 'remove') return deleteAt(path, editing);
  const value: unknown = document.getIn(path, true);
  if (isAlias(value)) throw isShared(path, value.source);
  const js = plainOf(value, editing);
  if (edit.op === 'drop') return isMap(value) || isSeq(value) ? deleteAt([...path, ...memberAt(js, edit.key)], editing) : undefined;
  if (edit.op === 'drop-items') {
    const index = Array.isArray(js) ? js.findIndex((item) => saysAll(item, edit.fields)) : -1;
    return index === -1 ? undefined : deleteAt([...path, String(index)], editing);
  }
  if (edit.op === 'put-item') {
    const index = Array.isArray(js) ? js.findIndex((item) => saysAll(item, edit.fields)) : -1;
    if (!isSeq(value) || value.items.length === 0) return setAt(path, [edit.value], editing);
    if (index !== -1) return setMember(value.items[index], edit.value, { path: [...path, String(index)], editing });
    return js instanceof Array && js.some((item) => same(item, edit.value)) ? undefined : insertItem(page, openAt(path, value, editing), edit.value);
  }
  if (isMap(value)) return isPlain(js) && Object.hasOwn(js, edit.key) ? undefined : setAt([...path, edit.key], {}, editing);
  if (!isSeq(value)) return setAt(path, [edit.key], editing);
  return Array.isArray(js) && js.includes(edit.key) ? undefined : setAt(path, [...(Array.isArray(js) ? js : []), edit.key], editing);
}

function memberAt(value: unknown, key: string): readonly string[] {
  if (!Array.isArray(value)) return [key];
  return [String(value.indexOf(key))];
}

const plainOf = (node: unknown, { document }: Editing): unknown =>
  isScalar(node) || isAlias(node) || isCollection(node) ? node.toJS(document, { maxAliasCount: -1 }) : undefined;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** How many levels of a new value are written over several lines: sections and their entries. */
const openLevels = 2;

function setAt(path: readonly string[], value: unknown, editing: Editing): readonly Splice[] | undefined {
  const { document, page } = editing;
  let map: unknown = document.contents;
  for (const [at, key] of path.entries()) {
    const above = path.slice(0, at);
    if (!isMap(map)) throw isShared(above, isAlias(map) ? map.source : '');
    openAt(above, map, editing);
    const pair = pairOf(map, key);
    const rest = path.slice(at + 1).reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
    const open = openLevels - at;
    if (pair === undefined && isEmptyFlow(map) && at > 0) return setHollow(above, { [key]: rest }, editing);
    if (pair === undefined) return insertPair(page, map, { key, value: rest, open });
    if (at === path.length - 1) return setPair(pair, value, { path, editing, open });
    if (!isMap(pair.value) && !isAlias(pair.value)) return replaceValue(page, pair, { value: rest, open });
    map = pair.value;
  }
  return undefined;
}

const isEmptyFlow = (map: YAMLMap): boolean => map.flow === true && map.items.length === 0;

/** `servers: {}` gives its place to a block of entries. */
function setHollow(path: readonly string[], value: unknown, editing: Editing): readonly Splice[] {
  const parent: unknown = editing.document.getIn(path.slice(0, -1), true);
  const map = isMap(parent) ? parent : editing.document.contents;
  const pair = isMap(map) ? pairOf(map, path.at(-1) ?? '') : undefined;
  if (pair === undefined || !isMap(map)) throw isShared(path, '');
  return replaceValue(editing.page, pair, { value, open: map.flow === true ? 0 : openLevels - path.length + 1 });
}

const pairOf = (map: YAMLMap, key: string): Pair | undefined => map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);

type Spot = { readonly path: readonly string[]; readonly editing: Editing };

function setPair(pair: Pair, value: unknown, spot: Spot & { readonly open: number }): readonly Splice[] | undefined {
  const { editing, path, open } = spot;
  const node = pair.value;
  if (isAlias(node)) return replaceValue(editing.page, pair, { value, open: 0 });
  const inside = isCollection(node) ? setMember(node, value, spot) : 'whole';
  if (inside !== 'whole') return inside;
  if (isScalar(node) && same(plainOf(node, editing), value)) return undefined;
  assertOwn(node, spot);
  return replaceValue(editing.page, pair, { value, open: path.length > openLevels ? 0 : open });
}

/** A value of the same shape changes only where it differs. */
function setMember(node: unknown, value: unknown, spot: Spot): readonly Splice[] | undefined;
function setMember(node: unknown, value: unknown, spot: Spot & { readonly open: number }): readonly Splice[] | undefined | 'whole';
function setMember(node: unknown, value: unknown, spot: Spot & { readonly open?: number }): readonly Splice[] | undefined | 'whole' {
  const { path, editing } = spot;
  const js = plainOf(node, editing);
  if (same(js, value)) return undefined;
  if (isMap(node) && isPlain(value) && isPlain(js) && Object.keys(value).length > 0 && node.items.length > 0) {
    openAt(path, node, editing);
    return setMap(node, value, spot);
  }
  if (isSeq(node) && Array.isArray(js) && Array.isArray(value) && value.length > 0) {
    openAt(path, node, editing);
    const gone = js.findIndex((item) => !value.some((other) => same(item, other)));
    if (gone !== -1 && js.length > 1) return deleteAt([...path, String(gone)], editing);
    if (js.length > 0 && js.every((item, at) => same(item, value[at]))) return insertItem(editing.page, node, value[js.length]);
  }
  if (spot.open !== undefined) return 'whole';
  assertOwn(node, spot);
  return replaceNode(editing.page, node, value);
}

function setMap(map: YAMLMap, value: { readonly [key: string]: unknown }, { path, editing }: Spot): readonly Splice[] | undefined {
  for (const [key, inner] of Object.entries(value)) {
    const pair = pairOf(map, key);
    if (pair === undefined) return insertPair(editing.page, map, { key, value: inner, open: openLevels - path.length });
    const change = setPair(pair, inner, { path: [...path, key], editing, open: 0 });
    if (change !== undefined) return change;
  }
  const stranger = map.items.findIndex((pair) => !isScalar(pair.key) || !Object.hasOwn(value, String(pair.key.value)));
  return stranger === -1 ? undefined : deleteMember(editing.page, map, stranger);
}

/** Takes what stands at a path out; its section stays when it was the last, and is then empty. */
function deleteAt(path: readonly string[], editing: Editing): readonly Splice[] | undefined {
  const { document, page } = editing;
  const [above, key = ''] = [path.slice(0, -1), path.at(-1)];
  const parent: unknown = above.length === 0 ? document.contents : document.getIn(above, true);
  if (isAlias(parent)) throw isShared(above, parent.source);
  if (!isMap(parent) && !isSeq(parent)) return undefined;
  const index = isSeq(parent) ? Number(key) : parent.items.findIndex((pair) => isScalar(pair.key) && String(pair.key.value) === key);
  const member: unknown = parent.items[index];
  if (member === undefined) return undefined;
  openAt(above, parent, editing);
  assertOwn(member, { path, editing });
  if (parent.items.length > 1 || above.length === 0) return deleteMember(page, parent, index);
  const outer: unknown = above.length === 1 ? document.contents : document.getIn(above.slice(0, -1), true);
  const pair = isMap(outer) ? pairOf(outer, above.at(-1) ?? '') : undefined;
  return pair === undefined ? undefined : replaceValue(page, pair, { value: isSeq(parent) ? [] : {}, open: 0 });
}

/** Whoever edits inside of an anchored value edits what its aliases stand for, too. */
function openAt<T extends { readonly anchor?: string | undefined }>(path: readonly string[], node: T, { shared }: Editing): T {
  if (node.anchor !== undefined && shared.has(node.anchor)) throw isShared(path, node.anchor);
  return node;
}

/** What goes away takes its anchors along. */
function assertOwn(node: unknown, { path, editing: { shared } }: Spot): void {
  const check = (inner: unknown): void => {
    if (isPair(inner)) return [inner.key, inner.value].forEach(check);
    if (!isScalar(inner) && !isCollection(inner)) return;
    if (inner.anchor !== undefined && shared.has(inner.anchor)) throw isShared(path, inner.anchor);
    if (isCollection(inner)) inner.items.forEach(check);
  };
  check(node);
}

function isShared(path: readonly string[], anchor: string): UsageError {
  const by = anchor === '' ? 'is no map' : `is shared through the anchor &${anchor}`;
  return new UsageError(`${pathText(path)} ${by}: --save cannot change it alone`, {
    code: 'cannot_save',
    path: pathText(path),
    hint: 'change the file by hand, or leave --save out',
  });
}
