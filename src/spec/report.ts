import type { Finding, Place } from '../engine/kind.ts';
import { holdsToken } from '../lib/token-shapes.ts';
import type { DocumentCode } from './codes.ts';

/** What every error of this folder looks like. */
export function problem(code: DocumentCode, message: string, at: { place: Place; hint?: string | undefined }): Finding {
  return { severity: 'error', code, message, place: at.place, hint: at.hint };
}

export const quoted = (word: string): string => JSON.stringify(word);

/** `a`, `a or b`, `a, b or c`. */
export function alternatives(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

/** What a value is called in a message. Strings are shown, so that a misread `yes` or `1.0` is noticed. */
export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return value === '' ? 'an empty string' : stringText(value);
  return `the ${typeof value} ${typeof value === 'bigint' ? value.toString() : JSON.stringify(value)}`;
}

/** The same where the value may be a secret. */
export const describeType = (value: unknown): string =>
  typeof value === 'string' && value !== ''
    ? 'a string'
    : typeof value === 'number' || typeof value === 'boolean'
      ? `a ${typeof value}`
      : describe(value);

/** A secret may be pasted anywhere: one that can be told by its looks is not shown, not even its beginning. */
const stringText = (text: string): string => (holdsToken(text) ? 'a string' : `the string ${shortened(text)}`);

const shortened = (text: string): string => quoted(text.length > 40 ? `${text.slice(0, 39)}…` : text);
