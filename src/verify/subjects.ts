import type { Desired } from '../engine/kind.ts';
import { isPlain, type Plain } from '../engine/values.ts';
import { hostnameIn } from '../kinds/dns/gateway.ts';
import { canonicalHostname } from '../kinds/document/network.ts';
import { linkFromRow, rowsOf, unlessOauth, type LinkState } from '../kinds/mcp/links.ts';
import { serverState, type Server, type ServerState } from '../kinds/mcp/server-body.ts';
import { withoutUndefined } from '../kinds/document/section.ts';
import type { Account } from './account.ts';
import { portalTarget } from './dns.ts';

export type LinkSubject = {
  readonly server: string;
  readonly isLive: boolean;
  /** The document has it, or there is no document that could. */
  readonly isWanted: boolean;
  /** What the document says, and the account where it says nothing. */
  readonly promised: LinkState;
};

export type PortalSubject = {
  readonly id: string;
  readonly hostname: string;
  readonly isLive: boolean;
  readonly codeMode: string;
  /** Where its DNS record has to lead. */
  readonly target: string;
  readonly links: readonly LinkSubject[];
};

export type ServerSubject = {
  readonly id: string;
  readonly live: (Server & Plain) | undefined;
  /** In the document's words, as it is live. */
  readonly state: ServerState;
  readonly desired: Desired | undefined;
  readonly url: string;
};

/** The portals of the document, or of the account where the document has none. */
export function portalSubjects({ existing, peers }: Account): readonly PortalSubject[] {
  const declared = peers.desired('portal').filter(({ absent }) => !absent);
  const live = existing('portal');
  const ids = declared.length > 0 ? declared.map(({ key }) => key) : live.map(({ id }) => id).toSorted();
  return ids.map((id) => {
    const [found, wanted] = [live.find((each) => each.id === id)?.live, declared.find(({ key }) => key === id)];
    const portal = isPlain(found) ? found : {};
    const hostname = hostnameIn(portal) || canonicalHostname(firstText(wanted?.state['hostname']));
    const record = peers.desired('dns_record').find(({ state }) => state['name'] === hostname && state['type'] === 'CNAME');
    const target = record?.state['content'];
    return {
      id,
      hostname,
      isLive: found !== undefined,
      codeMode: firstText(wanted?.state['code_mode'], portal['code_mode']),
      target: typeof target === 'string' ? target : portalTarget,
      links: linksOf(portal, wanted),
    };
  });
}

/** The first that is text. */
export const firstText = (...values: readonly unknown[]): string =>
  values.find((value): value is string => typeof value === 'string') ?? '';

function linksOf(portal: Plain, wanted: Desired | undefined): readonly LinkSubject[] {
  const live = new Map(rowsOf(portal).map(({ id, row }) => [id, linkFromRow(row)]));
  const said = isPlain(wanted?.state['servers']) ? wanted.state['servers'] : undefined;
  const ids = [...new Set([...Object.keys(said ?? {}), ...live.keys()])];
  return ids.map((server) => {
    const promised: LinkState = { ...live.get(server), ...spoken(said?.[server]) };
    return { server, isLive: live.has(server), isWanted: said === undefined || Object.hasOwn(said, server), promised };
  });
}

/** What the document itself says of a link. What it leaves to the kind of server, the account has settled. */
function spoken(link: unknown): LinkState {
  if (!isPlain(link)) return {};
  const { on_behalf: onBehalf, ...rest } = link;
  return withoutUndefined({ ...rest, on_behalf: onBehalf === unlessOauth ? undefined : onBehalf }) as LinkState;
}

/** The servers of these portals, each once. */
export function serverSubjects({ existing, peers }: Account, portals: readonly PortalSubject[]): readonly ServerSubject[] {
  const ids = [...new Set(portals.flatMap(({ links }) => links.map(({ server }) => server)))];
  return ids.map((id) => {
    const live = existing('server').find((each) => each.id === id)?.live;
    const desired = peers.desired('server').find(({ key }) => key === id);
    // The listing of servers gives nothing else.
    const server = isPlain(live) ? (live as Server & Plain) : undefined;
    const state = server === undefined ? {} : serverState(server);
    return { id, live: server, state, desired, url: firstText(state.url, desired?.state['url']) };
  });
}
