import { checkMembers, text } from './check.ts';
import { listed, ok, pagings } from './envelope.ts';
import type { JsonObject } from './json.ts';
import { invalid, unroutable } from './refusal.ts';
import { type Answer, type Call, type Route, route } from './route.ts';
import { type SandboxState, type ZoneRow, zoneRow } from './state.ts';

/** Zones. A new one is active at once: there is no registrar to wait for. */
export const zoneRoutes: readonly Route[] = [
  route('GET', '/zones', (call) => list(call)),
  route('POST', '/zones', (call) => create(call)),
  route('GET', '/zones/:zone', (call) => ok(zoneView(call.state)(foundZone(call)))),
  route('DELETE', '/zones/:zone', (call) => remove(call)),
];

const list = (call: Call): Answer => {
  const { query, state } = call;
  const [name, account, status] = [query.get('name'), query.get('account.id'), query.get('status')];
  const rows = state.zones.filter(
    (zone) =>
      (name === null || zone.name === name.toLowerCase()) &&
      (account === null || account === state.account_id) &&
      (status === null || status === 'active'),
  );
  return listed(call, rows, { paging: pagings.zones, view: zoneView(state) });
};

const create = ({ state, now, body }: Call): Answer => {
  checkMembers(body, { name: { type: 'string', required: true }, account: { type: 'object' } }, 1004);
  const name = text(body['name']).toLowerCase();
  if (!/^(?:[a-z0-9-]+\.)+[a-z0-9-]{2,}$/.test(name)) throw invalid(1049, `${name} is not a registered domain`);
  if (state.zones.some((zone) => zone.name === name)) throw invalid(1061, `${name} already exists`);
  const zone = zoneRow(state, name, now);
  state.zones = [...state.zones, zone];
  return ok(zoneView(state)(zone));
};

const remove = (call: Call): Answer => {
  const { state } = call;
  const { id } = foundZone(call);
  state.zones = state.zones.filter((zone) => zone.id !== id);
  state.dns_records = state.dns_records.filter((record) => record.zone_id !== id);
  return ok({ id });
};

/** The zone that a path names. */
export const foundZone = ({ state, param, path }: Call): ZoneRow => {
  const zone = state.zones.find((each) => each.id === param('zone'));
  if (zone === undefined) throw unroutable(`/client/v4${path}`);
  return zone;
};

const zoneView =
  (state: SandboxState) =>
  (zone: ZoneRow): JsonObject => ({
    id: zone.id,
    name: zone.name,
    status: 'active',
    paused: false,
    type: 'full',
    development_mode: 0,
    name_servers: ['ada.ns.cloudflare.com', 'bob.ns.cloudflare.com'],
    original_name_servers: [],
    account: { id: state.account_id, name: 'Sandbox' },
    permissions: ['#dns_records:edit', '#dns_records:read', '#zone:read'],
    plan: { id: '0feeeeeeeeeeeeeeeeeeeeeeeeeeeeee', name: 'Free Website' },
    created_on: zone.created_at,
    modified_on: zone.created_at,
    activated_on: zone.created_at,
  });
