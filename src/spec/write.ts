import { stringify } from 'yaml';

/** A document's text. `${` in a value is doubled, so that reading it gives the value back. */
export function documentText(value: object): string {
  return stringify(escaped(value), { lineWidth: 120, aliasDuplicateObjects: false });
}

/** `${` in every text of a value doubled. */
export function escaped(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('${', () => '$${');
  if (Array.isArray(value)) return value.map(escaped);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, escaped(inner)]));
}
