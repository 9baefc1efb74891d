import { ApiError } from '../lib/errors.ts';
import { isFields } from './envelope.ts';
import { withoutQuery } from './path.ts';

type Needs = { readonly path: RegExp; readonly members: readonly string[] };

/** What tells which object is which, beside the id. Tags alone have no id: their name is their key. */
const needed: readonly Needs[] = [
  { path: /\/access\/tags$/, members: ['name'] },
  { path: /\/access\/(policies|groups|service_tokens)$/, members: ['id', 'name'] },
  { path: /\/mcp\/(portals|servers)$/, members: ['id', 'hostname'] },
  { path: /^\/zones$/, members: ['id', 'name'] },
  { path: /^\/zones\/[^/]+\/dns_records$/, members: ['id', 'name', 'type'] },
  { path: /\/cfd_tunnel$/, members: ['id', 'name'] },
];

/** Members that may be missing, and are text where they are there. */
const texts: readonly Needs[] = [{ path: /\/dns_records$/, members: ['content'] }];

/**
 * Gives back what a listing holds, once every item has what it is known by: changes and deletions are
 * decided from lists. Throws an `ApiError` that says which item lacks what.
 */
export function checkedItems(listPath: string, items: readonly unknown[]): readonly unknown[] {
  const path = withoutQuery(listPath);
  const members = needed.find((each) => each.path.test(path))?.members ?? ['id'];
  const optional = texts.find((each) => each.path.test(path))?.members ?? [];
  for (const [index, item] of items.entries()) {
    const missing = members.find((member) => !hasText(item, member)) ?? optional.find((member) => isOdd(item, member));
    if (missing === undefined) continue;
    const where = `(number ${index + 1} of ${items.length}). [GET ${path}]`;
    throw new ApiError(`Cloudflare listed an object without ${missing === 'id' ? 'an id' : `a ${missing}`} ${where}`, {
      hint: 'Nothing was decided from such a list. Try again; if it stays, tell Cloudflare.',
      request: { method: 'GET', path },
    });
  }
  return items;
}

const hasText = (item: unknown, member: string): boolean =>
  isFields(item) && typeof item[member] === 'string' && item[member] !== '';

const isOdd = (item: unknown, member: string): boolean =>
  isFields(item) && item[member] !== undefined && typeof item[member] !== 'string';
