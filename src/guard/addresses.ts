import { UsageError } from '../lib/errors.ts';

export type Address = { readonly host: string; readonly port: number };

/** Reads `HOST:PORT` or `PORT`. Only this machine, unless `allowRemote`. Throws a `UsageError`. */
export function listenAddress(text: string, allowRemote: boolean): Address {
  const [, bracketed, plain = '127.0.0.1', digits = ''] = /^(?:(?:\[([^\]]+)\]|([^:]*)):)?(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? (plain === '' ? '127.0.0.1' : plain);
  const port = Number(digits);
  if (digits === '' || port > 65_535) {
    throw new UsageError(`--listen must be HOST:PORT, not "${text}"`, {
      hint: 'Such as 127.0.0.1:8787; port 0 takes a free one.',
    });
  }
  if (!allowRemote && !isLoopback(host)) {
    throw new UsageError(`--listen ${text} can be reached from other machines, which needs --allow-remote`, {
      hint: 'A tunnel that runs on this machine reaches 127.0.0.1. In a container, where only the tunnel shares the network, --allow-remote is right.',
    });
  }
  return { host, port };
}

const isLoopback = (host: string): boolean =>
  host.toLowerCase() === 'localhost' || /^127(?:\.\d{1,3}){3}$/.test(host) || ['::1', '0:0:0:0:0:0:0:1'].includes(host);

/** Reads `--upstream`: the address of the MCP server. Its path is of no use, since paths pass through unchanged. */
export function upstreamUrl(text: string | undefined, listen: Address): URL {
  const url = text === undefined || !URL.canParse(text) ? undefined : new URL(text);
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(
      text === undefined ? '--upstream is missing' : '--upstream must be a URL that begins with http:// or https://',
      { hint: 'The address of the MCP server, such as --upstream http://127.0.0.1:3001.' },
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError('--upstream must not hold a user or a password', {
      hint: 'Requests reach the server with its address alone.',
    });
  }
  const port = Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port);
  if (port === listen.port && isLoopback(url.hostname.replace(/^\[|\]$/g, ''))) {
    throw new UsageError(`--upstream ${url.origin} is the guard itself`, { hint: 'Choose another port with --listen.' });
  }
  return url;
}

/** The issuer of a team's tokens: from `TEAM`, `TEAM.cloudflareaccess.com`, or a URL. Throws a `UsageError`. */
export function teamOrigin(team: string): string {
  const text = team.includes('://') ? team : `https://${team.includes('.') ? team : `${team}.cloudflareaccess.com`}`;
  const { protocol, hostname, origin } = URL.canParse(text) ? new URL(text) : { protocol: '', hostname: '', origin: '' };
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) return origin;
  throw new UsageError(`--access-team must be the name of a Zero Trust team, not "${team}"`);
}
