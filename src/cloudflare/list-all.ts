import { ApiError } from '../lib/errors.ts';
import { isFields, type Envelope, type ResultInfo } from './envelope.ts';
import { withoutQuery } from './path.ts';

const maxPages = 1000;

/** Fetches one page; pages count from 1. */
export type FetchPage = (page: number) => Promise<Envelope | undefined>;
export type Listing = {
  readonly path: string;
  readonly perPage: number;
  readonly fetchPage: FetchPage;
  /** Asked for by name: some endpoints then still count everything, and a short page is all there is. */
  readonly filtered?: boolean;
};

/**
 * All items of a listing, in order. The first page says how many there are, so the others are fetched
 * at once; without totals it goes on page by page. Throws an `ApiError` when items are missing.
 */
export async function listAll(listing: Listing): Promise<readonly unknown[]> {
  const first = await readOnce(listing);
  // What was added or removed between two pages shifts the rest: one more reading tells.
  const { items, total } = first.items.length < first.total ? await readOnce(listing) : first;
  if (items.length >= total) return items;
  throw new ApiError(`Cloudflare listed ${items.length} of ${total} objects. [GET ${withoutQuery(listing.path)}]`, {
    code: 'incomplete_listing',
    hint: 'Nothing was decided from an incomplete list. Try again when nobody else changes the account.',
    request: { method: 'GET', path: withoutQuery(listing.path) },
  });
}

const noInfo: ResultInfo = { perPage: undefined, totalCount: undefined, totalPages: undefined };

/** `total` is 0 where Cloudflare did not say. */
type Reading = { readonly items: readonly unknown[]; readonly total: number };

async function readOnce(listing: Listing): Promise<Reading> {
  const { path, fetchPage } = listing;
  const envelope = await fetchPage(1);
  const first = rowsOf(envelope, path);
  const { totalCount, totalPages, perPage } = envelope?.info ?? noInfo;
  // A total below what the first page holds is none: some endpoints send zeros.
  const total = totalCount !== undefined && totalCount >= first.length ? totalCount : undefined;
  if (listing.filtered === true && first.length < listing.perPage) return { items: first, total: 0 };
  if (total === first.length) return { items: first, total };
  // A first page that is not all there is, is full: an endpoint may cap `per_page` without a word.
  const size = first.length > 0 ? first.length : perPage || listing.perPage;
  const counted = total === undefined ? undefined : Math.max(totalPages ?? 0, Math.ceil(total / size));
  const pages = counted ?? (totalPages || undefined);
  if (pages === undefined) return { items: await readOn({ listing, size: perPage || listing.perPage, read: [first] }), total: 0 };
  const rest = await Promise.all(numbers(2, checkedPages(pages, path)).map(async (page) => rowsOf(await fetchPage(page), path)));
  return { items: distinct([first, ...rest].flat()), total: total ?? 0 };
}

type Pages = { readonly listing: Listing; readonly size: number; readonly read: readonly (readonly unknown[])[] };

/** Page by page, to a short page or to one that was there before: some endpoints ignore `page`. */
async function readOn({ listing, size, read }: Pages): Promise<readonly unknown[]> {
  const { path, fetchPage } = listing;
  if (isLast(read, size)) return distinct(read.flat());
  const rows = rowsOf(await fetchPage(checkedPages(read.length + 1, path)), path);
  const start = identityOf(rows[0]);
  if (rows.length > 0 && read.some(([first]) => identityOf(first) === start)) return distinct(read.flat());
  return await readOn({ listing, size, read: [...read, rows] });
}

/** Where nothing is counted, a page may also be full at one of the usual caps. */
const usualCaps: ReadonlySet<number> = new Set([20, 25, 50, 100, 200, 500]);

function isLast(read: Pages['read'], size: number): boolean {
  const first = read[0]?.length ?? 0;
  const last = read.at(-1)?.length ?? 0;
  return last === 0 || last < first || (first < size && !usualCaps.has(first));
}

/** An empty listing may be `null`. */
function rowsOf(envelope: Envelope | undefined, path: string): readonly unknown[] {
  const result = envelope?.result;
  if (Array.isArray(result)) return result;
  if (result === null || result === undefined) return [];
  throw new ApiError(`Cloudflare answered with one object where a list was expected. [GET ${withoutQuery(path)}]`, {
    request: { method: 'GET', path: withoutQuery(path) },
  });
}

function checkedPages(pages: number, path: string): number {
  if (pages <= maxPages) return pages;
  throw new ApiError(`The listing has more than ${maxPages} pages. [GET ${withoutQuery(path)}]`, {
    request: { method: 'GET', path: withoutQuery(path) },
  });
}

const numbers = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);

const identityOf = (item: unknown): string =>
  isFields(item) && typeof item['id'] === 'string' ? item['id'] : (JSON.stringify(item) ?? '');

/** Without the items that came twice because the pages shifted. */
function distinct(items: readonly unknown[]): readonly unknown[] {
  return [...new Map(items.map((item) => [identityOf(item), item])).values()];
}
