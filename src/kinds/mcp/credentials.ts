import { addressOf, type Existing, type Peers } from '../../engine/kind.ts';
import { isPlain } from '../../engine/values.ts';
import { Secret } from '../../secrets/secret.ts';
import { storedTokenSecret, type TokenSecret } from './stored-token.ts';

type Headers = { readonly [name: string]: Secret };

/**
 * What Cloudflare signs in to a server with, by its path in the document: a token, headers by name, or
 * the key of a service token (its headers, where the token is there and a sink has its secret). Beside
 * a live server all of them are `Secret.held`.
 */
export type CredentialsState = {
  readonly 'auth.bearer'?: Secret;
  readonly 'auth.headers'?: Headers | Secret;
  readonly 'auth.service_token'?: string | Headers | Secret;
};

/** Cloudflare holds credentials, and does not say which. */
export const heldCredentials: CredentialsState = {
  'auth.bearer': Secret.held,
  'auth.headers': Secret.held,
  'auth.service_token': Secret.held,
};

/**
 * `auth_credentials` as the API takes it: always a string. A bare token becomes `Authorization:
 * Bearer …`; headers travel as JSON text of `{ headers: {…} }`. Any other JSON is accepted and has no
 * effect (Q5), an object is refused (Q6). Undefined where the state has none but the held ones.
 */
export function credentialsText(state: CredentialsState, { live }: Pick<Peers, 'live'>): string | undefined {
  const { 'auth.bearer': bearer, 'auth.headers': headers, 'auth.service_token': token } = state;
  if (bearer !== undefined && bearer !== Secret.held) return bearer.reveal();
  if (headers !== undefined && !(headers instanceof Secret)) return headersText(headers);
  if (token === undefined || token instanceof Secret) return undefined;
  const shown = typeof token === 'string' ? newSecretOf(live(`service_token:${token}`)) : token;
  return shown === undefined ? undefined : headersText(shown);
}

function headersText(headers: Headers): string {
  const shown = Object.entries(headers).map(([name, value]) => [name, value.reveal()]);
  return JSON.stringify({ headers: Object.fromEntries(shown) });
}

/**
 * A service token as a server can be given it: by its key, while it is yet to be made; else as the headers
 * with the secret that a sink of the document holds. Undefined where nobody knows the secret any more.
 */
export function tokenToSend(token: string, { live, stored }: Pick<Peers, 'live' | 'stored'>): string | Headers | undefined {
  const address = addressOf('service_token', token);
  const existing = live(address);
  if (existing === undefined) return token;
  const held = storedTokenSecret(existing, stored(address));
  return held === undefined ? undefined : accessHeaders(held);
}

const accessHeaders = ({ clientId, clientSecret }: TokenSecret): Headers => ({
  'CF-Access-Client-Id': clientId,
  'CF-Access-Client-Secret': clientSecret,
});

/** The headers of a service token that this run has made: Cloudflare shows its secret only now. */
function newSecretOf(token: Existing | undefined): Headers | undefined {
  const live = token?.live;
  if (!isPlain(live) || !(live['secret'] instanceof Secret)) return undefined;
  return accessHeaders({ clientId: Secret.of('created', String(live['client_id'])), clientSecret: live['secret'] });
}
