import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export type HttpRefusal = {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
};

const localName = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Why a request is not let in. The names that a browser was told guard against pages that have a name of their own
 * lead to this machine; the key, against every other program on it.
 */
export function refusalFor({ headers, url }: Pick<IncomingMessage, 'headers' | 'url'>, bearer: string): HttpRefusal | undefined {
  const { host, origin, authorization } = headers;
  if (!localName.test(host ?? '')) return { status: 403, message: 'Host must be a name of this machine' };
  if (origin !== undefined && !isLocal(origin)) return { status: 403, message: 'Origin must be this machine' };
  if (!/^\/mcp\/?(?:\?|$)/.test(url ?? '')) return { status: 404, message: 'the endpoint is /mcp' };
  if (!isKey(authorization, bearer))
    return { status: 401, message: 'a key is needed: Authorization: Bearer KEY', headers: { 'WWW-Authenticate': 'Bearer' } };
  return undefined;
}

const isLocal = (origin: string): boolean =>
  URL.canParse(origin) && /^https?:$/.test(new URL(origin).protocol) && localName.test(new URL(origin).host);

function isKey(authorization: string | undefined, bearer: string): boolean {
  const [, given = ''] = /^Bearer\s+(\S+)\s*$/i.exec(authorization ?? '') ?? [];
  return timingSafeEqual(digest(given), digest(bearer));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
