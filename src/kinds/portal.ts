import type { Api } from '../engine/api.ts';
import type { Kind } from '../engine/kind.ts';
import { portalsSection } from './mcp/portals-section.ts';
import { settleLink } from './mcp/link-settling.ts';
import { linkFromRow, linkToApi, rowsOf, type LinkState, type Portal } from './mcp/links.ts';
import { hasUnclearRows, withOwnRows } from './mcp/own-rows.ts';
import { hostnameIn, hostnamesAfter, isFormerHostname, isImpliedRecord, isZoneRecord } from './dns/gateway.ts';
import { canonicalHostname } from './document/network.ts';
import { orphanedOverrides } from './mcp/orphans.ts';
import { overrideRules } from './mcp/overrides.ts';
import { listPortals, listServers, portalsPath } from './mcp/registrations.ts';
import { withoutUndefined } from './document/section.ts';
import { widenedExposure } from './mcp/widened.ts';

export type PortalState = {
  readonly name?: string;
  readonly hostname?: string;
  readonly description?: string | null;
  readonly code_mode?: string;
  readonly secure_web_gateway?: boolean;
  readonly servers?: { readonly [server: string]: LinkState };
};

/** An MCP server portal. API: `zeroTrust.access.aiControls.mcp.portals` of the official SDK. */
export const portal: Kind<PortalState, Portal> = {
  kind: 'portal',
  title: 'MCP server portal',
  section: portalsSection,
  // Order is the account's own and never what was sent, so the links are a map (Q1).
  fields: {
    servers: { map: true },
    'servers.*.default': { serverDefault: 'enabled' },
    ...overrideRules('servers.*.tools'),
    ...overrideRules('servers.*.prompts'),
    secure_web_gateway: { serverDefault: false },
    code_mode: { serverDefault: 'opt_in' },
  },
  refersTo: ['server'],
  references: ({ servers }) => Object.keys(servers ?? {}).map((ref) => ({ kind: 'server', ref })),

  list: async ({ api, desired }) => {
    const listed = await listPortals(api);
    // Some versions of the listing leave the links out; only then each portal is read on its own. Null is none (Q4).
    const portals = await Promise.all(
      listed.map(async (live) => ('servers' in live ? live : await api.get<Portal>(pathOf(api, live)))),
    );
    const unread = { registrations: [], declared: desired };
    const registrations = portals.some((live) => hasUnclearRows(live, unread)) ? await listServers(api) : [];
    return portals.map((live) => withOwnRows(live, { ...unread, registrations }));
  },
  identify: (live) => ({ id: live.id, identity: live.id, name: live.id }),
  identities: ({ key }) => [key],
  toState: (live) => {
    const { name, hostname, description, code_mode: codeMode, secure_web_gateway: gateway } = live;
    return withoutUndefined({
      name,
      hostname: canonicalHostname(hostname),
      description: typeof description === 'string' ? description : undefined,
      code_mode: typeof codeMode === 'string' ? codeMode : undefined,
      secure_web_gateway: typeof gateway === 'boolean' ? gateway : undefined,
      servers: Object.fromEntries(rowsOf(live).map(({ id, row }) => [id, linkFromRow(row)])),
    });
  },
  initial: (key, state) => ({ name: key, ...state }),
  settle: (state, live, peers) => {
    const { servers } = state;
    if (servers === undefined) return state;
    const settled = Object.entries(servers).map(
      ([id, link]) => [id, settleLink({ id, link, live: live?.servers?.[id] }, peers)] as const,
    );
    return { ...state, servers: Object.fromEntries(settled) };
  },
  obstacles: ({ key, state }, bound, { existing, desired }) => {
    const rival = existing('portal').find(({ id, live }) => id !== (bound?.id ?? key) && hostnameIn(live) === state.hostname);
    if (rival === undefined || state.hostname === undefined) return [];
    const entry = desired('portal').find((other) => other.key === rival.id);
    const gives = entry !== undefined && (entry.absent || entry.state['hostname'] !== state.hostname);
    return [
      {
        message: `portal:${key}: the hostname ${state.hostname} belongs to the portal ${rival.id} already`,
        ids: [rival.id],
        // Nothing says which of two portals is changed first, and the API may refuse a hostname that is still taken.
        hint: gives
          ? `do it in two runs: first let portal:${rival.id} give the hostname up, then let portal:${key} take it`
          : 'give one of them another hostname',
      },
    ];
  },
  remarks: ({ key, state, place }, _bound, { existing }) =>
    Object.entries(state.servers ?? {}).flatMap(([id, link]) => {
      const server = existing('server').find((candidate) => candidate.id === id)?.live;
      return place === undefined ? [] : orphanedOverrides(link, { place, where: `portals.${key}.servers.${id}`, server });
    }),
  widens: ({ key, place }, { before, after }, peers) => widenedExposure({ key, place, before, after }, peers),
  impact: (action, { hostname }) => (action === 'delete' ? `every client of https://${hostname}/mcp loses access` : undefined),

  create: async ({ api, key, state }) => {
    const path = portalsPath(api);
    const find = async () => (await api.get<readonly Portal[]>(path, { search: key })).find((live) => live.id === key);
    const body = { id: key, ...portalBody(state) };
    // An answer may be thin: what was sent stands in for what it leaves out.
    return { live: { ...body, ...(await api.post<Portal>(path, body, { find })) } };
  },
  update: async ({ api, live, state }) => {
    const body = portalBody({ name: live.name, ...state });
    return { live: { ...live, ...body, ...(await api.put<Portal>(pathOf(api, live), body)) } };
  },
  remove: (api, live) => api.remove(pathOf(api, live)),
  release: (state, gone) => {
    const kept = Object.entries(state.servers ?? {}).filter(([id]) => gone !== `server:${id}`);
    return { ...state, servers: Object.fromEntries(kept) };
  },
  output: (_key, { hostname }) => ({ url: `https://${hostname}/mcp` }),
  reaches: ({ live }, peers) => {
    const portals = { former: hostnameIn(live), present: hostnamesAfter(peers) };
    return peers.existing('dns_record').filter(({ live: record }) => isZoneRecord(record) && isFormerHostname(record, portals));
  },
  reachesInto: ['dns_record'],
  toEntry: (key, { servers, ...state }, { existing }) => {
    const hasRecord = existing('dns_record').some(
      ({ live: record }) => isZoneRecord(record) && isImpliedRecord(record, new Set([state.hostname])),
    );
    return { section: 'portals', key, value: { ...state, servers: servers ?? {}, ...(hasRecord ? {} : { dns: false }) } };
  },
};

/** Only `code_mode` is ever sent: together with the deprecated `allow_code_mode` it can be refused (Q14). */
const portalBody = (state: PortalState) =>
  withoutUndefined({
    name: state.name,
    hostname: state.hostname,
    description: state.description === null ? '' : state.description,
    code_mode: state.code_mode,
    secure_web_gateway: state.secure_web_gateway,
    servers: state.servers === undefined ? undefined : Object.entries(state.servers).map(([id, link]) => linkToApi(id, link)),
  });

const pathOf = (api: Api, live: Portal): string => `${portalsPath(api)}/${encodeURIComponent(live.id)}`;
