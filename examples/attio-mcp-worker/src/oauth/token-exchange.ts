import {
  GrantType,
  OAuthError,
  type TokenExchangeCallbackOptions,
  type TokenExchangeCallbackResult,
} from '@cloudflare/workers-oauth-provider';
import type { AttioApp } from '../settings.ts';
import { DecryptionError } from '../storage/encryption.ts';
import { lifetime, secondsLeft, tokenName, type AttioToken, type TokenStore } from '../storage/tokens.ts';
import { refreshToken, UpstreamError } from './upstream.ts';

/** Our access tokens live this long at most, and never longer than Attio's. */
export const ACCESS_TOKEN_S = 3600;
/** An Attio token with less than this left is refreshed, together with ours. */
const REFRESH_EARLY_S = 300;

/**
 * Runs when a client turns a code or a refresh token into an access token: keeps the Attio token
 * alive for as long as the client keeps coming. Throws an `OAuthError`; `invalid_grant` also ends
 * the session, so the client signs in again.
 */
export async function onTokenExchange(
  { grantType, userId }: Pick<TokenExchangeCallbackOptions, 'grantType' | 'userId'>,
  { store, attio }: { readonly store: TokenStore; readonly attio: AttioApp },
): Promise<TokenExchangeCallbackResult> {
  const name = tokenName(userId);
  const found = await loaded(store, name);
  const isRefresh = grantType === GrantType.REFRESH_TOKEN;
  const token = isRefresh ? await fresh(found, attio) : found;
  // Writing it again moves its end in the store, and puts it under the newest key.
  if (isRefresh) await store.save(name, token);
  const session = lifetime(token);
  return {
    accessTokenTTL: Math.min(
      ACCESS_TOKEN_S,
      Math.max(60, token.expiresAt === undefined ? ACCESS_TOKEN_S : secondsLeft(token.expiresAt)),
    ),
    refreshTokenTTL: session,
    refreshTokenIdleTTL: session,
  };
}

async function loaded(store: TokenStore, name: string): Promise<AttioToken> {
  const token = await store.load(name).catch(asGrantError);
  if (token === undefined) throw gone();
  return token;
}

const gone = (): OAuthError =>
  new OAuthError('invalid_grant', { description: 'The Attio token of this session is gone; sign in again' });

function asGrantError(error: unknown): never {
  if (error instanceof DecryptionError) throw new OAuthError('invalid_grant', { description: error.message });
  throw error;
}

async function fresh(token: AttioToken, attio: AttioApp): Promise<AttioToken> {
  if (token.expiresAt === undefined || secondsLeft(token.expiresAt) > REFRESH_EARLY_S) return token;
  if (token.refreshToken === undefined) {
    if (secondsLeft(token.expiresAt) > 0) return token;
    throw new OAuthError('invalid_grant', { description: 'The Attio token of this session has expired; sign in again' });
  }
  try {
    return await refreshToken(attio, token.refreshToken);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    if (error.refused) throw new OAuthError('invalid_grant', { description: `${error.message}; sign in again` });
    throw new OAuthError('temporarily_unavailable', {
      description: error.message,
      statusCode: 503,
      headers: { 'Retry-After': '30' },
    });
  }
}
