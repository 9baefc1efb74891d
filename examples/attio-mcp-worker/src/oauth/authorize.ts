import {
  AuthorizationError,
  CimdFetchError,
  authorizationErrorRedirect,
  type OAuthHelpers,
} from '@cloudflare/workers-oauth-provider';
import { errorPage } from '../http/responses.ts';
import type { Settings } from '../settings.ts';
import { consentPage } from './consent-page.ts';
import { isAllowedRedirect } from './redirect-uris.ts';
import { signInUrl } from './upstream.ts';

type Around = { readonly oauth: OAuthHelpers; readonly settings: Settings };

/** `GET /oauth/authorize`: the consent page. */
export async function showConsent(request: Request, { oauth, settings }: Around): Promise<Response> {
  const authRequest = await oauth.parseAuthRequest(request);
  // Registration refuses such clients, but a list may have become shorter since, and metadata documents are not registered.
  if (!isAllowedRedirect(authRequest.redirectUri, settings.redirectUris))
    return errorPage(400, 'This server does not send anybody to the redirect URI of this client.');
  // The library asks this of public clients only.
  if (authRequest.codeChallenge === undefined)
    return redirect(authorizationErrorRedirect(authRequest, 'invalid_request', 'PKCE with S256 is required'));
  const client = await oauth.describeConsent(authRequest);
  return consentPage(client, await oauth.beginConsent(authRequest));
}

/** `POST /oauth/authorize`: the answer. The request that it belongs to comes out of the storage, not out of the form. */
export async function takeConsent(request: Request, { oauth, settings }: Around): Promise<Response> {
  const form = await request.formData().catch(() => new FormData());
  const handle = text(form.get('handle'));
  const decisions = form.getAll('decision');
  if (decisions.includes('deny')) return withLocation((await oauth.denyConsent(request, handle)).headers);
  if (!decisions.includes('approve')) return errorPage(400, 'The form has no decision. Start again from your client.');
  const approved = await oauth.approveConsent(request, handle);
  const { state, headers } = await oauth.beginUpstream(approved.request, { headers: approved.headers });
  headers.set('Location', signInUrl(settings.attio, state));
  return withLocation(headers);
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export const withLocation = (headers: Headers): Response => new Response(null, { status: 302, headers });

const redirect = (location: string): Response => withLocation(new Headers({ Location: location, 'Cache-Control': 'no-store' }));

/**
 * What goes wrong in front of a browser: back to the client where its redirect URI is known to be
 * its own and is allowed, otherwise a page. Undefined for any other error.
 */
export function browserError(error: unknown, { redirectUris }: Settings): Response | undefined {
  if (error instanceof CimdFetchError) return errorPage(400, 'The description of this client could not be fetched.');
  if (!(error instanceof AuthorizationError)) return undefined;
  const { redirectTo, redirectUri, description } = error;
  const isSafe = redirectTo !== undefined && redirectUri !== undefined && isAllowedRedirect(redirectUri, redirectUris);
  return isSafe ? redirect(redirectTo) : errorPage(400, `${description}.`);
}
