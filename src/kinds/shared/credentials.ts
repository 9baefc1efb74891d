import { Secret } from '../../secrets/secret.ts';

/** What Cloudflare signs in to a server with: a token, or headers by name. */
export type Credentials = { readonly bearer: Secret } | { readonly headers: { readonly [name: string]: Secret } };

/**
 * `auth_credentials` as the API takes it: always a string. A bare token becomes `Authorization:
 * Bearer …`; headers travel as JSON text of `{ headers: {…} }`. Any other JSON is accepted and has no
 * effect (Q5), an object is refused (Q6).
 */
export function credentialsText(credentials: Credentials): string {
  if ('bearer' in credentials) return credentials.bearer.reveal();
  const headers = Object.entries(credentials.headers).map(([name, value]) => [name, value.reveal()]);
  return JSON.stringify({ headers: Object.fromEntries(headers) });
}
