/** An answer of the guard's own: always JSON, `{"error":{"type","message"}}`. */
export type Refusal = { readonly status: number; readonly type: string; readonly message: string };

/** The body of a request is read whole to know what it asks for; this is the most that is read. */
export const longestBody = 4 * 1024 * 1024;

export const refusals = {
  badTarget: { status: 400, type: 'bad_request', message: 'The request target must be a path' },
  noKey: { status: 401, type: 'auth', message: 'Missing or invalid API key' },
  noAccess: { status: 403, type: 'auth', message: 'Missing or invalid Cloudflare Access token' },
  noDiscovery: { status: 404, type: 'not_found', message: 'There is no OAuth here: send an API key' },
  tooLarge: { status: 413, type: 'too_large', message: 'The request body is larger than 4 MB' },
  tooMany: { status: 429, type: 'rate_limit', message: 'Too many requests' },
  failed: { status: 500, type: 'internal', message: 'The guard failed on this request' },
  noUpgrade: { status: 501, type: 'not_implemented', message: 'WebSocket is not supported' },
  unreachable: { status: 502, type: 'bad_gateway', message: 'The MCP server cannot be reached, or its answer is not HTTP' },
  noCerts: { status: 503, type: 'unavailable', message: "Cloudflare Access's keys cannot be read to check the token" },
  tooSlow: { status: 504, type: 'gateway_timeout', message: 'The MCP server did not answer in time' },
} as const satisfies Readonly<Record<string, Refusal>>;

export const refusalBody = ({ type, message }: Refusal): string => JSON.stringify({ error: { type, message } });

/**
 * Whether a path is one where clients look for OAuth, under the root or behind an endpoint. They look there after a
 * 401, and only JSON tells them in words that they can read that there is none.
 */
export const isDiscovery = (path: string): boolean => /(?:^|\/)\.well-known(?:\/|$)/.test(path);
