import type { Existing } from '../engine/kind.ts';
import { UsageError } from '../lib/errors.ts';
import { set, setAll, type Edit } from '../spec/edit.ts';
import { idFrom } from './ids.ts';
import { ofEntry, type Intent } from './intent.ts';
import { linksSaid, linksTo } from './links.ts';
import { attachServers, hostnameOf, livePortal } from './membership.ts';
import { hushedFor, policyRefs, policyRemarks } from './policies.ts';
import { assertKnown, assertWanted, findLive, gone, portals, servers, unknown, type Surroundings } from './surroundings.ts';

/** The options of `create-portal` and `update-portal`. */
export type PortalWords = {
  readonly id?: string | undefined;
  readonly hostname?: string | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly servers: readonly string[];
  readonly policies: readonly string[];
  /** `--no-dns`. */
  readonly noDns: boolean;
};

/** Makes a portal with its Access application and DNS record, or completes one that is there. */
export async function createPortal(words: PortalWords, around: Surroundings): Promise<Intent> {
  const id = idFrom({ id: words.id, name: words.name ?? words.hostname?.split('.')[0] }, 'create-portal ID');
  assertWanted(id, portals, around);
  if (words.hostname === undefined && around.said('portals', id, 'hostname') === undefined) {
    throw new UsageError(`create-portal ${id} needs --hostname`, {
      hint: 'the name that clients will use, such as mcp.example.com',
    });
  }
  await assertKnown(words.servers, servers, around);
  const refs = await policyRefs(words.policies, around);
  const live = await findLive(id, portals, around);
  const more = await moreServers(id, words.servers, { live, around });
  return {
    edits: [...entryEdits(id, words, refs), ...more.edits],
    named: ofEntry('portals', id),
    about: [`portals.${id}`],
    hushed: live === undefined ? [] : await hushedFor(loginOf(live, around), around),
    waitsFor: words.servers.map((server) => `server:${server}` as const),
    save: [...entryEdits(id, words, words.policies), ...more.save],
    ...policyRemarks(words.policies, refs, around),
  };
}

/** A portal that is there keeps the links that it has, and an entry those that it says. */
async function moreServers(
  id: string,
  ids: readonly string[],
  { live, around }: { readonly live: Existing | undefined; readonly around: Surroundings },
): Promise<Pick<Intent, 'edits' | 'save'>> {
  if (ids.length === 0) return { edits: [], save: [] };
  if (live !== undefined) {
    const { edits, save } = await attachServers(id, ids, { around });
    return { edits: edits.filter(({ path }) => path.includes('servers')), save };
  }
  const said = linksSaid(around.said('portals', id, 'servers'));
  const links = linksTo(id, [...new Set([...said, ...ids])], around);
  return { edits: [set(['portals', id, 'servers'], links, '--server')], save: ids.map(addTo(id)) };
}

/** Changes a portal. `--server`, given at all, names all of its servers. */
export async function updatePortal(words: PortalWords & { readonly id: string }, around: Surroundings): Promise<Intent> {
  const { id, hostname, servers: ids } = words;
  const live = await livePortal(id, around);
  await assertKnown(ids, servers, around);
  const refs = await policyRefs(words.policies, around);
  const isDeclared = around.keys('portals').includes(id);
  const moves = hostname !== undefined && hostname !== around.state(live)['hostname'];
  const login = moves && refs.length === 0 ? await loginTaken(id, live, around) : [];
  const base = hostname === undefined ? hostnameOf(id, live, around) : [];
  const links = ids.length === 0 ? [] : [set(['portals', id, 'servers'], linksTo(id, ids, around), '--server')];
  const ownKinds = ['portal', ...(refs.length > 0 ? ['portal_app'] : [])];
  return {
    edits: [...base, ...login, ...entryEdits(id, words, refs), ...links],
    named: ofEntry('portals', id, moves || isDeclared ? undefined : ownKinds),
    about: [`portals.${id}`],
    hushed: refs.length > 0 ? [] : await hushedFor(loginOf(live, around), around),
    waitsFor: ids.map((server) => `server:${server}` as const),
    save: [...(isDeclared ? [] : base), ...entryEdits(id, words, words.policies), ...replacedServers(id, ids, around)],
    ...policyRemarks(words.policies, refs, around),
  };
}

/** A new hostname takes the login along, where there is one that the document does not speak of. */
async function loginTaken(id: string, live: Existing, around: Surroundings): Promise<readonly Edit[]> {
  if (around.said('portals', id, 'access') !== undefined) return [];
  const { kind, identity } = loginOf(live, around);
  const isThere = (await around.live(kind)).some((app) => app.identity === identity);
  return isThere ? [set(['portals', id, 'access'], {})] : [];
}

type Login = { readonly kind: string; readonly identity: string };

/** The Access application of a live portal stands on its hostname. */
const loginOf = (live: Existing, around: Surroundings): Login => ({
  kind: 'portal_app',
  identity: String(around.state(live)['hostname']),
});

/** Removes a portal, its Access application and the DNS record that brings its hostname to it. */
export async function removePortal(id: string, around: Surroundings): Promise<Intent> {
  const all = await around.live('portal');
  const live = all.find((existing) => existing.id === id);
  const isThere = live !== undefined || around.keys('portals').includes(id);
  const { message, facts } = unknown(
    id,
    portals,
    all.map((existing) => existing.id),
  );
  const entry = {
    ...gone('portals', id, around),
    dns: around.said('portals', id, 'dns'),
    // What goes away is what stands on the hostname of today, whatever the document says.
    hostname: live === undefined ? undefined : around.state(live)['hostname'],
  };
  return {
    edits: [set(['portals', id], Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)))],
    named: ofEntry('portals', id),
    about: [`portals.${id}`],
    save: [{ op: 'remove', path: ['portals', id] }],
    ...(isThere ? {} : { notices: [`${message}; ${facts.hint}`] }),
  };
}

function entryEdits(
  id: string,
  { hostname, name, description, noDns }: PortalWords,
  policies: readonly string[],
): readonly Edit[] {
  const fields = [
    ...setAll(['portals', id], { hostname, name, description }),
    ...(noDns ? [set(['portals', id, 'dns'], false, '--no-dns')] : []),
  ];
  return policies.length === 0 ? fields : [...fields, set(['portals', id, 'access', 'policies'], policies, '--policy')];
}

const addTo =
  (portal: string) =>
  (key: string): Edit => ({ op: 'add', path: ['portals', portal, 'servers'], key });

/** The file keeps what it says about the links that stay. */
function replacedServers(id: string, ids: readonly string[], around: Surroundings): readonly Edit[] {
  if (ids.length === 0) return [];
  const leaving = linksSaid(around.said('portals', id, 'servers')).filter((server) => !ids.includes(server));
  return [...ids.map(addTo(id)), ...leaving.map((key): Edit => ({ op: 'drop', path: ['portals', id, 'servers'], key }))];
}
