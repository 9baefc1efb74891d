import {
  OAuthError,
  OAuthResourceServer,
  type OAuthAuthorizationServer,
  type OAuthResourceTokenValidator,
} from '@cloudflare/workers-oauth-provider';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { attioClient } from '../attio/client.ts';
import type { Env } from '../env.ts';
import { oauthError, rpcError } from '../http/responses.ts';
import { SCOPE } from '../oauth/authorization-server.ts';
import { isTrustedOrigin } from '../oauth/redirect-uris.ts';
import type { Scene } from '../scene.ts';
import type { Settings } from '../settings.ts';
import { DecryptionError } from '../storage/encryption.ts';
import { tokenName, type AttioToken, type TokenStore } from '../storage/tokens.ts';
import { StorageError } from '../storage/kv.ts';
import { attioServer } from './server.ts';

type Around = { readonly settings: Settings; readonly store: TokenStore; readonly authorization: OAuthAuthorizationServer<Env> };

/** What a valid token stands for. */
type Access = { readonly record: string; readonly token: AttioToken };

/** The protected resource: its metadata, and `POST /mcp` for those who bring a token that was made out for it. */
export const protectedResource = (around: Around): OAuthResourceServer<Env, Access> =>
  new OAuthResourceServer<Env, Access>({
    resourceMetadata: {
      resource: around.settings.resource,
      authorization_servers: [around.settings.origin],
      resource_name: 'Attio',
    },
    requiredScopes: [SCOPE],
    validateToken: (env) => tokenValidator(around, env),
    handler: { fetch: (request, _env, context) => serve(request, context.props, around) },
  });

/** `POST /mcp`. A page that belongs to no client is refused even with a token, as the protocol asks. */
export async function serveMcp(request: Request, { settings, resource, env, context }: Scene): Promise<Response> {
  const origin = request.headers.get('Origin');
  if (origin !== null && !isTrustedOrigin(origin, settings))
    return rpcError(403, { code: -32000, message: 'Pages of this origin may not use this server' });
  const response = await resource.fetch(request, env, context);
  if (response.status !== 401 || response.body !== null) return response;
  const challenge = response.headers.get('WWW-Authenticate') ?? 'Bearer';
  const error = challenge.includes('error="invalid_token"') ? 'invalid_token' : 'unauthorized';
  return oauthError(401, { error, description: 'Sign in to use this server', headers: { 'WWW-Authenticate': challenge } });
}

/** More than any token of ours has; names of records are made from it. */
const LONGEST_TOKEN = 256;

/** Where the Attio token cannot be had, the session is refused: with a new sign-in to be made, or one to be tried later. */
const tokenValidator =
  ({ authorization, store }: Around, env: Env): OAuthResourceTokenValidator<Access> =>
  async (resource, bearer) => {
    if (bearer.length > LONGEST_TOKEN) return null;
    try {
      // A token of the library starts with the user that it is for. Reading both records at once saves a way to the
      // storage; whether the token is worth anything is seen before the other record is opened.
      const [user = ''] = bearer.split(':', 1);
      const record = tokenName(user);
      const open = store.begin(record);
      const valid = await authorization.validateToken(resource, bearer, env);
      if (valid === null || valid.userId !== user) return null;
      const token = await open();
      if (token === undefined) throw invalidToken('The Attio token of this session is gone; sign in again');
      return { ...valid, props: { record, token } };
    } catch (error) {
      if (error instanceof DecryptionError) throw invalidToken(error.message);
      if (error instanceof StorageError)
        throw new OAuthError('temporarily_unavailable', {
          description: error.message,
          statusCode: 503,
          headers: { 'Retry-After': '5' },
        });
      throw error;
    }
  };

const invalidToken = (description: string): OAuthError => new OAuthError('invalid_token', { description, statusCode: 401 });

/** A server and a client for this request alone: nothing of one session is ever in reach of another. */
async function serve(request: Request, { record, token }: Access, { settings, store }: Around): Promise<Response> {
  const attio = attioClient({
    apiUrl: settings.attio.apiUrl,
    accessToken: token.accessToken,
    onRefused: () => store.remove(record).catch(() => {}),
  });
  const handler = createMcpHandler(() => attioServer(attio));
  return handler.fetch(request);
}
