import { OAuthAuthorizationServer, type ClientRegistrationCallbackResult } from '@cloudflare/workers-oauth-provider';
import type { Env } from '../env.ts';
import type { Settings } from '../settings.ts';
import { SESSION_S, type TokenStore } from '../storage/tokens.ts';
import { isAllowedRedirect } from './redirect-uris.ts';
import { ACCESS_TOKEN_S, onTokenExchange } from './token-exchange.ts';

/** The one thing that a client can ask for: to act in Attio as the person who signs in. */
export const SCOPE = 'attio';

/** The authorization server for these settings. Holds nothing, so each request makes its own. */
export const authorizationServer = (settings: Settings, store: TokenStore): OAuthAuthorizationServer<Env> =>
  new OAuthAuthorizationServer<Env>({
    issuer: settings.origin,
    resources: [settings.resource],
    authorizeEndpoint: '/oauth/authorize',
    tokenEndpoint: '/oauth/token',
    clientRegistrationEndpoint: '/oauth/register',
    scopesSupported: [SCOPE],
    clientIdMetadataDocumentEnabled: true,
    accessTokenTTL: ACCESS_TOKEN_S,
    refreshTokenTTL: SESSION_S,
    refreshTokenIdleTTL: SESSION_S,
    clientRegistrationCallback: ({ clientMetadata }) => refusedRegistration(clientMetadata, settings.redirectUris),
    tokenExchangeCallback: (exchange) => onTokenExchange(exchange, { store, attio: settings.attio }),
  });

/** RFC 7591 §3.2.2. One URI that is not allowed is enough: a client is refused here rather than at its first sign-in. */
function refusedRegistration(
  metadata: Record<string, unknown>,
  listed: readonly string[],
): ClientRegistrationCallbackResult | undefined {
  const uris: unknown = metadata['redirect_uris'];
  const isAllowed = Array.isArray(uris) && uris.every((uri) => typeof uri === 'string' && isAllowedRedirect(uri, listed));
  return isAllowed
    ? undefined
    : {
        code: 'invalid_redirect_uri',
        description: 'A redirect URI is not one that this server allows; see ALLOWED_REDIRECT_URIS',
      };
}
