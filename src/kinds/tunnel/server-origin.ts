import type { Address, Entry, Finding, Sections } from '../../engine/kind.ts';
import { suggestion } from '../access/rule-schema.ts';
import { mistake } from '../document/findings.ts';
import { canonicalHostname } from '../document/network.ts';
import { marksOf } from '../document/section-marks.ts';
import { hostnamesIn } from './ingress.ts';

/** A server that may say behind which tunnel it is. */
type Server = Pick<Entry, 'key' | 'place' | 'at'> & {
  readonly value: { readonly tunnel?: string | undefined; readonly url?: string | undefined; readonly absent?: boolean };
};

const tunnelOf = ({ value: { tunnel } }: Server, document: Sections): Entry | undefined =>
  tunnel === undefined ? undefined : document.entry('tunnels', tunnel);

/** The hostnames that a tunnel serves by name: one with a `*` is no address. */
const addressesOf = (tunnel: Pick<Entry, 'value'> | undefined): readonly string[] =>
  hostnamesIn(tunnel?.value['ingress']).filter((hostname) => !hostname.includes('*'));

/** The address of a server behind a tunnel: where it says none, the only one that the tunnel has. */
export function urlBehindTunnel(server: Server, document: Sections): string | undefined {
  const { url } = server.value;
  if (url !== undefined) return url;
  const [hostname, ...others] = addressesOf(tunnelOf(server, document));
  return hostname === undefined || others.length > 0 ? undefined : `https://${hostname}/mcp`;
}

/** What has to be there before the server: its tunnel, and the record of its hostname. */
export function behindTunnel(server: Server, document: Sections): { readonly follows?: readonly Address[] } {
  const { tunnel } = server.value;
  if (tunnel === undefined) return {};
  const url = urlBehindTunnel(server, document);
  const host = url === undefined ? undefined : hostOf(url);
  const serving = hostnamesIn(tunnelOf(server, document)?.value['ingress']).find(
    (pattern) => host !== undefined && fits(host, pattern),
  );
  return { follows: [`tunnel:${tunnel}`, ...(serving === undefined ? [] : ([`dns_record:${serving}/CNAME`] as const))] };
}

/** A tunnel that the document does not have, or that does not serve the server's address. */
export function checkBehindTunnel(server: Server, document: Sections): readonly Finding[] {
  const { tunnel, url, absent } = server.value;
  if (tunnel === undefined || absent === true) return [];
  const entry = tunnelOf(server, document);
  const place = server.at('tunnel');
  if (entry === undefined) {
    const hint = suggestion(
      tunnel,
      document.entries('tunnels').map(({ key }) => key),
      'tunnels',
    );
    // Without its entry nothing can fill in an address, whatever the account has.
    return [mistake({ code: url === undefined ? 'MCP212' : 'MCP201', message: `there is no tunnel "${tunnel}"`, hint, place })];
  }
  if (marksOf(entry.value).absent === true)
    return [mistake({ code: 'MCP202', message: `tunnels.${tunnel} is absent: true and cannot be used here`, place })];
  return checkAddress(server, entry);
}

function checkAddress(server: Server, { key: tunnel, value }: Entry): readonly Finding[] {
  const { url } = server.value;
  const known = hostnamesIn(value['ingress']);
  const list = known.length === 0 ? 'it has none' : `it has: ${known.join(', ')}`;
  if (url === undefined) {
    if (addressesOf({ value }).length === 1) return [];
    const message = `servers.${server.key} needs url: tunnels.${tunnel} does not have exactly one hostname (${list})`;
    return [
      mistake({ code: 'MCP212', message, place: server.at('tunnel'), hint: 'say url: https://HOSTNAME/mcp, with one of them' }),
    ];
  }
  // Rules that the document leaves as they are may have it.
  const host = hostOf(url);
  if (value['ingress'] === undefined || host === undefined || known.some((pattern) => fits(host, pattern))) return [];
  const message = `servers.${server.key}: tunnels.${tunnel} has no hostname ${host} (${list})`;
  return [
    mistake({ code: 'MCP212', message, place: server.at('url'), hint: 'use one of its hostnames, or add a rule to its ingress' }),
  ];
}

const hostOf = (url: string): string | undefined => (URL.canParse(url) ? canonicalHostname(new URL(url).hostname) : undefined);

/** Whether a rule's hostname serves a host: `*.example.com` serves every name below it. */
const fits = (host: string, pattern: string): boolean =>
  host === pattern || (pattern.startsWith('*.') && host.endsWith(pattern.slice(1)));
