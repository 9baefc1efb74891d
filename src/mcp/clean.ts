import { withoutTokens } from '../lib/token-shapes.ts';

/** How long a text that others wrote may be, unless it is one that was asked for as a whole. */
const longest = 2_000;
const longestWhole = 200_000;
const whole: ReadonlySet<string> = new Set(['document', 'diff', 'config', 'command', 'preview']);
const longestList = 500;
const deepest = 24;

/**
 * Text that people, Cloudflare or upstream servers wrote, as a result may hold it: without control characters, marks
 * that turn or hide text, and what looks like a secret, and not longer than `limit`.
 */
export function cleanText(text: string, limit = longest): string {
  const near = text.length > 2 * limit ? text.slice(0, 2 * limit) : text;
  const plain = withoutTokens(near.replace(/(?![\n\t\u200C\u200D])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, ''));
  return text.length > near.length || plain.length > limit
    ? `${plain.slice(0, limit)}… (${text.length - limit} more characters)`
    : plain;
}

/** A whole result made clean: every text and every name in it. */
export function cleaned(value: unknown, limit = longest, depth = 0): unknown {
  if (typeof value === 'string') return cleanText(value, limit);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepest) return '…';
  if (Array.isArray(value)) return value.slice(0, longestList).map((each: unknown) => cleaned(each, limit, depth + 1));
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(
    entries.map(([key, each]) => [cleanText(key, 200), cleaned(each, whole.has(key) ? longestWhole : limit, depth + 1)]),
  );
}
