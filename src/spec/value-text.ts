import { stringify } from 'yaml';
import { isPlain } from './edit-plain.ts';

/** How values are written into a text. `json`: the text around is JSON. */
export type Writing = { readonly step: number; readonly json: boolean };

/** A value in one line, such as `{ url: https://host/mcp, access: { policies: [people] } }`. */
export function inline(value: unknown, json = false): string {
  if (json) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => inline(item)).join(', ')}]`;
  if (!isPlain(value)) return scalarText(value);
  const fields = Object.entries(value).map(([key, inner]) => `${scalarText(key)}: ${inline(inner)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

export const inlinePair = (key: string, value: unknown, json: boolean): string =>
  `${json ? JSON.stringify(key) : scalarText(key)}: ${inline(value, json)}`;

/** A scalar that reads back as itself in any place. Quotes are kept where `quote` is that of the text before. */
export function scalarText(value: unknown, quote?: 'single' | 'double'): string {
  if (typeof value === 'string') {
    if (/[\p{Cc}\u0085\u2028\u2029\uFEFF]/u.test(value) || quote === 'double') return JSON.stringify(value);
    if (quote === 'single') return `'${value.replaceAll("'", "''")}'`;
  }
  const text = stringify([value], { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false }).trim();
  return text.slice(1, -1).trim();
}

const widest = 100;

/**
 * `key: value` as lines of a block. The outer `open` levels are written over several lines, what is
 * below them only where one line would be too long.
 */
export function blockLines(
  key: string,
  value: unknown,
  options: { readonly column: number; readonly open: number; readonly step: number },
): readonly string[] {
  const { column, open, step } = options;
  const pad = ' '.repeat(column);
  const short = `${pad}${scalarText(key)}: ${inline(value)}`;
  const members = Array.isArray(value) ? value.length : isPlain(value) ? Object.keys(value).length : 0;
  if (members === 0 || (open <= 0 && short.length <= widest)) return [short];
  const inner = { column: column + step, open: open - 1, step };
  if (Array.isArray(value))
    return [`${pad}${scalarText(key)}:`, ...value.flatMap((item: unknown) => itemLines(item, { ...inner, open: 0 }))];
  return [
    `${pad}${scalarText(key)}:`,
    ...Object.entries(Object(value)).flatMap(([name, field]) => blockLines(name, field, inner)),
  ];
}

/** A list's item as lines of a block. */
export function itemLines(
  item: unknown,
  { column, open, step }: { readonly column: number; readonly open: number; readonly step: number },
): readonly string[] {
  const pad = ' '.repeat(column);
  if (open <= 0 || !isPlain(item) || Object.keys(item).length === 0) return [`${pad}- ${inline(item)}`];
  const lines = Object.entries(item).flatMap(([name, field]) =>
    blockLines(name, field, { column: column + 2, open: open - 1, step }),
  );
  return lines.map((line, at) => (at === 0 ? `${pad}- ${line.trimStart()}` : line));
}
