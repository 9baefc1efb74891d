import { randomBytes, randomUUID } from 'node:crypto';
import { checkMembers, type Members, text } from './check.ts';
import { listed, ok } from './envelope.ts';
import type { JsonObject } from './json.ts';
import { conflict, invalid, missing } from './refusal.ts';
import { type Answer, type Call, type Route, route } from './route.ts';
import { replaced, row, type TunnelRow } from './state.ts';
import { configure, configurationView } from './tunnel-configuration.ts';

const base = '/accounts/:account/cfd_tunnel';
const paging = { max: 1000, initial: 20 } as const;
const changeable: Members = { name: { type: 'string', max: 255 }, tunnel_secret: { type: 'string' } };
const initial: Members = {
  ...changeable,
  name: { type: 'string', required: true, max: 255 },
  config_src: { type: 'string', oneOf: ['cloudflare', 'local'] },
};

/** Tunnels. A deleted one stays, with the time of its end, and is listed unless the caller asks for the others. */
export const tunnelRoutes: readonly Route[] = [
  route('POST', base, (call) => create(call)),
  route('GET', base, (call) => list(call)),
  route('GET', `${base}/:id`, (call) => ok(tunnelView(found(call)))),
  route('PATCH', `${base}/:id`, (call) => rename(call)),
  route('DELETE', `${base}/:id`, (call) => remove(call)),
  route('GET', `${base}/:id/token`, (call) => ok(tokenOf(call, present(call)))),
  route('GET', `${base}/:id/configurations`, (call) => ok(configurationView(present(call)))),
  route('PUT', `${base}/:id/configurations`, (call) => ok(configure(call, present(call)))),
  route('GET', `${base}/:id/connections`, (call) => ok(connectors(present(call)))),
  route('DELETE', `${base}/:id/connections`, (call) => disconnect(call)),
];

const create = (call: Call): Answer => {
  const { state, now, body } = call;
  checkMembers(body, initial, 1004);
  const name = text(body['name']);
  checkName(call, name);
  const secret = text(body['tunnel_secret'], randomBytes(32).toString('base64'));
  if (Buffer.from(secret, 'base64').length < 32) throw invalid(1004, 'tunnel_secret: must be at least 32 bytes in base64');
  const tunnel: TunnelRow = {
    ...row(now, randomUUID(), { name, config_src: text(body['config_src'], 'local') }),
    deleted_at: null,
    secret,
    configuration: null,
    connections: [],
  };
  state.tunnels = [...state.tunnels, tunnel];
  const credentials = { AccountTag: state.account_id, TunnelID: tunnel.id, TunnelName: name, TunnelSecret: secret };
  return ok({ ...tunnelView(tunnel), credentials_file: credentials, token: tokenOf(call, tunnel) });
};

const rename = (call: Call): Answer => {
  const live = present(call);
  checkMembers(call.body, changeable, 1004);
  const name = text(call.body['name'], text(live.body['name']));
  if (name !== live.body['name']) checkName(call, name);
  const secret = text(call.body['tunnel_secret'], live.secret);
  const next = { ...live, body: { ...live.body, name }, secret, updated_at: call.now.toISOString() };
  call.state.tunnels = replaced(call.state.tunnels, next);
  return ok(tunnelView(next));
};

/** Refused while a connector is connected: also one that is gone counts for some minutes. */
const remove = (call: Call): Answer => {
  const live = present(call);
  if (live.connections.length > 0) throw invalid(1022, 'cannot delete tunnel because it has active connections');
  const next = { ...live, deleted_at: call.now.toISOString() };
  call.state.tunnels = replaced(call.state.tunnels, next);
  return ok(tunnelView(next));
};

const disconnect = (call: Call): Answer => {
  const client = call.query.get('client_id');
  const live = present(call);
  const connections = client === null ? [] : live.connections.filter((each) => each['client_id'] !== client);
  call.state.tunnels = replaced(call.state.tunnels, { ...live, connections });
  return ok(null);
};

/** Filters: `name`, `uuid`, `status`, `is_deleted`, `include_prefix`, `exclude_prefix`. */
const list = (call: Call): Answer => {
  const wanted = (member: string): string | null => call.query.get(member);
  const rows = call.state.tunnels.filter((tunnel) => {
    const name = text(tunnel.body['name']);
    const [include, exclude, isDeleted] = [wanted('include_prefix'), wanted('exclude_prefix'), wanted('is_deleted')];
    return (
      [null, name].includes(wanted('name')) &&
      [null, tunnel.id].includes(wanted('uuid')) &&
      [null, statusOf(tunnel)].includes(wanted('status')) &&
      (isDeleted === null || (isDeleted === 'true') === (tunnel.deleted_at !== null)) &&
      (include === null || name.startsWith(include)) &&
      (exclude === null || !name.startsWith(exclude))
    );
  });
  return listed(call, rows, { paging, view: tunnelView });
};

const checkName = ({ state }: Call, name: string): void => {
  const isTaken = state.tunnels.some((each) => each.deleted_at === null && each.body['name'] === name);
  if (isTaken) throw conflict(1013, 'You already have a tunnel with this name. Choose a different name for this tunnel.');
};

const found = ({ state, param }: Call): TunnelRow => {
  const tunnel = state.tunnels.find((each) => each.id === param('id'));
  if (tunnel === undefined) throw missing(1003, 'Tunnel not found');
  return tunnel;
};

/** A tunnel that was not deleted: only reading one by its id answers for the others. */
const present = (call: Call): TunnelRow => {
  const tunnel = found(call);
  if (tunnel.deleted_at !== null) throw missing(1003, 'Tunnel not found');
  return tunnel;
};

/** What `cloudflared tunnel run` takes: the account, the tunnel and its secret, as JSON in base64. */
const tokenOf = ({ state }: Call, { id, secret }: TunnelRow): string =>
  Buffer.from(JSON.stringify({ a: state.account_id, t: id, s: secret })).toString('base64');

const statusOf = ({ connections, deleted_at: deletedAt }: TunnelRow): string =>
  connections.length > 0 && deletedAt === null ? 'healthy' : 'inactive';

/** One connector for each client, with its connections. */
const connectors = ({ connections }: TunnelRow): readonly JsonObject[] =>
  [...new Set(connections.map((each) => text(each['client_id'])))].map((client) => ({
    id: client,
    version: '2026.11.0',
    arch: 'linux_amd64',
    config_version: 1,
    conns: connections.filter((each) => each['client_id'] === client),
  }));

/** `connections` is there for old clients, and always empty: the endpoint of that name has them. */
const tunnelView = (tunnel: TunnelRow): JsonObject => ({
  id: tunnel.id,
  name: tunnel.body['name'],
  config_src: tunnel.body['config_src'],
  remote_config: tunnel.body['config_src'] === 'cloudflare',
  tun_type: 'cfd_tunnel',
  status: statusOf(tunnel),
  created_at: tunnel.created_at,
  deleted_at: tunnel.deleted_at,
  conns_active_at: tunnel.connections.length > 0 ? tunnel.updated_at : null,
  conns_inactive_at: null,
  connections: [],
  metadata: {},
});
