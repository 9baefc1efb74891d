import { randomBytes } from 'node:crypto';
import type { Json } from './json.ts';
import { invalid, type Refusal } from './refusal.ts';
import type { Answer, Call, ResultInfo } from './route.ts';

/** A successful answer. */
export const ok = (result: Json, status = 200): Answer => ({ status, result });

/** How an endpoint pages. `strict` endpoints refuse a page size over the maximum, the others cut it down. */
type Paging = {
  readonly max: number;
  readonly initial: number;
  readonly strict?: number;
  /** Pages past the end give the last page again, as `GET /accounts` does. */
  readonly clampsPage?: true;
};
export const pagings = {
  mcp: { max: 100, initial: 20, strict: 7001 },
  access: { max: 1000, initial: 25 },
  kv: { max: 1000, initial: 20, strict: 10001 },
  zones: { max: 50, initial: 20, strict: 1004 },
  dns: { max: 5000, initial: 100 },
  accounts: { max: 50, initial: 20, clampsPage: true },
} as const satisfies Record<string, Paging>;

/** One page of rows; only the rows of that page are turned into their answer. */
export const listed = <R>(call: Call, rows: readonly R[], options: { paging: Paging; view: (row: R) => Json }): Answer => {
  const info = pageOf(call.query, rows.length, options.paging);
  const start = (info.page - 1) * info.per_page;
  const shown = rows.slice(start, start + info.per_page);
  return { status: 200, result: shown.map(options.view), info: { ...info, count: shown.length } };
};

const pageOf = (query: URLSearchParams, total: number, paging: Paging): ResultInfo => {
  const asked = wholeNumber(query, 'per_page', paging) ?? paging.initial;
  if (asked > paging.max && paging.strict !== undefined) {
    throw invalid(paging.strict, `per_page must be between 1 and ${paging.max}`);
  }
  const perPage = Math.min(asked, paging.max);
  const pages = Math.ceil(total / perPage);
  const page = wholeNumber(query, 'page', paging) ?? 1;
  return {
    page: paging.clampsPage ? Math.min(page, Math.max(pages, 1)) : page,
    per_page: perPage,
    count: 0,
    total_count: total,
    total_pages: pages,
  };
};

const wholeNumber = (query: URLSearchParams, name: string, { strict = 1004 }: Paging): number | undefined => {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw invalid(strict, `${name} must be a positive number`);
  return value;
};

/** The envelope around a successful answer. */
export const successResponse = (answer: Answer): Response => {
  if (answer instanceof Response) return answer;
  const { result, info, messages = [] } = answer;
  const envelope = { result, success: true, errors: [], messages, ...(info === undefined ? {} : { result_info: info }) };
  return jsonResponse(envelope, answer.status);
};

/** The envelope around an error. */
export const refusalResponse = (refusal: Refusal): Response => {
  const chain = refusal.chain.length === 0 ? {} : { error_chain: refusal.chain };
  const errors = [{ code: refusal.code, message: refusal.message, ...chain }];
  return jsonResponse({ success: false, errors, messages: [], result: null }, refusal.status);
};

const jsonResponse = (value: unknown, status: number): Response =>
  new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json' } });

/** The response with the ray id that every answer of Cloudflare carries, and more headers. */
export const withRay = (response: Response, more: Readonly<Record<string, string>> = {}): Response => {
  // The response of a broken connection has no headers.
  if (response.type === 'error') return response;
  response.headers.set('cf-ray', `${randomBytes(8).toString('hex')}-FRA`);
  for (const [name, value] of Object.entries(more)) response.headers.set(name, value);
  return response;
};
