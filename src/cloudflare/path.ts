import { UserError } from '../lib/errors.ts';

/**
 * A path from its parts, each encoded: `pathOf('zones', id, 'dns_records')`. An empty part is refused,
 * because `…/apps/` with an empty id means the whole collection; so is one that is no text, as an id that
 * an answer left out: it would become the word `undefined`.
 */
export function pathOf(...parts: readonly string[]): string {
  return parts.map((part) => `/${encodeURIComponent(checked(part, parts))}`).join('');
}

function checked(part: unknown, parts: readonly unknown[]): string {
  if (typeof part === 'string' && part !== '' && part !== '.' && part !== '..') return part;
  const shown = parts.map((each) => (typeof each === 'string' && each !== '' ? each : '(empty)')).join('/');
  throw new UserError(`An id is missing in the API path /${shown}.`, {
    hint: 'Check the account id and the ids on the command line: one of them is empty.',
  });
}

/** Refuses a ready-made path with an empty part, and gives it back. */
export function checkedPath(path: string): string {
  const parts = withoutQuery(path).split('/');
  if (parts[0] !== '') throw new Error(`an API path starts with a slash: ${path}`);
  for (const part of parts.slice(1)) checked(part, parts.slice(1));
  return path;
}

/** The path as messages and logs show it: a query may carry values that nobody should read. */
export const withoutQuery = (path: string): string => path.split('?', 1)[0] ?? '';
