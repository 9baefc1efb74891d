import { isAlias, isMap, isScalar, parseDocument, visit, type Document } from 'yaml';
import { UsageError } from '../lib/errors.ts';
import { escaped } from './write.ts';
import { set, type Edit } from './edit.ts';
import type { Page } from './edit-block.ts';
import { changeOf } from './edit-node.ts';
import { isPlain, plainEdited } from './edit-plain.ts';
import { columnIn, columnOf, spliced, startOf } from './edit-splice.ts';

/**
 * A document's text with edits. Only the text of what is edited changes: comments, order, quotes, line
 * ends and blank lines stay. Throws a `UsageError` where the text shares a value that an edit would change.
 */
export function editedText(text: string, edits: readonly Edit[]): string {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const plain = edits.map(withEscapedValue);
  return mark + folded(plain, text.slice(mark.length)).reduce(carriedOut, text.slice(mark.length));
}

/** `${` in a value is doubled, so that reading it gives the value back. */
function withEscapedValue(edit: Edit): Edit {
  return edit.op === 'set' || edit.op === 'put-item' ? { ...edit, value: escaped(edit.value) } : edit;
}

/** The edits of an entry that is new are one: its text is written as a whole. */
function folded(edits: readonly Edit[], text: string): readonly Edit[] {
  const value: unknown = read(text).toJS();
  const isNew = ({ op, path }: Edit): boolean => op === 'set' && path.length > 2 && !hasPath(value, path.slice(0, 2));
  const entryOf = ({ path }: Edit): string => JSON.stringify(path.slice(0, 2));
  const entries = new Set(edits.filter(isNew).map(entryOf));
  const first = new Map([...entries].map((entry) => [entry, edits.findIndex((edit) => entryOf(edit) === entry)]));
  return edits.flatMap((edit, at) => {
    if (!entries.has(entryOf(edit)) || edit.op !== 'set') return [edit];
    if (first.get(entryOf(edit)) !== at) return [];
    const whole = edits.filter((other) => other.op === 'set' && entryOf(other) === entryOf(edit)).reduce(plainEdited, {});
    const [section = '', key = ''] = edit.path;
    const entry = isPlain(whole) && isPlain(whole[section]) ? whole[section][key] : undefined;
    return [set([section, key], entry)];
  });
}

const hasPath = (value: unknown, path: readonly string[]): boolean =>
  path.reduce<unknown>((inner, key) => (isPlain(inner) ? inner[key] : undefined), value) !== undefined;

const mostSteps = 1000;

/** One change of the text after the other, until it says what the edit wants. */
function carriedOut(text: string, edit: Edit): string {
  const wanted = plainEdited(read(text).toJS(), edit);
  let now = text;
  for (let step = 0; step < mostSteps; step += 1) {
    const document = read(now);
    const splices =
      document.errors.length > 0
        ? undefined
        : changeOf(edit, { document, page: pageOf(document, now), shared: anchorsIn(document) });
    if (splices === undefined) break;
    now = spliced(now, splices);
  }
  const result = read(now);
  // Whatever a text can look like: a wrong edit is never written.
  if (result.errors.length > 0 || canonical(result.toJS()) !== canonical(wanted)) {
    throw new UsageError(`${edit.path.slice(0, 2).join('.')} is written in a way that cannot be edited here`, {
      code: 'cannot_save',
      hint: 'change the file by hand, or leave --save out',
    });
  }
  return now;
}

const read = (text: string): Document.Parsed =>
  parseDocument(text, { keepSourceTokens: true, uniqueKeys: false, stringKeys: true, resolveKnownTags: false });

/** The names of anchors that an alias uses. */
function anchorsIn(document: Document): ReadonlySet<string> {
  const names = new Set<string>();
  visit(document, { Alias: (_key, alias) => void names.add(alias.source) });
  return names;
}

function pageOf({ contents }: Document.Parsed, text: string): Page {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const first = isMap(contents) && contents.flow === true ? contents.items[0]?.key : undefined;
  return { text, newline, step: stepIn(contents, text), json: isScalar(first) && first.type === 'QUOTE_DOUBLE' };
}

/** How far the document indents: as its first section does. */
function stepIn(contents: unknown, text: string): number {
  if (!isMap(contents)) return 2;
  const pair = contents.items.find(({ value }) => isMap(value) && value.flow !== true && value.items.length > 0);
  if (pair === undefined || !isMap(pair.value) || isAlias(pair.key)) return 2;
  return Math.max(1, columnIn(text, pair.value) - columnOf(text, startOf(pair.key)));
}

/** JSON with sorted keys: two values are equal when theirs is. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    isPlain(inner) ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
