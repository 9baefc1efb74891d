import { isMap, type YAMLMap, type YAMLSeq } from 'yaml';
import { endOf, lineEnd, lineStart, startOf, type Lines, type Splice } from './edit-splice.ts';

type Flow = YAMLMap | YAMLSeq;

/** One more item at the end of `{ … }` or `[ … ]`, in its own line where the others have theirs. */
export function flowInsert({ text, newline }: Lines, flow: Flow, item: string): readonly Splice[] {
  const close = endOf(flow) - 1;
  const last = flow.items.at(-1);
  if (last === undefined) return [firstItem(text, flow, item)];
  const end = endOf(last);
  const comma = commaAfter(text, end, close);
  const start = lineStart(text, startOf(last));
  const indent = text.slice(start, startOf(last));
  const next = lineEnd(text, comma ?? end);
  if (indent.trim() !== '' || start <= startOf(flow) || close < next) {
    return [
      comma === undefined ? { start: end, end, text: `, ${item}` } : { start: comma + 1, end: comma + 1, text: ` ${item}` },
    ];
  }
  const line = { start: next, end: next, text: `${indent}${item}${comma === undefined ? '' : ','}${newline}` };
  return comma === undefined ? [{ start: end, end, text: ',' }, line] : [line];
}

function firstItem(text: string, flow: Flow, item: string): Splice {
  const [open, close] = [startOf(flow) + 1, endOf(flow) - 1];
  const padded = isMap(flow) ? ` ${item} ` : item;
  if (text.slice(open, close).trim() === '') return { start: open, end: close, text: padded };
  // A comment stands inside.
  return { start: open, end: open, text: `${padded.trimEnd()} ` };
}

/** The comma between two offsets, where one stands outside of comments. */
function commaAfter(text: string, from: number, to: number): number | undefined {
  for (let at = from; at < to; at += 1) {
    if (text[at] === ',') return at;
    if (text[at] === '#') at = lineEnd(text, at) - 1;
  }
  return undefined;
}

/** Without one item, and without its line where it has one of its own. */
export function flowDelete({ text }: Lines, flow: Flow, index: number): readonly Splice[] {
  const [before, item, after] = [flow.items[index - 1], flow.items[index], flow.items[index + 1]];
  if (before === undefined && after === undefined)
    return [{ start: startOf(flow), end: endOf(flow), text: isMap(flow) ? '{}' : '[]' }];
  const [start, end] = [startOf(item), endOf(item)];
  const [first, next] = [lineStart(text, start), lineEnd(text, end)];
  const isAlone = text.slice(first, start).trim() === '' && /^\s*,?\s*(#.*)?\s*$/.test(text.slice(end, next));
  if (isAlone) return [{ start: first, end: next, text: '' }];
  if (after !== undefined) return [{ start, end: startOf(after), text: '' }];
  return [{ start: endOf(before), end, text: '' }];
}
