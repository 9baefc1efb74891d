import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Document,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { UsageError } from '../lib/errors.ts';
import type { Edit } from './edit.ts';
import { deleteMember, insertItem, insertPair, replaceValue, type Page } from './edit-block.ts';
import { isPlain, saysAll } from './edit-plain.ts';
import type { Splice } from './edit-splice.ts';
import { pathText } from './source.ts';

/** A document that is being edited. `shared` are the anchors that aliases use. */
export type Editing = { readonly document: Document.Parsed; readonly page: Page; readonly shared: ReadonlySet<string> };

/** The next change that brings the text closer to what an edit wants; undefined when it is there. */
export function changeOf(edit: Edit, editing: Editing): readonly Splice[] | undefined {
  const { path } = edit;
  if (edit.op === 'set') return setAt(path, edit.value, editing);
  if (edit.op === 'remove') return deleteAt(path, editing);
  const node: unknown = editing.document.getIn(path, true);
  if (isAlias(node)) throw isShared(path, node.source);
  const value = plainOf(node, editing);
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  switch (edit.op) {
    case 'drop': {
      const member = Array.isArray(value) ? String(list.indexOf(edit.key)) : edit.key;
      return isCollection(node) ? deleteAt([...path, member], editing) : undefined;
    }
    case 'drop-items': {
      const index = list.findIndex((item) => saysAll(item, edit.fields));
      return index === -1 ? undefined : deleteAt([...path, String(index)], editing);
    }
    case 'add':
      if (isMap(node))
        return isPlain(value) && Object.hasOwn(value, edit.key) ? undefined : setAt([...path, edit.key], {}, editing);
      return list.includes(edit.key) ? undefined : setAt(path, [...list, edit.key], editing);
    case 'put-item': {
      const index = list.findIndex((item) => saysAll(item, edit.fields));
      return setAt(path, index === -1 ? added(list, edit.value) : list.with(index, edit.value), editing);
    }
  }
}

const added = (list: readonly unknown[], item: unknown): readonly unknown[] =>
  list.some((other) => same(other, item)) ? list : [...list, item];

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

const pairOf = (map: YAMLMap, key: string): Pair | undefined =>
  map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);

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

type Change = readonly Splice[] | undefined | 'whole';

/** A value of the same shape changes only where it differs; any other is to be replaced as a whole. */
function setMember(node: unknown, value: unknown, { path, editing }: Spot): Change {
  const before = plainOf(node, editing);
  if (same(before, value)) return undefined;
  if (isMap(node) && isPlain(value) && Object.keys(value).length > 0 && node.items.length > 0)
    return setMap(openAt(path, node, editing), value, { path, editing });
  if (isSeq(node) && Array.isArray(before) && before.length > 0 && Array.isArray(value) && value.length > 0)
    return setList(openAt(path, node, editing), { before, value }, { path, editing });
  return 'whole';
}

type Lists = { readonly before: readonly unknown[]; readonly value: readonly unknown[] };

function setList(seq: YAMLSeq, { before, value }: Lists, { path, editing }: Spot): Change {
  const other = before.findIndex((item, at) => !same(item, value[at]));
  const spot = { path: [...path, String(other)], editing };
  if (other !== -1 && before.length === value.length) {
    const inside = setMember(seq.items[other], value[other], spot);
    if (inside !== 'whole') return inside;
  }
  const gone = before.findIndex((item) => !value.some((one) => same(item, one)));
  if (gone !== -1 && before.length > 1) return deleteAt([...path, String(gone)], editing);
  return other === -1 ? insertItem(editing.page, seq, value[before.length]) : 'whole';
}

function setMap(
  map: YAMLMap,
  value: { readonly [key: string]: unknown },
  { path, editing }: Spot,
): readonly Splice[] | undefined {
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
  const index = isSeq(parent)
    ? Number(key)
    : parent.items.findIndex((pair) => isScalar(pair.key) && String(pair.key.value) === key);
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
