import { text } from '../check.ts';
import { isSecretOf } from '../service-tokens.ts';
import { isAdmitted } from './admission.ts';
import { managedOauth } from './applications.ts';
import type { Identity } from './identity.ts';
import { html, json, type Visit } from './visit.ts';

/** Where the metadata of the protected resource is: a path of Access's own, which the challenge names. */
export const resourceMetadataPath = '/.well-known/cloudflare-access-protected-resource/mcp';

/** Who is there, or the answer to somebody who does not get in. */
export const identityOf = (visit: Visit): Identity | Response => {
  const { state, application } = visit;
  const found = tokenOf(visit) ?? personOf(visit);
  if (found === undefined) return challenge(visit);
  if (found instanceof Response) return found;
  return isAdmitted(state, application, found) ? found : forbidden();
};

/** A service token by its two headers; one of them alone, or one twice, is refused in strict mode as a wrong secret is. */
const tokenOf = (visit: Visit): Identity | Response | undefined => {
  const { state, request, now, address } = visit;
  const id = request.headers.get('cf-access-client-id');
  const secret = request.headers.get('cf-access-client-secret');
  if (id === null && secret === null) return undefined;
  const token = state.service_tokens.find(({ client_id: own }) => own === id);
  if (token !== undefined && secret !== null && isSecretOf(token, secret, now))
    return { is: 'token', tokenId: token.id, address };
  if (state.organization['strict_service_token_auth'] === false) return forbidden();
  return json(401, { error: 'invalid_service_token', error_description: 'Missing or invalid service token' });
};

const personOf = ({ request, sessions, portal, now, address }: Visit): Identity | undefined => {
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  const session = bearer === undefined ? undefined : sessions.tokens.get(bearer);
  if (session === undefined || session.portal !== portal.id || session.until <= now.getTime()) return undefined;
  return { is: 'person', email: session.email, address };
};

/** Nobody yet: an OAuth challenge, or the login page where managed OAuth is off. */
const challenge = ({ application, state, origin, portal, url }: Visit): Response => {
  if (application === undefined) return forbidden();
  if (managedOauth(application) === undefined) {
    const host = text(portal.body['hostname']);
    const login = `https://${text(state.organization['auth_domain'])}/cdn-cgi/access/login/${host}`;
    return html(302, 'Found', { location: `${login}?redirect_url=${encodeURIComponent(url.pathname)}` });
  }
  return json(
    401,
    { error: 'invalid_token', error_description: 'Missing or invalid access token' },
    { 'www-authenticate': `Bearer realm="OAuth", resource_metadata="${origin}${resourceMetadataPath}", error="invalid_token"` },
  );
};

const forbidden = (): Response => html(403, '<h1>Forbidden</h1><p>You do not have permission to view this.</p>');
