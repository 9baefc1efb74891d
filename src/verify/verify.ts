import { isIP } from '../kinds/document/network.ts';
import { createLimit } from '../lib/limit.ts';
import type { Secret } from '../secrets/secret.ts';
import { botOf, checkAccess, portalPlace, serverPlace, type Opened } from './access.ts';
import type { Account } from './account.ts';
import { excused, failureIn, layers, type Check } from './check.ts';
import { checkDns, recordsOf, type Records } from './dns.ts';
import { afterLayers, probeEndpoint, type Probed } from './endpoint.ts';
import { checkMembership } from './membership.ts';
import { checkOrigin } from './origin.ts';
import { checkServer } from './server.ts';
import { checkShown, promisedNames } from './shown.ts';
import { firstText, type PortalSubject, type ServerSubject } from './subjects.ts';
import type { ToolCall } from './tool-call.ts';
import { checkTunnel } from './tunnel.ts';
import type { Wire } from './wire.ts';

type Headers = Readonly<Record<string, Secret>>;

export type VerifyOptions = {
  readonly account: Account;
  readonly portals: readonly PortalSubject[];
  readonly servers: readonly ServerSubject[];
  readonly wire: Wire;
  readonly timeoutMs: number;
  readonly now: Date;
  /** A name that is not asked of DNS. */
  isResolved(hostname: string): boolean;
  /** The service token of this run. */
  readonly credentials: { readonly clientId: Secret; readonly headers: Headers } | undefined;
  /** What the document signs in to a server with, where that can be read. */
  headersFor(server: ServerSubject): Promise<Headers | undefined>;
  /** The tool to call, as `SERVER.TOOL` names it in a portal. */
  call(portal: PortalSubject): ToolCall | undefined;
};

/** Chains at the same time: each waits for the network, and none for another. */
const mostChains = 64;

/**
 * Every layer of every portal. All chains go at once; what an earlier layer explains is then not held against a
 * later one. Reads, and changes nothing.
 */
export async function verify(options: VerifyOptions): Promise<readonly Check[]> {
  const { account, portals, servers, credentials, now } = options;
  const limit = createLimit(mostChains);
  // The longest chains go first.
  const [probes, names, origins] = await Promise.all([
    Promise.all(portals.map((portal) => limit(() => probeOf(portal, options)))),
    checkNames(options, limit),
    Promise.all(servers.map((server) => limit(() => originOf(server, options)))),
  ]);
  const token = credentials === undefined ? undefined : botOf(credentials.clientId, account, now);
  const ofServers = servers.map((server, at) => {
    const way = names.get(hostOf(server.url)) ?? [];
    const origin = (origins[at] ?? []).map((check) => excused(check, failureIn(way)));
    const access = checkAccess(serverPlace(server.id), token?.bot, account);
    return { server, access, checks: [...way, ...origin, ...checkServer(server, now), ...access.checks] };
  });
  const ofPortals = portals.flatMap((portal, at) => {
    const access = checkAccess(portalPlace(portal.id, portal.hostname), token?.bot, account);
    const membership = checkMembership(portal, credentials !== undefined);
    const before = [
      ...(names.get(portal.hostname) ?? []),
      ...access.checks,
      ...(token?.check(portal.id) ?? []),
      ...membership.filter(({ name }) => name === 'portal'),
    ];
    return [
      ...before,
      ...membership.filter(({ name }) => name !== 'portal'),
      ...endpointOf(portal, { probed: probes[at], before, ofServers, membership }),
    ];
  });
  return inOrder([...ofServers.flatMap(({ checks }) => checks), ...ofPortals]);
}

type ServerChecks = { readonly server: ServerSubject; readonly access: Opened; readonly checks: readonly Check[] };
type Beside = {
  readonly probed: Probed | undefined;
  readonly before: readonly Check[];
  readonly membership: readonly Check[];
  readonly ofServers: readonly ServerChecks[];
};

function endpointOf(portal: PortalSubject, { probed, before, ofServers, membership }: Beside): readonly Check[] {
  if (probed === undefined) return [];
  const checks = afterLayers(probed, failureIn(before));
  if (probed.greeted === undefined) return checks;
  const promised = portal.links.flatMap((link) => {
    const found = ofServers.find(({ server }) => server.id === link.server);
    if (found === undefined) return [];
    const isAttached = link.isLive && link.promised.on_behalf === false;
    const isShown = isAttached ? found.access.bot : 'no';
    const own = membership.filter(({ name }) => name === link.server);
    return [{ server: link.server, ...promisedNames(link, found.server), isShown, before: failureIn([...found.checks, ...own]) }];
  });
  return [...checks, ...checkShown(portal.id, probed.greeted, promised)];
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname : '');

type Limit = ReturnType<typeof createLimit>;

/** DNS and tunnels, each hostname once. */
async function checkNames(
  { account, portals, servers, isResolved, timeoutMs }: VerifyOptions,
  limit: Limit,
): Promise<ReadonlyMap<string, readonly Check[]>> {
  const targets = new Map(portals.map(({ hostname, target }) => [hostname, target]));
  const hostnames = [...new Set([...targets.keys(), ...servers.map(({ url }) => hostOf(url))])].filter(
    (name) => name.includes('.') && isIP(name) === 0,
  );
  const looked = hostnames.map((hostname) =>
    limit(async () => {
      const records: Records = await recordsOf(account.api, hostname);
      const declared = servers
        .find(({ url }) => hostOf(url) === hostname)
        ?.desired?.follows?.find((address) => address.startsWith('tunnel:'));
      const dns = await checkDns({
        hostname,
        records,
        target: targets.get(hostname),
        isResolved: isResolved(hostname),
        timeoutMs,
      });
      const behind = { hostname, records, declared: declared?.slice('tunnel:'.length) };
      return [hostname, [...dns, ...(await checkTunnel(behind, account))]] as const;
    }),
  );
  return new Map(await Promise.all(looked));
}

async function originOf(server: ServerSubject, { wire, timeoutMs, headersFor }: VerifyOptions): Promise<readonly Check[]> {
  const { id, url, state, desired } = server;
  const auth = firstText(state.auth, desired?.state['auth'], 'none');
  const gateway = state.secure_web_gateway === true;
  return checkOrigin({ id, url, auth, gateway, headers: await headersFor(server) }, { wire, timeoutMs });
}

const probeOf = (portal: PortalSubject, { wire, timeoutMs, credentials, call }: VerifyOptions): Promise<Probed> =>
  probeEndpoint(portal, { wire, timeoutMs, credentials: credentials?.headers, call: call(portal) });

/** Layer by layer; within one, as the subjects stand in the document. A host of two servers is told once. */
const inOrder = (checks: readonly Check[]): readonly Check[] => {
  const unique = [...new Set(checks)];
  return layers.flatMap((layer) => unique.filter((check) => check.layer === layer));
};
