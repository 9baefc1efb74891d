import type { Json } from './json.ts';

/** An error that the API answers: a status and one entry of the envelope's `errors`. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;
  /** More precise errors below this one. */
  readonly chain: readonly Json[] = [];

  constructor(status: number, code: number, message: string) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
  }
}

/** A request that is understood and not valid. Codes are per product: 7001 for MCP, 12130 for Access, 1004 for DNS. */
export const invalid = (code: number, message: string): Refusal => new Refusal(400, code, message);

/** What is not there. */
export const missing = (code: number, message: string): Refusal => new Refusal(404, code, message);

/** What clashes with something else in the account. */
export const conflict = (code: number, message: string): Refusal => new Refusal(409, code, message);

/** A path that leads nowhere: Cloudflare takes the id for the culprit. */
export const unroutable = (path: string): Refusal =>
  missing(7003, `Could not route to ${path}, perhaps your object identifier is invalid?`);
