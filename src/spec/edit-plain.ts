import type { Edit } from './edit.ts';

type Plain = { readonly [key: string]: unknown };
type Fields = Readonly<Record<string, unknown>>;

/** The value that a document has after an edit: what the edited text has to say. */
export function plainEdited(value: unknown, edit: Edit): unknown {
  return at(value, edit.path, (old) => changed(old, edit));
}

const nothing = Symbol('nothing');

function changed(old: unknown, edit: Edit): unknown {
  switch (edit.op) {
    case 'set':
      return edit.value;
    case 'remove':
      return nothing;
    case 'add':
      if (isPlain(old)) return { [edit.key]: {}, ...old };
      return Array.isArray(old) ? [...new Set([...old, edit.key])] : [edit.key];
    case 'drop':
      if (Array.isArray(old)) return old.filter((member) => member !== edit.key);
      return isPlain(old) ? without(old, edit.key) : (old ?? nothing);
    case 'put-item':
      return put(old, edit);
    case 'drop-items':
      return Array.isArray(old) ? old.filter((item) => !saysAll(item, edit.fields)) : (old ?? nothing);
  }
}

/** `value` with what `change` makes of the value at a path; ways to it are made only where they are needed. */
function at(value: unknown, path: readonly string[], change: (old: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  const here = isPlain(value) ? value : {};
  const inner = at(here[key], rest, change);
  if (inner !== nothing) return { ...here, [key]: inner };
  if (!isPlain(value)) return value ?? nothing;
  return Object.hasOwn(here, key) ? (rest.length === 0 ? without(here, key) : value) : value;
}

function put(old: unknown, { fields, value }: { readonly fields: Fields; readonly value: unknown }): unknown {
  const items: readonly unknown[] = Array.isArray(old) ? old : [];
  const index = items.findIndex((item) => saysAll(item, fields));
  return index === -1 ? [...items, value] : items.with(index, value);
}

/** Whether an item of a list says all of these fields. */
export const saysAll = (item: unknown, fields: Fields): boolean =>
  isPlain(item) && Object.entries(fields).every(([key, value]) => item[key] === value);

export const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);

const without = (map: Plain, key: string): Plain => Object.fromEntries(Object.entries(map).filter(([name]) => name !== key));
