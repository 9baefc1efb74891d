import { isPlain, type Plain } from '../engine/values.ts';
import { causeOf } from './causes.ts';
import type { Check, Judge } from './check.ts';
import { cut, seen, type Exchange } from './exchange.ts';
import { isLoopback, type Line } from './wire.ts';

export type Challenged = { readonly id: string; readonly url: string; readonly of: Judge; readonly line: Line };

const oauthFix = (id: string): string => `Set portals.${id}.access.oauth: { enabled: true }, then: mcp-portal apply`;

/** What a client without credentials is told, and whether it leads to a sign-in that a client can use. */
export async function checkChallenge(bare: Exchange, { id, url, of, line }: Challenged): Promise<readonly Check[]> {
  const name = 'no credentials';
  const { status, headers } = bare;
  if (status !== undefined && status < 300) {
    const cause = 'A bypass policy lets everybody in, or something else than a portal answers at this hostname.';
    return [
      of.failed({
        name,
        detail: `${seen(bare)}: anybody gets in`,
        cause,
        fix: `Remove the bypass policy from portals.${id}.access.policies, then: mcp-portal apply`,
      }),
    ];
  }
  if (status !== 401) return [of.failed({ name, detail: seen(bare), ...causeOf(bare, { where: 'endpoint', id }) })];
  const header = headers['www-authenticate'];
  if (header === undefined) {
    return [
      of.failed({
        name,
        detail: 'HTTP 401 without WWW-Authenticate',
        cause: 'Clients cannot find where to sign in.',
        fix: oauthFix(id),
      }),
    ];
  }
  const named = /resource_metadata="?([^",\s]+)/i.exec(header)?.[1];
  const told = of.passed({
    name,
    detail: named === undefined ? 'HTTP 401, without resource_metadata' : 'HTTP 401 with a challenge',
  });
  const address = named ?? new URL('/.well-known/oauth-protected-resource/mcp', url).href;
  return [told, ...(await followed(address, { id, url, of, line }))];
}

/** The metadata of the resource, and of the server that signs people in. */
async function followed(address: string, { id, url, of, line }: Challenged): Promise<readonly Check[]> {
  const name = 'resource metadata';
  const resource = await document(address, line);
  if (!('value' in resource))
    return [
      of.failed({
        name,
        detail: `${cut(address)}: ${resource.trouble}`,
        cause: 'The challenge leads to no metadata, so clients find no sign-in.',
        fix: oauthFix(id),
      }),
    ];
  const { resource: own, authorization_servers: servers } = resource.value;
  if (typeof own === 'string' && !covers(own, url)) {
    return [
      of.failed({
        name,
        detail: `it is about ${cut(own)}`,
        cause: 'The metadata is about another address: clients refuse to sign in with it.',
        fix: `Connect to ${cut(own)}, or correct the hostname of portals.${id}`,
      }),
    ];
  }
  const [issuer] = Array.isArray(servers) ? servers : [];
  if (typeof issuer !== 'string' || !URL.canParse(issuer))
    return [
      of.failed({
        name,
        detail: 'authorization_servers: []',
        cause: 'The metadata names no server that signs people in.',
        fix: oauthFix(id),
      }),
    ];
  return [of.passed({ name, detail: `signs in at ${cut(issuer)}` }), ...(await checkIssuer(issuer, { id, of, line }))];
}

const covers = (resource: string, url: string): boolean => {
  if (!URL.canParse(resource)) return false;
  const [own, asked] = [new URL(resource), new URL(url)];
  return (own.origin === asked.origin || isLoopback(own.hostname)) && asked.pathname.startsWith(own.pathname.replace(/\/$/, ''));
};

async function checkIssuer(issuer: string, { id, of, line }: Omit<Challenged, 'url'>): Promise<readonly Check[]> {
  const name = 'authorization server';
  let found: Found = { trouble: 'no metadata' };
  for (const address of metadataAddresses(issuer)) {
    found = await document(address, line);
    if ('value' in found) break;
  }
  if (!('value' in found))
    return [
      of.failed({
        name,
        detail: `${cut(issuer)}: ${found.trouble}`,
        cause: 'Clients cannot read how to sign in.',
        fix: oauthFix(id),
      }),
    ];
  const {
    issuer: said,
    code_challenge_methods_supported: methods,
    registration_endpoint: registration,
    client_id_metadata_document_supported: documents,
  } = found.value;
  if (said !== issuer) {
    const cause = 'Clients compare the two byte for byte and refuse what differs, be it by a final slash.';
    return [
      of.failed({
        name,
        detail: `issuer ${cut(String(said))}, asked for ${cut(issuer)}`,
        cause,
        fix: 'Let the metadata of the server and of the resource name the same issuer',
      }),
    ];
  }
  if (!Array.isArray(methods) || !methods.includes('S256')) {
    return [
      of.failed({
        name,
        detail: 'no PKCE with S256',
        cause: 'Clients refuse servers that do not say code_challenge_methods_supported: ["S256"].',
        fix: oauthFix(id),
      }),
    ];
  }
  const signIn = of.passed({ name, detail: 'issuer as asked, PKCE S256' });
  if (typeof registration === 'string' || documents === true)
    return [
      signIn,
      of.passed({
        name: 'registration',
        detail: typeof registration === 'string' ? 'clients can register' : 'clients bring a metadata document',
      }),
    ];
  const cause = 'Clients without an id of their own cannot sign in.';
  return [
    signIn,
    of.warned({
      name: 'registration',
      detail: 'there is no way to register',
      cause,
      fix: `Set portals.${id}.access.oauth.dynamic_client_registration: { enabled: true }, then: mcp-portal apply`,
    }),
  ];
}

/** Where an issuer's metadata may be (RFC 8414, then OpenID), in the order in which clients look. */
export function metadataAddresses(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const own = [`${origin}/.well-known/oauth-authorization-server${path}`, `${origin}/.well-known/openid-configuration${path}`];
  return path === '' ? own : [...own, `${origin}${path}/.well-known/openid-configuration`];
}

type Found = { readonly value: Plain } | { readonly trouble: string };
const longest = 100_000;

/** A JSON document. Only from https, or from this machine, where portals are tried out. */
async function document(address: string, line: Line): Promise<Found> {
  if (!URL.canParse(address)) return { trouble: 'it is no URL' };
  const { protocol, hostname } = new URL(address);
  if (protocol !== 'https:' && !isLoopback(hostname)) return { trouble: 'it is not https' };
  const from = line.exchanges.length;
  try {
    const response = await line.fetch(address, { headers: { accept: 'application/json' } });
    const text = await response.text();
    const exchange = line.exchanges[from];
    if (response.status !== 200) return { trouble: exchange === undefined ? `HTTP ${response.status}` : seen(exchange) };
    const value: unknown = text.length > longest ? undefined : JSON.parse(text);
    return isPlain(value) ? { value } : { trouble: 'no JSON object' };
  } catch (error) {
    return { trouble: error instanceof SyntaxError ? 'no JSON' : error instanceof Error ? error.message : String(error) };
  }
}
