import { isPlain } from '../../engine/values.ts';
import type { Written } from '../../engine/write.ts';
import { parseDuration } from '../../lib/duration.ts';
import { ApiError } from '../../lib/errors.ts';
import { Secret } from '../../secrets/secret.ts';

/** A service token as the API gives it. Only creating and rotating show `client_secret`. */
export type Token = {
  readonly id: string;
  readonly name: string;
  readonly client_id: string;
  readonly client_secret?: string;
  readonly duration?: string;
  readonly enabled?: boolean;
  readonly created_at?: string;
  readonly expires_at?: string;
  readonly client_secret_version?: number;
  readonly previous_client_secret_expires_at?: string;
  readonly last_seen_at?: string | null;
  /** Only beside a token that this run has made or rotated: what a server may be given to sign in with. */
  readonly secret?: Secret;
};

type IssuedToken = Token & { readonly client_secret: string };

/** Only an answer with an id and both halves of the credentials gives a token that somebody can sign in with. */
export const isIssued = (answer: unknown): answer is IssuedToken =>
  isPlain(answer) && [answer['id'], answer['client_id'], answer['client_secret']].every(isText);

export const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

export const noSecret = (what: string): ApiError =>
  new ApiError(`Cloudflare's answer to ${what} has no usable id, client_id and client_secret.`);

/** The secret goes to its sinks before anything else is asked: until then it is only here. */
export function withSecret(token: Token): Written<Token> {
  const { client_secret: secret, ...live } = token;
  if (secret === undefined) return { live };
  const values = { client_id: token.client_id, client_secret: secret, expires_at: token.expires_at ?? expiry(token) };
  return { live: { ...live, secret: Secret.of('created', secret) }, secret: { name: token.name, values } };
}

/** The answer to a creation may leave the expiry out; empty where it cannot be told, as for "forever". */
function expiry({ created_at: from = '', duration = '' }: Token): string {
  const time = Date.parse(from) + Number((parseDuration(duration) ?? 0n) / 1_000_000n);
  return Number.isNaN(time) || parseDuration(duration) === undefined ? '' : new Date(time).toISOString().replace('.000Z', 'Z');
}
