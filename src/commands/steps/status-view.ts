import { lifeUntil } from '../../doctor/dates.ts';
import { addressOf, type Existing } from '../../engine/kind.ts';
import { frozenAmong } from '../../engine/frozen.ts';
import { kindNamed } from '../../engine/kind-named.ts';
import { memberOf } from '../../engine/values.ts';
import { isVisible, linksOf } from '../../exposure/visible.ts';
import { tokenRow, type TokenRow } from '../../kinds/access/token-row.ts';
import { kinds } from '../../kinds/index.ts';
import { portalRow, type PortalRow } from '../../kinds/mcp/portal-row.ts';
import { serverRow, type ServerRow } from '../../kinds/mcp/server-row.ts';
import { namesIn } from '../../kinds/mcp/synced.ts';
import { liveSettings } from '../../kinds/mcp/widened.ts';
import type { StatusView } from '../../render/status.ts';
import { byId, type Seen } from './look.ts';
import { loginOf, policyCount } from './status-logins.ts';
import { needsOf } from './status-needs.ts';

/** The kinds that a status looks at: four listings, as the three kinds of applications share one. */
export const statusKinds = ['service_token', 'server', 'server_app', 'portal', 'portal_app', 'application'] as const;

/** The account, or what of it a document declares. */
export function statusView(seen: Seen, now: Date): StatusView {
  const hasDocument = seen.sources.length > 0;
  const declared = (kind: string) => seen.desired(kind).filter(({ absent }) => !absent);
  const chosen = (kind: string): readonly Existing[] => {
    const all = seen.existing(kind).toSorted(byId);
    if (!hasDocument) return all;
    const ours = new Set(declared(kind).map(({ key }) => seen.live(addressOf(kind, key))?.id));
    return all.filter(({ id }) => ours.has(id));
  };
  const servers = chosen('server');
  const portals = chosen('portal');
  const apps = [...chosen('portal_app'), ...chosen('server_app'), ...chosen('application')];
  const missing = statusKinds.flatMap((kind) =>
    declared(kind).flatMap(({ key }) => (seen.live(addressOf(kind, key)) === undefined ? [addressOf(kind, key)] : [])),
  );
  const tokens = chosen('service_token').map(({ live }) => tokenRow(live));
  return {
    needs: needsOf({ seen, servers, portals, tokens, missing, now }),
    portals: portals.map((portal) => ({ ...portalStatus(portal, seen), login: policyCount(loginOf(portal, seen)) > 0 })),
    servers: servers.map((server) => serverStatus(server, seen)),
    applications: apps.map(appStatus),
    service_tokens: tokens.map((token) => tokenStatus(token, now)),
    frozen: frozenAmong(kinds, seen),
    missing,
    others: hasDocument ? statusKinds.reduce((sum, kind) => sum + seen.existing(kind).length - chosen(kind).length, 0) : 0,
  };
}

function portalStatus(portal: Existing, seen: Seen): PortalRow & { readonly tools_shown: number; readonly tools_hidden: number } {
  const live = new Map(seen.existing('server').map((server) => [server.id, server]));
  const state = kindNamed(kinds, 'portal').toState(portal.live, seen);
  const shown = linksOf(state, (id) => liveSettings(live.get(id))).flatMap((link) =>
    namesIn(live.get(link.server)?.live, 'tools').map((own) => isVisible(own, 'tools', link)),
  );
  const visible = shown.filter(Boolean).length;
  return { ...portalRow(portal), tools_shown: visible, tools_hidden: shown.length - visible };
}

function serverStatus(server: Existing, seen: Seen): ServerRow & { readonly last_synced: string | null } {
  const synced = memberOf(server.live, 'last_successful_sync') ?? memberOf(server.live, 'last_synced');
  return { ...serverRow(server, seen), last_synced: typeof synced === 'string' ? synced : null };
}

const appStatus = (app: Existing) => ({
  name: textIn(app.live, 'name'),
  type: textIn(app.live, 'type'),
  for: app.name,
  policies: policyCount(app),
});

const textIn = (live: unknown, field: string): string => {
  const value = memberOf(live, field);
  return typeof value === 'string' ? value : '';
};

function tokenStatus({ name, enabled, expires_at: end, duration, last_seen_at }: TokenRow, now: Date) {
  const words = duration === 'forever' ? 'never expires' : (lifeUntil(end, now)?.words ?? 'unknown');
  return { name, enabled, expires_at: end, expiry: words, last_seen_at };
}
