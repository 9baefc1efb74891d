import type { Place } from '../engine/kind.ts';
import { isHiddenKey } from '../lib/secretive.ts';

/** One text that the document is made of. `name` is what messages call it: its path as given. */
export type Source = { readonly name: string; readonly text: string };

/** A position in a source, as an offset: line and column are worked out only when asked for. */
export type Spot = { readonly source: Source; readonly offset: number };

const lineStarts = new WeakMap<Source, readonly number[]>();

/** Line and column (from 1, column in UTF-16 units as editors count) of a spot. */
export function placeOf(spot: Spot, path: readonly PropertyKey[]): Place {
  const starts = startsOf(spot.source);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= spot.offset) low = middle;
    else high = middle - 1;
  }
  const column = spot.offset - (starts[low] ?? 0) + 1;
  return { file: spot.source.name, line: low + 1, column, path: pathText(path) };
}

function startsOf(source: Source): readonly number[] {
  const known = lineStarts.get(source);
  if (known !== undefined) return known;
  const starts = [0];
  for (let at = source.text.indexOf('\n'); at !== -1; at = source.text.indexOf('\n', at + 1)) starts.push(at + 1);
  lineStarts.set(source, starts);
  return starts;
}

/**
 * A YAML path as people read it: `servers.github.tools["a.b"]`, `policies.people.include[0]`. A key
 * that may be a secret itself is not shown.
 */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part, index) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const word = isHiddenKey(path.slice(0, index + 1)) ? '…' : String(part);
    if (word === '' || /[.[\]"\s]/.test(word)) return `${text}[${JSON.stringify(word)}]`;
    return text === '' ? word : `${text}.${word}`;
  }, '');
}

/** Takes the byte order mark off, so that offsets count from the first character that people see. */
export const withoutMark = (source: Source): Source =>
  source.text.startsWith('\uFEFF') ? { name: source.name, text: source.text.slice(1) } : source;
