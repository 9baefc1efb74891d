import { Secret } from '../secrets/secret.ts';

export type Plain = { readonly [key: string]: unknown };

/** An object that is compared key by key: not a list, not a `Secret`. */
export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Secret);
}

/** A member that the value itself has: `toString` is a member of no object, and a fine name for a tool. */
export const memberOf = (value: unknown, key: string): unknown =>
  isPlain(value) && Object.hasOwn(value, key) ? value[key] : undefined;

/** A path one step longer. */
export const joined = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** Absent, null, "", [] and {} all say "nothing" to the API: Cloudflare gives back any of them for any other. */
export function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isPlain(value) && Object.keys(value).length === 0;
}

/** A secret, or an object whose every leaf is one (headers by name). */
export function isSecretTree(value: unknown): boolean {
  if (value instanceof Secret) return true;
  if (!isPlain(value)) return false;
  const leaves = Object.values(value);
  return leaves.length > 0 && leaves.every(isSecretTree);
}

/** JSON with sorted keys: equal values have equal text. A `Secret` is `"(secret)"`. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isPlain(value)) return JSON.stringify(value ?? null);
  const parts = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`);
  return `{${parts.join(',')}}`;
}

/** A value as a plan may hold it: no `Secret`s, `null` for nothing. */
export function toPlain(value: unknown): unknown {
  if (value instanceof Secret) return '(secret)';
  if (Array.isArray(value)) return value.map(toPlain);
  if (!isPlain(value)) return value ?? null;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([key, field]) => [key, toPlain(field)]),
  );
}
