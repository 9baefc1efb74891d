import { keyHeaders } from './keys.ts';

/** Headers that belong to one connection, and are not for what is behind the next one. */
const ofOneConnection = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'transfer-encoding',
  'upgrade',
];

const notForUpstream = new Set<string>([
  ...ofOneConnection,
  'trailer',
  'http2-settings',
  // Said anew for the upstream.
  'host',
  'content-length',
  // Answered here.
  'expect',
  // A compressed stream waits for its compressor, and takes no comments.
  'accept-encoding',
  // Local servers refuse pages of other sites by their origin; a page does not know the key, so that is settled here.
  'origin',
  ...keyHeaders,
]);

const notForCaller = new Set<string>(ofOneConnection);

/** `CF-Access-Client-Id`, `Cf-Access-Jwt-Assertion` and the like: proofs that are for us. */
const accessPrefix = 'cf-access-';

export const isForUpstream = (lowerName: string): boolean =>
  !notForUpstream.has(lowerName) && !lowerName.startsWith(accessPrefix);
export const isForCaller = (lowerName: string): boolean => !notForCaller.has(lowerName);

/** The header names that a `Connection` header declares as belonging to this connection. */
export const declaredInConnection = (connection: string): readonly string[] =>
  connection
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'keep-alive' && name !== 'close');

/** A `Cookie` header without the session of Cloudflare Access; empty where nothing else is in it. */
export const withoutAccessCookies = (cookie: string): string =>
  cookie
    .split(/; */)
    .filter((each) => !/^CF_(?:Authorization|AppSession|Session|Binding)=/i.test(each))
    .join('; ');

/** Where an upstream redirects to its own address, the same as a path: the caller cannot reach that address. */
export function locationForCaller(location: string, upstreamOrigin: string): string {
  const own = URL.canParse(location) && new URL(location).origin === upstreamOrigin;
  return own ? (pathOfUrl(location) ?? location) : location;
}

/** Path and query of a whole URL; undefined for what is none. */
export function pathOfUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { pathname, search, hash } = new URL(text);
  // Two slashes at the start would name another host.
  return (pathname.startsWith('//') ? `/.${pathname}` : pathname) + search + hash;
}

/** An event stream must not be compressed or collected on its way: nginx heeds the one, Cloudflare the other. */
export const streamingHeaders = (cacheControl: string | undefined): readonly (readonly [name: string, value: string])[] => [
  ['Cache-Control', withNoTransform(cacheControl)],
  ['X-Accel-Buffering', 'no'],
];

const withNoTransform = (cacheControl = 'no-cache'): string =>
  /\bno-transform\b/i.test(cacheControl) ? cacheControl : `${cacheControl}, no-transform`;

export const isEventStream = (contentType: string | null | undefined): boolean =>
  /^\s*text\/event-stream\b/i.test(contentType ?? '');
