import { Refusal } from './refusal.ts';

/** How a request proves who it is. An account's own token starts with `cfat_`. */
export type Caller = 'user-token' | 'account-token' | 'api-key';

/**
 * Who is calling. Any non-empty bearer token is right, and so is any pair of key and e-mail address.
 * Throws the refusals of the real API: 9106 without credentials, 10000 for an empty token, 6003 for a
 * header that is no bearer token.
 */
export const callerOf = (headers: Headers): Caller => {
  const authorization = headers.get('authorization');
  if (authorization !== null) return bearer(authorization);
  if (headers.get('x-auth-key') && headers.get('x-auth-email')) return 'api-key';
  throw new Refusal(400, 9106, 'Missing X-Auth-Key, X-Auth-Email or Authorization headers');
};

const bearer = (authorization: string): Caller => {
  const token = /^Bearer(?:\s+(?<token>\S.*))?$/i.exec(authorization.trim());
  if (token === null) {
    const chain = [{ code: 6111, message: 'Invalid format for Authorization header' }];
    throw Object.assign(new Refusal(400, 6003, 'Invalid request headers'), { chain });
  }
  const value = token.groups?.['token'];
  if (value === undefined) throw new Refusal(401, 10000, 'Authentication error');
  return value.startsWith('cfat_') ? 'account-token' : 'user-token';
};
