import type { Row } from './row.ts';

const login = /cloudflareaccess\.com|\/cdn-cgi\/access\//;

/** What a body or an address tells, whatever the status is. */
export const answerCauses: readonly Row[] = [
  [
    { code: /CERT|^UNABLE_TO|SELF_SIGNED|ALTNAME/ },
    'The certificate of {host} does not verify, so no client connects.',
    'Install a certificate for {host} that is valid, with its whole chain (Cloudflare: SSL/TLS > Edge Certificates)',
  ],
  [
    { body: /error(?: code)?:?\s*1014|\b1014\b.*CNAME/i, status: [403, 409, 530] },
    'Error 1014: the CNAME crosses accounts, or the record has flattening set by hand. For a portal it also passes within a minute after its record was made.',
    'Delete the record of {host} and make it anew: mcp-portal dns remove {host} CNAME, then mcp-portal apply',
  ],
  [
    { body: /error(?: code)?:?\s*1016/i, where: 'endpoint' },
    'Error 1016: the hostname leads to no portal, its DNS record is missing or wrong.',
    'mcp-portal dns',
  ],
  [
    { body: /error(?: code)?:?\s*1016/i },
    'Error 1016: Cloudflare cannot resolve where the record of {host} leads: a tunnel or host that is gone.',
    'Correct the record of {host}: mcp-portal dns list, then mcp-portal apply',
  ],
  [
    { body: /error(?: code)?:?\s*1033/i },
    'Error 1033: no connector of the tunnel is connected.',
    'Start the connector: mcp-portal tunnel compose NAME',
  ],
  [
    { body: /error(?: code)?:?\s*1042/i },
    'Error 1042: a Worker fetches another one of the same account by its workers.dev address.',
    'Give the Worker a custom domain and use it in servers.{id}.url',
  ],
  [
    { body: /No allowed servers available/i },
    'The portal lets this client in, and no server does: each needs a policy on its own application, and on_behalf: false for service tokens.',
    'Add the client to access.policies of the servers (service_tokens: [KEY] on the portal does it for bots), then: mcp-portal apply',
  ],
  [
    { status: [301, 302, 303, 307, 308], location: login, where: 'endpoint', signedIn: true },
    "Access shows its login page to the service token: no Service Auth policy of the portal's application lets it in.",
    'Add service_tokens: [KEY] to portals.{id}, then: mcp-portal apply',
  ],
  [
    { status: [301, 302, 303, 307, 308], location: login, where: 'endpoint' },
    'Managed OAuth is off, so clients are sent to a login page that they cannot use.',
    'Set portals.{id}.access.oauth: { enabled: true }, then: mcp-portal apply',
  ],
  [
    { status: [301, 302, 303, 307, 308], location: login },
    'An Access application stands before the origin itself and sends Cloudflare to its login page.',
    'Give servers.{id} auth: { service_token: KEY } with a service_auth policy on that application, then: mcp-portal apply',
  ],
  [
    { status: [301, 302, 303, 307, 308] },
    'The address has moved, and clients do not follow with credentials.',
    'Use the address that it leads to as servers.{id}.url, then: mcp-portal apply',
  ],
  [
    { body: /"error"\s*:\s*"unauthorized".*Token expired or invalid|Token expired or invalid/is },
    'The token has expired or was never valid: one that was copied from a browser lives for some hours.',
    'Use a service token instead (service_tokens: on the portal) or managed OAuth, which renews itself',
  ],
  [
    { body: /MCP authentication failed/i },
    'The application in front could not sign in to its MCP server: its stored token has run out.',
    'Use a service token instead of a copied one: mcp-portal service-token create NAME --out SINK',
  ],
];
