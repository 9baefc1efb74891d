import { neutral } from '../render/value.ts';
import type { Change } from './change.ts';
import type { Json } from './client.ts';

/** The changes of a file, for a person: `+` comes, `~` changes, `-` goes. What goes is never shown: it may be a secret. */
export function changesText(file: string, changes: readonly Change[], isNew: boolean): string {
  return [`${neutral(file)}${isNew ? ' (a new file)' : ''}`, ...changes.flatMap(changeLines)].join('\n');
}

function changeLines(change: Change): readonly string[] {
  const path = change.path.map(neutral).join('.');
  if (change.op === 'remove') return [`  - ${path}`];
  const sign = change.op === 'set' && change.replaces === true ? '~' : '+';
  const was = change.op === 'set' && change.was !== undefined ? `${neutral(change.was)} → ` : '';
  return leaves(change.value, path).map(([at, text]) => `  ${sign} ${at}: ${was}${text}`);
}

/** The values of a map, each with its path. */
function leaves(value: Json, path: string): readonly (readonly [path: string, text: string])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, inner]: readonly [string, Json]) => leaves(inner, `${path}.${key}`));
}
