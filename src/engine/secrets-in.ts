import { Secret } from '../secrets/secret.ts';
import type { State } from './kind.ts';
import type { Work } from './work.ts';
import { isPlain } from './values.ts';

/** A work that sends secrets: all of them when it makes its object, else only where they changed. */
export const sendsSecrets = (work: Work): boolean =>
  work.action === 'create' || work.action === 'replace' || work.fields.some((field) => field.sensitive);

/** The references of a state whose values have not been read yet. */
export function unreadIn(value: unknown): readonly Secret[] {
  if (value instanceof Secret) return value.known || value === Secret.held ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(unreadIn);
  return isPlain(value) ? Object.values(value).flatMap(unreadIn) : [];
}

/** The state with the secrets that were read in the place of their references. */
export function withSecrets(state: State, values: ReadonlyMap<string, Secret>): State {
  return Object.fromEntries(Object.entries(state).map(([key, value]) => [key, filled(value, values)]));
}

function filled(value: unknown, values: ReadonlyMap<string, Secret>): unknown {
  if (value instanceof Secret) return values.get(value.source) ?? value;
  if (Array.isArray(value)) return value.map((item) => filled(item, values));
  return isPlain(value) ? withSecrets(value, values) : value;
}
