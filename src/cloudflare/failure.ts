import { APIConnectionTimeoutError, APIError, APIUserAbortError } from 'cloudflare/core/error';
import { envelopeOf, isFields, type ApiMessage, type Envelope } from './envelope.ts';

/** Why one attempt did not succeed. */
export type Failure = {
  /**
   * - `connection`: no whole answer: refused, reset, cut off
   * - `timeout`: no whole answer in time
   * - `unreadable`: an answer with a good status that is not the API's JSON
   * - `refused`: a status that says no, or `success: false`
   * - `cancelled`: cut off by Ctrl-C
   */
  readonly what: 'connection' | 'timeout' | 'unreadable' | 'refused' | 'cancelled';
  readonly status: number | undefined;
  readonly errors: readonly ApiMessage[];
  readonly html: boolean;
  readonly retryAfterMs: number | undefined;
  /** The firewall in front of the API answered, not the API. */
  readonly mitigated: boolean;
  readonly ray: string | undefined;
  /** The system's word for what went wrong with the connection: `ECONNREFUSED`. */
  readonly cause: string | undefined;
};

/** The code of an error for an answer whose body broke off. */
export const cutOffCode = 'ANSWER_CUT_OFF';

type HeaderSource = { get(name: string): string | null };

const nothing: Failure = {
  what: 'connection',
  status: undefined,
  errors: [],
  html: false,
  retryAfterMs: undefined,
  mitigated: false,
  ray: undefined,
  cause: undefined,
};

/** A failure from whatever the SDK threw. A bug of ours is thrown again. */
export function failureOf(error: unknown): Failure {
  if (error instanceof APIUserAbortError) return { ...nothing, what: 'cancelled' };
  if (error instanceof APIConnectionTimeoutError) return { ...nothing, what: 'timeout' };
  if (!(error instanceof APIError)) throw error;
  if (error.status === undefined || error.headers === undefined) return { ...nothing, cause: systemCode(error.cause) };
  return refusal({ status: error.status, headers: error.headers, envelope: envelopeOf(error.error) });
}

export const refusal = (answer: {
  readonly status: number;
  readonly headers: HeaderSource;
  readonly envelope: Envelope | undefined;
}): Failure => ({ ...heard(answer), what: 'refused', errors: answer.envelope?.errors ?? [] });

export const unreadable = (answer: { readonly status: number; readonly headers: HeaderSource }): Failure => ({
  ...heard(answer),
  what: 'unreadable',
});

const heard = ({ status, headers }: { readonly status: number; readonly headers: HeaderSource }): Failure => ({
  ...nothing,
  status,
  html: headers.get('content-type')?.includes('text/html') === true,
  retryAfterMs: retryAfter(headers.get('retry-after')),
  mitigated: headers.get('cf-mitigated') !== null,
  ray: headers.get('cf-ray') ?? undefined,
});

/** `Retry-After` is a number of seconds or a date. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

function systemCode(error: unknown): string | undefined {
  if (!isFields(error)) return undefined;
  const { code, cause, message } = error;
  if (typeof code === 'string') return code;
  return systemCode(cause) ?? (typeof message === 'string' ? message : undefined);
}

/** The request never reached Cloudflare, so sending it again cannot do anything twice. */
export const neverSent = (failure: Failure): boolean =>
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)$/.test(failure.cause ?? '');

/** A certificate that is not trusted, or a port that does not speak TLS: no attempt will do better. */
export const untrusted = (failure: Failure): boolean =>
  /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO|HOSTNAME_MISMATCH/.test(failure.cause ?? '');
