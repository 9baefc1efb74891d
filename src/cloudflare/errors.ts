import { ApiError, AuthError, Cancelled, type RequestFacts, type UserError } from '../lib/errors.ts';
import { cutOffCode, type Failure } from './failure.ts';
import { mask } from './mask.ts';
import { withoutQuery } from './path.ts';
import { needsPortalEntitlement, permissionFor } from './permissions.ts';
import type { ApiRequest } from './request.ts';

/** What the sentence is made of. `secrets` are blanked out in Cloudflare's own words. */
export type Failed = {
  readonly request: ApiRequest;
  readonly failure: Failure;
  readonly secrets: readonly string[];
  readonly timeoutMs: number;
  readonly baseUrl: string;
};

type Told = { readonly fact: string; readonly hint?: string | undefined; readonly auth?: true };

/** The error that a person reads: the fact, the request, what to do. */
export function errorOf(failed: Failed): UserError {
  if (failed.failure.what === 'cancelled') return new Cancelled('Interrupted.');
  const { fact, hint, auth } = tell(failed);
  const facts = { hint, request: requestFacts(failed) };
  const message = `${fact} ${whereOf(failed)}`;
  return auth === true ? new AuthError(message, facts) : new ApiError(message, facts);
}

/** A creation of which nobody knows whether it happened. */
export function unknownOutcome(failed: Failed): ApiError {
  const { fact } = tell(failed);
  return new ApiError(`${fact} Whether it was carried out is unknown. ${whereOf(failed)}`, {
    code: 'outcome_unknown',
    hint: 'Run the same command again: it reads the account first and finds what was made.',
    request: requestFacts(failed),
  });
}

/** True for the error of a request whose object does not exist. */
export const isMissing = (error: unknown): boolean => error instanceof ApiError && error.facts.request?.status === 404;

function tell(failed: Failed): Told {
  const { failure, baseUrl, timeoutMs } = failed;
  if (failure.what === 'timeout') {
    return {
      fact: `Cloudflare did not answer within ${seconds(timeoutMs)}.`,
      hint: 'Try again, or allow more time with --timeout.',
    };
  }
  if (failure.what === 'connection' && failure.cause === cutOffCode) {
    return {
      fact: `The answer of ${hostOf(baseUrl)} was cut off.`,
      hint: 'Try again; if it stays, check the network connection.',
    };
  }
  if (failure.what === 'connection') {
    const cause = failure.cause === undefined ? '' : ` (${mask(failure.cause, failed.secrets)})`;
    return {
      fact: `No answer came from ${hostOf(baseUrl)}${cause}.`,
      hint: 'Check the network connection, and CLOUDFLARE_BASE_URL where it is set.',
    };
  }
  if (failure.what === 'unreadable') return unreadableAnswer(failed);
  return refused(failed);
}

function unreadableAnswer({ failure }: Failed): Told {
  const got = failure.html ? 'an HTML page' : 'something that is not JSON, or only a part of it';
  return {
    fact: `Cloudflare answered ${failure.status} with ${got}.`,
    hint: 'Try again; where CLOUDFLARE_BASE_URL is set, check that it points to the API (…/client/v4).',
  };
}

function refused(failed: Failed): Told {
  const { status, mitigated, html } = failed.failure;
  if (status === 429) return limited(failed);
  if (mitigated) {
    return {
      fact: `A firewall challenge stands in front of the API (${status}), so the request did not reach it.`,
      hint: 'Try from another network, or ask the owner of this one why Cloudflare challenges it.',
    };
  }
  if (isAuth(failed)) return unaccepted(failed);
  if (isForbidden(failed)) return forbidden(failed);
  if (html) return unreadableAnswer(failed);
  return {
    fact: `Cloudflare answered ${status}${saying(failed)}`,
    hint: (status ?? 0) >= 500 ? 'Try again in a minute.' : undefined,
  };
}

function limited({ failure: { retryAfterMs } }: Failed): Told {
  const asked = retryAfterMs === undefined ? '' : `; it asks to wait ${seconds(retryAfterMs)}`;
  return {
    fact: `Cloudflare's rate limit is reached (429)${asked}.`,
    hint: 'Run the command again after that time. The limit, 1,200 requests in five minutes, is shared by all tokens of a user and the dashboard.',
  };
}

/** Codes belong to products, so each counts only with a status that can mean credentials. */
function isAuth({ request, failure: { status, errors } }: Failed): boolean {
  if (status === 401) return true;
  if (status !== 400 && status !== 403) return false;
  const asksForToken = status === 403 || request.path.endsWith('/tokens/verify');
  return errors.some(
    ({ code, message }) =>
      [9103, 9106, 6003, 6111].includes(code ?? 0) ||
      (code === 1000 && asksForToken) ||
      /invalid (api|access) token/i.test(message),
  );
}

function unaccepted(failed: Failed): Told {
  const permission = failed.failure.errors.some(({ code }) => code === 10000 || code === 9109) ? permissionOf(failed) : undefined;
  const lacking = permission === undefined ? '' : ` If they are right, they lack the permission \`${permission}\`.`;
  return {
    auth: true,
    fact: `Cloudflare does not accept the credentials (${failed.failure.status})${saying(failed)}`,
    hint: `Check CLOUDFLARE_API_TOKEN, or CLOUDFLARE_API_KEY with CLOUDFLARE_EMAIL.${lacking}`,
  };
}

const isForbidden = ({ failure: { status, errors } }: Failed): boolean =>
  status === 403 || (status === 400 && errors.some(({ code }) => code === 10000 || code === 9109));

function forbidden(failed: Failed): Told {
  const permission = permissionOf(failed);
  const fact = `Cloudflare answered ${failed.failure.status}${saying(failed)}`;
  if (permission === undefined)
    return { fact, hint: 'The API token lacks a permission for this, or is restricted to other accounts or zones.' };
  const missing = `${fact} This needs the permission \`${permission}\`.`;
  if (!needsPortalEntitlement(failed.request.path))
    return { fact: missing, hint: `Add \`${permission}\` to the API token, for this account.` };
  return {
    fact: `${missing} It is also the answer to an account without MCP portals.`,
    hint: `Add \`${permission}\` to the API token; if it is there, the account's plan may lack the MCP portal entitlement.`,
  };
}

const permissionOf = ({ request }: Failed): string | undefined =>
  permissionFor({ method: request.method, path: withoutQuery(request.path) });

/** Cloudflare's own words, cut to a readable length. */
function saying({ failure, secrets }: Failed): string {
  const words = failure.errors.map(({ code, message }) =>
    [message.trim(), code === undefined ? '' : `(code ${code})`].filter(Boolean).join(' '),
  );
  const text = mask(words.filter((each) => each !== '').join('; '), secrets);
  return text === '' ? '.' : `: ${text.length > 600 ? `${text.slice(0, 600)}…` : text}.`;
}

function whereOf({ request, failure }: Failed): string {
  const ray = failure.ray === undefined ? '' : `, ray id ${failure.ray}`;
  return `[${request.method} ${withoutQuery(request.path)}${ray}]`;
}

const requestFacts = ({ request, failure }: Failed): RequestFacts => ({
  method: request.method,
  path: withoutQuery(request.path),
  status: failure.status,
  code: failure.errors.find(({ code }) => code !== undefined)?.code,
  ray: failure.ray,
});

const hostOf = (baseUrl: string): string => (URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl);
const seconds = (ms: number): string => `${Math.ceil(ms / 1000)} s`;
