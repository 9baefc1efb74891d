import { withoutTokens } from '../lib/token-shapes.ts';

/**
 * Text from a document or from Cloudflare, harmless in a terminal and in one line: control
 * characters, direction marks and invisible ones show as `\u001b`. Joiners stay, emoji need them.
 */
export function neutral(text: string): string {
  // Nearly all text is this, and the look-up of character classes takes long.
  if (harmless.test(text)) return text;
  return text.replace(/(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, escaped);
}

const harmless = /^[ -~]*$/;

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string): string {
  const units = character.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return escapes[character] ?? units.join('');
}

/** What a plan puts in the place of a value. */
const placeholders = new Set(['(secret)', '(known after apply)']);
const words = /^[\p{L}\p{N}_./@*+][\p{L}\p{M}\p{N}_./@*+:=&%~?!'\u2019 -]*$/u;
const looksOther = /^(?:null|true|false|[-+]?[\d.]+(?:e[-+]?\d+)?)$|: | #| $/i;

/** A value in one line: JSON, with strings bare where that cannot be misread, and nothing as `(none)`. */
export function renderValue(value: unknown): string {
  return value === undefined || value === null ? '(none)' : compact(value);
}

function compact(value: unknown): string {
  if (typeof value === 'string') return renderString(value);
  if (Array.isArray(value)) return `[${value.map(compact).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  if ('toJSON' in value && typeof value.toJSON === 'function') return compact(value.toJSON());
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return fields.length === 0 ? '{}' : `{ ${fields.map(([key, field]) => `${renderString(key)}: ${compact(field)}`).join(', ')} }`;
}

function renderString(given: string): string {
  // A secret in clear, in a description say: the document warns of it, and a plan does not spread it.
  const text = withoutTokens(given);
  if (placeholders.has(text) || (words.test(text) && !looksOther.test(text))) return neutral(text);
  return neutral(JSON.stringify(text));
}

/** Two values side by side, each at most `limit` long; the cut leaves the first difference in sight. */
export function renderPair(before: unknown, after: unknown, limit: number): readonly [string, string] {
  const [left, right] = [Array.from(renderValue(before)), Array.from(renderValue(after))];
  let same = 0;
  while (same < left.length && left[same] === right[same]) same++;
  const longest = Math.max(left.length, right.length);
  const start = longest <= limit || same < limit / 2 ? 0 : same - Math.floor(limit / 4);
  return [cut(left, start, limit), cut(right, start, limit)];
}

export function renderCut(value: unknown, limit: number): string {
  return cut(Array.from(renderValue(value)), 0, limit);
}

/** `text` by characters, so that none is split. */
function cut(text: readonly string[], start: number, limit: number): string {
  if (start === 0 && text.length <= limit) return text.join('');
  const shown = text.slice(start, start + limit).join('');
  const more = text.length - start - limit;
  return `${start > 0 ? '…' : ''}${shown}${more > 0 ? `… (${more} more characters)` : ''}`;
}

/** A value for JSON, without the secrets that stand in it in clear. */
export function plainValue(value: unknown): unknown {
  if (typeof value === 'string') return withoutTokens(value);
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(inner)]));
}
