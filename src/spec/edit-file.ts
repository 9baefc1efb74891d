import { isCollection, isMap, isScalar, isSeq, parseDocument, type Document } from 'yaml';
import type { Edit } from './edit.ts';

/** A document's text with edits; comments and the order of its entries stay. */
export function editedText(text: string, edits: readonly Edit[]): string {
  const document = parseDocument(text);
  for (const edit of edits) carryOut(document, edit);
  return document.toString({ lineWidth: 0 });
}

function carryOut(document: Document, edit: Edit): void {
  const { path } = edit;
  switch (edit.op) {
    case 'set':
      openWay(document, path);
      return document.setIn(path, document.createNode(edit.value));
    case 'remove':
      return void document.deleteIn(path);
    case 'put-item':
      return putItem(document, path, edit);
    case 'add':
      return addMember(document, path, edit.key);
    case 'drop':
      return dropMember(document, path, edit.key);
    case 'drop-items':
      return dropItems(document, path, edit.fields);
  }
}

function openWay(document: Document, path: readonly string[]): void {
  path.slice(0, -1).forEach((_, at) => {
    const above = path.slice(0, at + 1);
    if (!isCollection(document.getIn(above, true))) document.deleteIn(above);
  });
}

function addMember(document: Document, path: readonly string[], key: string): void {
  const members = document.getIn(path, true);
  if (isMap(members)) {
    if (!members.has(key)) members.set(key, document.createNode({}));
  } else if (isSeq(members)) {
    if (!members.items.some((item) => isScalar(item) && item.value === key)) members.add(key);
  } else document.setIn(path, document.createNode([key]));
}

function dropMember(document: Document, path: readonly string[], key: string): void {
  const members = document.getIn(path, true);
  if (isMap(members)) members.delete(key);
  if (isSeq(members)) members.items = members.items.filter((item) => !(isScalar(item) && item.value === key));
}

function putItem(document: Document, path: readonly string[], { fields, value }: Pick<Edit & { op: 'put-item' }, 'fields' | 'value'>): void {
  openWay(document, [...path, '0']);
  const items = document.getIn(path, true);
  const node = document.createNode(value);
  if (!isSeq(items)) return document.setIn(path, document.createNode([value]));
  const at = items.items.findIndex((item) => saysAll(item, fields));
  if (at === -1) items.add(node);
  else items.items[at] = node;
}

const saysAll = (item: unknown, fields: Readonly<Record<string, unknown>>): boolean =>
  isMap(item) && Object.entries(fields).every(([key, value]) => item.get(key) === value);

function dropItems(document: Document, path: readonly string[], fields: Readonly<Record<string, unknown>>): void {
  const items = document.getIn(path, true);
  if (!isSeq(items)) return;
  items.items = items.items.filter((item) => !saysAll(item, fields));
}
