import { isLoopback } from '../settings.ts';

/** Where the hosted clients take their codes. */
const hosted: readonly RegExp[] = [
  /^https:\/\/claude\.(ai|com)\/api\/mcp\/auth_callback$/,
  /^https:\/\/chatgpt\.com\/connector_platform_oauth_redirect$/,
  /^https:\/\/chatgpt\.com\/connector\/oauth\/[\w-]+$/,
];
const hostedOrigins: ReadonlySet<string> = new Set(['https://claude.ai', 'https://claude.com', 'https://chatgpt.com']);

/** Whether a client may have its codes sent there: a hosted client, this computer at any port, or an entry of the list. */
export function isAllowedRedirect(uri: string, listed: readonly string[]): boolean {
  if (listed.includes(uri)) return true;
  if (!URL.canParse(uri)) return false;
  const url = new URL(uri);
  if (url.username !== '' || url.password !== '' || uri.includes('#')) return false;
  return isLocal(url) || hosted.some((pattern) => pattern.test(uri));
}

/** Whether a page of this origin may talk to the server: one that belongs to an allowed redirect URI, or the server's own. */
export function isTrustedOrigin(
  origin: string,
  { origin: own, redirectUris }: { readonly origin: string; readonly redirectUris: readonly string[] },
): boolean {
  if (origin === own || hostedOrigins.has(origin)) return true;
  if (!URL.canParse(origin)) return false;
  return isLocal(new URL(origin)) || redirectUris.some((uri) => URL.canParse(uri) && new URL(uri).origin === origin);
}

const isLocal = ({ protocol, hostname }: URL): boolean => /^https?:$/.test(protocol) && isLoopback(hostname);
