import { ApiError } from '../lib/errors.ts';
import { isFields } from './envelope.ts';
import { withoutQuery } from './path.ts';

type Needs = { readonly path: RegExp; readonly id: boolean };

/** Where a name tells which object is which. Tags alone have no id: their name is their key. */
const named: readonly Needs[] = [
  { path: /\/access\/tags$/, id: false },
  { path: /\/access\/(policies|groups|service_tokens)$/, id: true },
  { path: /^\/zones(\/[^/]+\/dns_records)?$/, id: true },
  { path: /\/cfd_tunnel$/, id: true },
];

/**
 * Gives back what a listing holds, once every item has what it is known by: changes and deletions are
 * decided from lists. Throws an `ApiError` that says which item has no id or no name.
 */
export function checkedItems(listPath: string, items: readonly unknown[]): readonly unknown[] {
  const path = withoutQuery(listPath);
  const needs = named.find((each) => each.path.test(path));
  const members = [...(needs?.id === false ? [] : ['id']), ...(needs === undefined ? [] : ['name'])];
  for (const [index, item] of items.entries()) {
    const missing = members.find((member) => !hasText(item, member));
    if (missing === undefined) continue;
    const where = `(number ${index + 1} of ${items.length}). [GET ${path}]`;
    throw new ApiError(`Cloudflare listed an object without ${missing === 'id' ? 'an id' : 'a name'} ${where}`, {
      hint: 'Nothing was decided from such a list. Try again; if it stays, tell Cloudflare.',
      request: { method: 'GET', path },
    });
  }
  return items;
}

const hasText = (item: unknown, member: string): boolean =>
  isFields(item) && typeof item[member] === 'string' && item[member] !== '';
