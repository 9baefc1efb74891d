import { isTrustedOrigin } from '../oauth/redirect-uris.ts';

const allowedHeaders =
  'Authorization, Content-Type, Accept, MCP-Protocol-Version, MCP-Session-Id, Mcp-Method, Mcp-Name, Last-Event-ID';
const exposedHeaders = 'WWW-Authenticate, Retry-After, MCP-Protocol-Version, MCP-Session-Id';

type Trust = { readonly origin: string; readonly redirectUris: readonly string[] };

/** The answer to a browser that asks what it may send. */
export const preflight = (): Response => new Response(null, { status: 204 });

/**
 * The response with the CORS headers of this server, and no others. Documents that are public
 * (`anyOrigin`) may be read by every page, the rest only by pages of clients that could sign in.
 */
export function withCors(response: Response, request: Request, trust: Trust | 'anyOrigin'): Response {
  const headers = new Headers(response.headers);
  for (const name of headers.keys()) if (name.startsWith('access-control-')) headers.delete(name);
  const origin = request.headers.get('Origin');
  if (trust === 'anyOrigin') headers.set('Access-Control-Allow-Origin', '*');
  else if (origin !== null && isTrustedOrigin(origin, trust)) headers.set('Access-Control-Allow-Origin', origin);
  if (trust !== 'anyOrigin') headers.set('Vary', 'Origin');
  headers.set('Access-Control-Expose-Headers', exposedHeaders);
  if (request.method === 'OPTIONS') {
    headers.set('Access-Control-Allow-Methods', 'GET, HEAD, POST, OPTIONS');
    headers.set('Access-Control-Allow-Headers', allowedHeaders);
    headers.set('Access-Control-Max-Age', '86400');
  }
  return new Response(response.body, { status: response.status, headers });
}
