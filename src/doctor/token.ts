import { type Fields, isFields } from '../cloudflare/envelope.ts';
import { pathOf } from '../cloudflare/path.ts';
import type { Api } from '../engine/api.ts';
import { AuthError, type UserError } from '../lib/errors.ts';
import { attempt, type Attempt, type Check, failed, failedBy, passed, warned } from './check.ts';
import { lifeUntil, timeOf } from './dates.ts';

/** Whose the credentials are: that decides where permissions are added. */
export type Owner = 'user' | 'account' | 'key';

export type TokenFound = { readonly check: Check; readonly owner: Owner };

export type TokenOptions = {
  readonly api: Pick<Api, 'get'>;
  /** The account whose own token this may be, where one is found. */
  account(): Promise<string | undefined>;
  /** What the same credentials got for the listing of accounts. */
  readonly accounts: Promise<Attempt<unknown>>;
  readonly now: Date;
};

/**
 * Kind and state of an API token. Each endpoint knows only its own kind (Q100): a token that the
 * user's does not know is asked about at the account's.
 */
export async function checkToken({ api, account, accounts, now }: TokenOptions): Promise<TokenFound> {
  const ofUser = await attempt(() => api.get<unknown>('/user/tokens/verify'));
  if (ofUser.error === undefined) return { check: stateOf(ofUser.value, 'user', now), owner: 'user' };
  const id = hasAnswer(ofUser.error) ? await account() : undefined;
  if (id !== undefined) {
    const ofAccount = await attempt(() => api.get<unknown>(pathOf('accounts', id, 'tokens', 'verify')));
    if (ofAccount.error === undefined) return { check: stateOf(ofAccount.value, 'account', now), owner: 'account' };
  }
  return { check: unverified(ofUser.error, await accounts), owner: 'user' };
}

/** A global key has no endpoint of its own: that it lists accounts is what tells. */
export function checkKey(accounts: Attempt<unknown>): TokenFound {
  const { error } = accounts;
  if (error !== undefined && isFatal(error)) return { check: failedBy(name, error), owner: 'key' };
  const detail = 'a global API key: it does not expire, and may do whatever its user may';
  return { check: warned(name, detail, `An API token with the permissions below is safer: ${places.user}.`), owner: 'key' };
}

/** Where the credentials are looked after. */
export const places: Readonly<Record<Owner, string>> = {
  user: 'https://dash.cloudflare.com/profile/api-tokens',
  account: 'https://dash.cloudflare.com > Manage Account > Account API Tokens',
  key: 'https://dash.cloudflare.com > Manage Account > Members',
};

const name = 'token';

function stateOf(answer: unknown, owner: 'user' | 'account', now: Date): Check {
  const fields: Fields = isFields(answer) ? answer : {};
  const kind = owner === 'user' ? "a user's token" : "an account's own token";
  const status = typeof fields['status'] === 'string' ? fields['status'] : 'of unknown state';
  const life = lifeUntil(fields['expires_on'], now);
  const renew = `Make or roll the token at ${places[owner]}.`;
  if (status === 'expired' || life?.is === 'over') return failed(name, `${kind}, ${life?.words ?? status}`, renew);
  const start = timeOf(fields['not_before']) ?? 0;
  if (start > now.getTime()) {
    const date = new Date(start).toISOString().slice(0, 16).replace('T', ' ');
    return failed(name, `${kind}, not valid before ${date} UTC`, `Wait until then, or change its start at ${places[owner]}.`);
  }
  if (status === 'disabled') return failed(name, `${kind}, disabled`, `Enable it at ${places[owner]}.`);
  const detail = `${kind}, ${status}, ${life?.words ?? 'without an end'}`;
  return life?.is === 'near' ? warned(name, detail, renew) : passed(name, detail);
}

/** Neither endpoint knows it. What else the credentials were good for decides. */
function unverified(error: UserError, accounts: Attempt<unknown>): Check {
  if (accounts.error !== undefined && isFatal(error)) return failedBy(name, error);
  return warned(name, `its kind and its end could not be read: ${error.message}`, error.facts.hint);
}

const hasAnswer = ({ facts }: UserError): boolean => facts.request?.status !== undefined;

/** Everything else would fail in the same way. */
const isFatal = (error: UserError): boolean =>
  error instanceof AuthError || [undefined, 401, 429].includes(error.facts.request?.status);
