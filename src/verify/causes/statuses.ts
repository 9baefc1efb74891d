import type { Row } from './row.ts';

const sync = 'then: mcp-portal sync-server {id}';

/** What a status tells, where nothing else told more. */
export const statusCauses: readonly Row[] = [
  [
    { status: 401, where: 'endpoint', signedIn: true },
    'The service token is not accepted: wrong secret, expired, revoked or switched off.',
    'Look with mcp-portal service-token list, then: mcp-portal service-token rotate NAME --out SINK',
  ],
  [
    { status: 401, where: 'origin', signedIn: true },
    "The origin refuses the document's credentials: they are wrong or expired, or a proxy before it strips their header.",
    `Renew the secret that servers.{id}.auth names, look whether the proxy passes the header on, then: mcp-portal apply --resend-secrets`,
  ],
  [
    { status: 401, where: 'origin' },
    'The origin asks for credentials, and the server is registered without any.',
    'Say servers.{id}.auth (oauth, { bearer: REF } or { headers: { Name: REF } }), then: mcp-portal apply',
  ],
  [
    { status: 403, body: /host(name)?.{0,20}(not allowed|invalid|header)|invalid host/i },
    'The server answers only under names that it knows, and {host} is none of them (protection against DNS rebinding).',
    "Add {host} to the server's allowed hosts, or let the tunnel send the Host header it knows (origin: { httpHostHeader: … })",
  ],
  [
    { status: [403, 503, 429], header: 'cf-mitigated' },
    'Cloudflare holds the client for a bot: a challenge that no program passes.',
    'Zone of {host} > Security > Settings: turn Block AI bots off for this hostname, or add a WAF rule that skips it',
  ],
  [
    { status: 403, where: 'endpoint', signedIn: true },
    "The service token is valid and not allowed: no Service Auth policy of the portal's application includes it.",
    'Add service_tokens: [KEY] to portals.{id}, then: mcp-portal apply',
  ],
  [
    { status: 403, kind: 'HTML' },
    'Something before the server blocks the request: bot protection, a WAF rule or an Access policy.',
    'Zone of {host} > Security > Events shows the rule: skip it for this hostname (Security > Settings > Block AI bots, AI Crawl Control)',
  ],
  [
    { status: 403 },
    'The server knows who asks, and does not allow it.',
    'Look at the permissions of the credentials, at the allowed origins of the server, and at its policies',
  ],
  [
    { status: [200, 404, 406], kind: 'HTML' },
    'This is a web page, not an MCP endpoint.',
    `Correct the path of {url} (mostly /mcp), ${sync}`,
  ],
  [
    { status: 404, where: 'endpoint' },
    'No portal answers at this hostname and path: its record leads elsewhere, or a Worker route or page rule covers it.',
    'Remove the Worker route or custom domain of {host}, then: mcp-portal apply',
  ],
  [
    { status: 404 },
    'There is no MCP endpoint at this path.',
    'Correct the path of servers.{id}.url (mostly /mcp), then: mcp-portal apply',
  ],
  [
    { status: 405 },
    'The path is there and takes no POST: it is no Streamable HTTP endpoint.',
    'Use the path of the MCP endpoint (/mcp for Streamable HTTP, /sse for SSE) in servers.{id}.url',
  ],
  [
    { status: 406 },
    'The server does not get the Accept header that MCP needs: a proxy changes it, or the server speaks an older form.',
    'Let the proxy before {host} pass Accept: application/json, text/event-stream unchanged',
  ],
  [
    { status: 400, body: /header|version/i },
    'The server does not get the headers that it needs: something in between strips them, or it speaks another version of MCP.',
    'Let the proxy before {host} pass Mcp-Session-Id, MCP-Protocol-Version, Mcp-Method and Mcp-Name',
  ],
  [
    { status: 421 },
    'The request reached a server that does not serve this name: the Host header or the certificate name is another one.',
    'Correct the Host header (origin: { httpHostHeader: … } of the tunnel rule), or the certificate of {host}',
  ],
  [{ status: 429 }, 'The server limits how often it is asked.', 'Raise its limit for Cloudflare, or wait'],
  [
    { status: 502 },
    'The proxy or tunnel reaches no server behind it: the service address is wrong, or it is down.',
    'Start the server and correct the service of its tunnel rule: mcp-portal tunnel list',
  ],
  [
    { status: 503 },
    'The server is overloaded or not ready.',
    'Look at the server behind {host}; behind a tunnel: mcp-portal tunnel list',
  ],
  [{ status: [504, 524] }, 'The server took too long to answer.', 'Look at the log of the server behind {host}'],
  [
    { status: [520, 521, 523] },
    'Cloudflare reaches no working server: it refuses, breaks off, or cannot be routed to.',
    'Start the server behind {host} and look at its firewall and its DNS record',
  ],
  [
    { status: 522, where: 'endpoint' },
    'The DNS record of the portal is missing or not proxied: the API does not make it.',
    'mcp-portal dns',
  ],
  [
    { status: 522 },
    'Cloudflare gets no connection to the server: its address is wrong, or a firewall drops it.',
    'Correct the DNS record of {host}, and let Cloudflare through the firewall',
  ],
  [
    { status: [525, 526] },
    "TLS between Cloudflare and the server fails: the server's certificate is not one that Cloudflare takes.",
    'Install a valid or a Cloudflare origin certificate on the server behind {host} (SSL/TLS > Origin Server)',
  ],
  [{ status: 530, where: 'endpoint' }, 'Cloudflare cannot resolve where the hostname leads.', 'mcp-portal dns'],
  [
    { status: 530 },
    'Cloudflare cannot reach what the record of {host} leads to: mostly a tunnel without a connector.',
    'Start the connector: mcp-portal tunnel list, then mcp-portal tunnel compose NAME',
  ],
  [{ status: [500, 501, 505] }, 'The server failed.', 'Look at the log of the server behind {host}'],
  [
    { status: 200, kind: 'an event stream' },
    'The stream opens, and what it carries is not what MCP says.',
    'Look at the proxies before {host}: none may buffer or change the stream',
  ],
];
