import type { Existing, Peers } from '../../engine/kind.ts';
import { isPlain, type Plain } from '../../engine/values.ts';
import { portal as portalKind } from '../portal.ts';
import { portalApp } from '../portal-app.ts';
import { hostnameIn } from '../dns/gateway.ts';
import { rowsOf } from './links.ts';
import { serverRow } from './server-row.ts';

/** A live portal as `list-portals` shows it. */
export type PortalRow = {
  readonly id: string;
  readonly name: string;
  readonly hostname: string;
  readonly url: string;
  readonly servers: readonly string[];
};

export function portalRow({ id, live }: Existing): PortalRow {
  const portal = isPlain(live) ? live : {};
  const hostname = hostnameIn(live);
  const servers = rowsOf(portal).map((row) => row.id);
  const { name } = portal;
  return { id, name: typeof name === 'string' ? name : id, hostname, url: `https://${hostname}/mcp`, servers };
}

/** A portal as a document writes it, with its URL and the status of each of its servers. */
export function portalView(existing: Existing, peers: Peers): Plain & { readonly id: string; readonly url: string } {
  const { id, url, hostname } = portalRow(existing);
  const { dns: _dns, servers, ...entry } = entryOf(portalKind, existing, { key: id, peers });
  const login = peers.existing('portal_app').find(({ identity }) => identity === hostname);
  const access = login === undefined ? {} : entryOf(portalApp, login, { key: id, peers });
  const known = new Map(peers.existing('server').map((server) => [server.id, serverRow(server, peers)]));
  const links = Object.entries(isPlain(servers) ? servers : {}).map(([server, link]) => {
    const { status, error } = known.get(server) ?? { status: 'missing', error: undefined };
    return [server, { ...withoutEmpty(link), status, ...(error === undefined ? {} : { error }) }];
  });
  return { id, url, ...entry, servers: Object.fromEntries(links), ...access };
}

type Entry = { readonly key: string; readonly peers: Peers };

/** What the kind writes into a document for a live object. */
function entryOf(kind: typeof portalKind | typeof portalApp, { live }: Existing, { key, peers }: Entry): Plain {
  // The listing of a kind gives its own live objects.
  const own = kind as typeof portalKind;
  return own.toEntry?.(key, own.toState(live as Parameters<typeof own.toState>[0], peers), peers)?.value ?? {};
}

const withoutEmpty = (link: unknown): Plain =>
  Object.fromEntries(
    Object.entries(isPlain(link) ? link : {}).filter(([, value]) => !isPlain(value) || Object.keys(value).length > 0),
  );
