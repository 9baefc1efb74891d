import { createHash } from 'node:crypto';
import { flag, text, texts } from '../check.ts';
import { goDuration } from '../go-duration.ts';
import { isObject, type JsonObject } from '../json.ts';
import { isAdmitted } from './admission.ts';
import { managedOauth } from './applications.ts';
import { resourceMetadataPath } from './gate.ts';
import { randomText, type Session } from './sessions.ts';
import { html, json, type Visit } from './visit.ts';

/** What managed OAuth of Access answers: metadata, registration, sign-in and tokens. Undefined for other paths. */
export const oauthAnswer = (visit: Visit): Promise<Response> | Response | undefined => {
  const settings = visit.application === undefined ? undefined : managedOauth(visit.application);
  if (settings === undefined) return undefined;
  const { pathname } = visit.url;
  if (pathname === resourceMetadataPath || pathname.startsWith('/.well-known/oauth-protected-resource')) return resource(visit);
  if (pathname.startsWith('/.well-known/oauth-authorization-server')) return server(visit, registration(settings) !== undefined);
  if (visit.request.method === 'POST' && pathname === '/register') return register(visit, registration(settings));
  if (pathname === '/authorize') return authorize(visit);
  return visit.request.method === 'POST' && pathname === '/token' ? exchange(visit, settings) : undefined;
};

/** Who may register; undefined where nobody may. */
const registration = (settings: JsonObject): JsonObject | undefined => {
  const said = settings['dynamic_client_registration'];
  return isObject(said) && flag(said['enabled'], true) ? said : undefined;
};

const resource = ({ origin }: Visit): Response =>
  json(200, { resource: `${origin}/mcp`, authorization_servers: [origin], bearer_methods_supported: ['header'] });

const server = ({ origin }: Visit, registers: boolean): Response =>
  json(200, {
    issuer: origin,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    ...(registers ? { registration_endpoint: `${origin}/register` } : {}),
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: ['none'],
    code_challenge_methods_supported: ['S256'],
  });

const refused = (error: string, description: string): Response => json(400, { error, error_description: description });

const register = async ({ request, sessions }: Visit, rules: JsonObject | undefined): Promise<Response> => {
  const body: unknown = await request.json().catch(() => undefined);
  const redirects = isObject(body) ? texts(body['redirect_uris']) : [];
  if (rules === undefined) return refused('invalid_request', 'client registration is not enabled');
  const wrong = redirects.find((uri) => !mayRedirect(uri, rules));
  if (redirects.length === 0 || wrong !== undefined)
    return refused('invalid_redirect_uri', `not allowed: ${wrong ?? 'no address'}`);
  const client = randomText();
  sessions.clients.set(client, redirects);
  return json(201, { client_id: client, redirect_uris: redirects, token_endpoint_auth_method: 'none' });
};

/** Addresses on this machine, unless that is switched off; others as they are listed, where `/*` ends a prefix. */
const mayRedirect = (uri: string, rules: JsonObject): boolean => {
  const host = URL.canParse(uri) ? new URL(uri).hostname : '';
  if (host === 'localhost' && flag(rules['allow_any_on_localhost'], true)) return true;
  if (/^(127\.|\[::1\]$)/.test(host) && flag(rules['allow_any_on_loopback'], true)) return true;
  return texts(rules['allowed_uris']).some((allowed) =>
    allowed.endsWith('/*') ? uri.startsWith(allowed.slice(0, -1)) : uri === allowed,
  );
};

/** Nobody is asked: whoever `login_hint` names has signed in, where the portal's policies let that address in. */
const authorize = ({ url, sessions, portal, state, application, address, now }: Visit): Response => {
  const asked = (name: string): string => url.searchParams.get(name) ?? '';
  const redirect = asked('redirect_uri');
  const client = asked('client_id');
  if (!sessions.clients.get(client)?.includes(redirect)) return refused('invalid_request', 'unknown client or redirect_uri');
  if (asked('code_challenge_method') !== 'S256' || asked('code_challenge') === '')
    return refused('invalid_request', 'PKCE with S256 is required');
  const email = asked('login_hint') || 'sandbox@example.com';
  if (!isAdmitted(state, application, { is: 'person', email, address })) return html(403, `<h1>Forbidden</h1>`);
  const code = randomText();
  sessions.codes.set(code, {
    client,
    redirect,
    challenge: asked('code_challenge'),
    email,
    portal: portal.id,
    until: now.getTime() + 60_000,
  });
  const target = new URL(redirect);
  target.searchParams.set('code', code);
  if (asked('state') !== '') target.searchParams.set('state', asked('state'));
  return new Response(null, { status: 302, headers: { location: target.href } });
};

const exchange = async (visit: Visit, settings: JsonObject): Promise<Response> => {
  const { request, sessions, now } = visit;
  const form = new URLSearchParams(await request.text());
  const said = (name: string): string => form.get(name) ?? '';
  if (said('grant_type') === 'refresh_token') {
    const session = sessions.refreshTokens.get(said('refresh_token'));
    sessions.refreshTokens.delete(said('refresh_token'));
    if (session === undefined || session.client !== said('client_id')) return refused('invalid_grant', 'unknown refresh token');
    return issue(visit, settings, session);
  }
  const grant = sessions.codes.get(said('code'));
  sessions.codes.delete(said('code'));
  const proof = createHash('sha256').update(said('code_verifier')).digest('base64url');
  const isRight = grant?.client === said('client_id') && grant.redirect === said('redirect_uri') && grant.challenge === proof;
  if (grant === undefined || !isRight || grant.until <= now.getTime()) return refused('invalid_grant', 'wrong or used code');
  return issue(visit, settings, grant);
};

const issue = (
  { sessions, now }: Visit,
  settings: JsonObject,
  { client, email, portal }: Session & { readonly client: string },
): Response => {
  const grant = isObject(settings['grant']) ? settings['grant'] : {};
  const lifetime = goDuration(text(grant['access_token_lifetime'], '15m')) ?? 900_000;
  const [token, refresh] = [`oauth:${randomText()}`, `oauth:${randomText()}`];
  sessions.tokens.set(token, { email, portal, until: now.getTime() + lifetime });
  sessions.refreshTokens.set(refresh, { client, email, portal, until: Number.POSITIVE_INFINITY });
  return json(200, {
    access_token: token,
    token_type: 'Bearer',
    expires_in: Math.round(lifetime / 1000),
    refresh_token: refresh,
  });
};
