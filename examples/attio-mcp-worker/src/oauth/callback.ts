import {
  authorizationErrorRedirect,
  type AuthRequest,
  type AuthorizationErrorCode,
  type OAuthHelpers,
} from '@cloudflare/workers-oauth-provider';
import type { Settings } from '../settings.ts';
import { tokenName, type AttioToken, type TokenStore } from '../storage/tokens.ts';
import { SCOPE } from './authorization-server.ts';
import { withLocation } from './authorize.ts';
import { exchangeCode, UpstreamError } from './upstream.ts';

type Around = { readonly oauth: OAuthHelpers; readonly settings: Settings; readonly store: TokenStore };
type SignIn = { readonly token: AttioToken } | { readonly error: AuthorizationErrorCode; readonly description: string };

/**
 * `GET /oauth/callback`: the browser comes back from Attio, and goes on to the client with a code or
 * an error. `state` works once, and only in the browser that agreed; throws an `AuthorizationError`
 * otherwise.
 */
export async function finishSignIn(request: Request, { oauth, settings, store }: Around): Promise<Response> {
  const { request: original, headers } = await oauth.finishUpstream(request);
  const signIn = await signInOf(new URL(request.url).searchParams, settings);
  const location =
    'token' in signIn
      ? await grant(original, { oauth, store, token: signIn.token })
      : authorizationErrorRedirect(original, signIn.error, signIn.description);
  headers.set('Location', location);
  return withLocation(headers);
}

async function signInOf(answer: URLSearchParams, { attio }: Settings): Promise<SignIn> {
  const code = answer.get('code');
  if (answer.has('error') || code === null)
    return { error: 'access_denied', description: 'The sign-in at Attio was not completed' };
  try {
    return { token: await exchangeCode(attio, code) };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { error: error.refused ? 'access_denied' : 'temporarily_unavailable', description: error.message };
  }
}

type Granting = { readonly oauth: OAuthHelpers; readonly store: TokenStore; readonly token: AttioToken };

/**
 * Keeps the Attio token and gives the URL that takes a code to the client. Each sign-in is a user of
 * its own for the library, so that no two of them can ever share a token.
 */
async function grant(request: AuthRequest, { oauth, store, token }: Granting): Promise<string> {
  const userId = crypto.randomUUID();
  await store.save(tokenName(userId), token);
  const { redirectTo } = await oauth.completeAuthorization({
    request,
    userId,
    metadata: {},
    scope: [SCOPE],
    props: {},
  });
  return redirectTo;
}
