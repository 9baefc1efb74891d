import type { Existing } from '../engine/kind.ts';
import { UsageError } from '../lib/errors.ts';
import { set, type Edit } from '../spec/edit.ts';
import { ofEntry, type Intent } from './intent.ts';
import { linksTo, type Links } from './links.ts';
import { assertKnown, assertWanted, findLive, portals, servers, unknown, type Surroundings } from './surroundings.ts';

type Attaching = {
  readonly around: Surroundings;
  /** Servers that the same run makes. */
  readonly arriving?: readonly string[];
};

/**
 * Links servers to a portal that is there. Its other links stay as they are in the account. Where the
 * document's portal has bots, the servers let them in, too.
 */
export async function attachServers(
  portal: string,
  ids: readonly string[],
  { around, arriving = [] }: Attaching,
): Promise<Intent> {
  await assertKnown(
    ids.filter((id) => !arriving.includes(id)),
    servers,
    around,
  );
  const live = await livePortal(portal, around);
  const links = linksOf(live, around);
  const added = linksTo(
    portal,
    ids.filter((id) => links[id] === undefined),
    around,
  );
  const intent = changed({ portal, live, links: { ...links, ...added }, around });
  const hasBots = around.said('portals', portal, 'service_tokens') !== undefined;
  return {
    ...intent,
    named: (resource) => intent.named(resource) || (hasBots && resource.kind === 'server_app' && ids.includes(resource.key)),
    waitsFor: ids.map((id) => `server:${id}` as const),
    save: savedLinks(portal, ids, { links, around }),
  };
}

/** In a file that leaves the links of its portal alone, a list of some would be the list of all. */
function savedLinks(
  portal: string,
  ids: readonly string[],
  { links, around }: { readonly links: Links; readonly around: Surroundings },
): readonly Edit[] {
  const isOpen = around.keys('portals').includes(portal) && around.said('portals', portal, 'servers') === undefined;
  const all = isOpen ? [...new Set([...Object.keys(links), ...ids])] : ids;
  return all.map((key): Edit => ({ op: 'add', path: ['portals', portal, 'servers'], key }));
}

/** Takes servers out of a portal. */
export async function detachServers(portal: string, ids: readonly string[], around: Surroundings): Promise<Intent> {
  const live = await livePortal(portal, around);
  const links = linksOf(live, around);
  // A server that is there and not attached is detached already; one that nobody knows is a slip of the pen.
  await assertKnown(
    ids.filter((id) => links[id] === undefined),
    servers,
    around,
  );
  const kept = Object.fromEntries(Object.entries(links).filter(([id]) => !ids.includes(id)));
  return {
    ...changed({ portal, live, links: kept, around }),
    save: ids.map((key): Edit => ({ op: 'drop', path: ['portals', portal, 'servers'], key })),
  };
}

type Changed = { readonly portal: string; readonly live: Existing; readonly links: Links; readonly around: Surroundings };

const changed = ({ portal, live, links, around }: Changed): Omit<Intent, 'save'> => ({
  // A hostname that the document changes is not moved here: its login and its record would stay behind.
  edits: [set(['portals', portal, 'hostname'], around.state(live)['hostname']), set(['portals', portal, 'servers'], links)],
  named: ofEntry('portals', portal, ['portal']),
  about: [],
});

/** The live portal. One that only the document knows has to be made first. */
export async function livePortal(id: string, around: Surroundings): Promise<Existing> {
  assertWanted(id, portals, around);
  const live = await findLive(id, portals, around);
  if (live !== undefined) return live;
  if (around.keys('portals').includes(id)) {
    throw new UsageError(`the portal ${id} is in the document, and not yet in the account`, {
      hint: `make it first: mcp-portal create-portal ${id}`,
    });
  }
  throw unknown(
    id,
    portals,
    (await around.live('portal')).map(({ name }) => name),
  );
}

/** An entry has to say the hostname: of a portal that the document does not have it is the live one. */
export const hostnameOf = (id: string, live: Existing, around: Surroundings): readonly Edit[] =>
  around.said('portals', id, 'hostname') === undefined ? [set(['portals', id, 'hostname'], around.state(live)['hostname'])] : [];

function linksOf(live: Existing, around: Surroundings): Links {
  const { servers: links } = around.state(live);
  // The state of a portal has its links as a map.
  return (links ?? {}) as Links;
}
