import { withoutTokens } from '../lib/token-shapes.ts';

const secretName = /secret|token|passw|pwd|api[-_]?key|credential|authorization|bearer|private[-_]?key|cookie|session/i;
const longHex = /\b[0-9a-f]{32,}\b/gi;
const mark = '(secret)';

const longestText = 200;
const longestList = 20;
const deepest = 5;

/**
 * A tool's arguments as a log may show them: what stands under a telling name, or looks like a secret, is blotted
 * out, and so are `keys`; long texts, long lists and deep objects are cut.
 */
export function redacted(value: unknown, keys: readonly string[], depth = 0): unknown {
  if (typeof value === 'string') return clean(value, keys);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === deepest) return '…';
  if (Array.isArray(value)) {
    const some = value.slice(0, longestList).map((each) => redacted(each, keys, depth + 1));
    return value.length > longestList ? [...some, `… ${value.length - longestList} more`] : some;
  }
  const entries = Object.entries(value);
  const some = entries
    .slice(0, longestList)
    .map(([name, each]) => [clean(name, keys), secretName.test(name) ? mark : redacted(each, keys, depth + 1)]);
  return Object.fromEntries(entries.length > longestList ? [...some, ['…', `${entries.length - longestList} more`]] : some);
}

/** Cleaned before it is cut: the half of a secret is no longer told by its looks. */
function clean(text: string, keys: readonly string[]): string {
  // Of a very long text only what can show is looked at, and a margin for what begins in it.
  const near = text.slice(0, 20 * longestText);
  const without = keys.reduce((rest, key) => rest.replaceAll(key, mark), near);
  const cleaned = withoutTokens(without).replaceAll(longHex, mark);
  return text.length > near.length || cleaned.length > longestText ? `${cleaned.slice(0, longestText)}…` : cleaned;
}
