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
    throw new UsageError(`create-portal ${id} needs --hostname`, { hint: 'the name that clients will use, such as mcp.example.com' });
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
  if (live !== undefined) return attachServers(id, ids, { around });
  const said = linksSaid(around.said('portals', id, 'servers'));
  const links = linksTo(id, [...new Set([...said, ...ids])], around);
  return { edits: [set(['portals', id, 'servers'], links, '--server')], save: ids.map(addTo(id)) };
}

/** Changes a portal. `--server`, given at all, names all of its servers. */
export async function updatePortal(words: PortalWords & { readonly id: string }, around: Surroundings): Promise<Intent> {
  const { id, hostname } = words;
  const live = await livePortal(id, around);
  await assertKnown(words.servers, servers, around);
  const refs = await policyRefs(words.policies, around);
  const moves = hostname !== undefined && hostname !== around.state(live)['hostname'];
  const login = loginOf(live, around);
  // A new hostname moves the login along, where there is one.
  const takesLogin = moves && refs.length === 0 && around.said('portals', id, 'access') === undefined && (await hasLive(login, around));
  const base = [...(hostname === undefined ? hostnameOf(id, live, around) : []), ...(takesLogin ? [set(['portals', id, 'access'], {})] : [])];
  const links = words.servers.length === 0 ? [] : [set(['portals', id, 'servers'], linksTo(id, words.servers, around), '--server')];
  return {
    edits: [...base, ...entryEdits(id, words, refs), ...links],
    named: ofEntry('portals', id, moves || around.keys('portals').includes(id) ? undefined : ['portal', ...(refs.length > 0 ? ['portal_app'] : [])]),
    about: [`portals.${id}`],
    hushed: refs.length > 0 ? [] : await hushedFor(login, around),
    waitsFor: words.servers.map((server) => `server:${server}` as const),
    save: [
      ...(around.keys('portals').includes(id) ? [] : hostnameOf(id, live, around)),
      ...entryEdits(id, words, words.policies),
      ...replacedServers(id, words.servers, around),
    ],
    ...policyRemarks(words.policies, refs, around),
  };
}

type Login = { readonly kind: string; readonly identity: string };

/** The Access application of a live portal stands on its hostname. */
const loginOf = (live: Existing, around: Surroundings): Login => ({ kind: 'portal_app', identity: String(around.state(live)['hostname']) });

const hasLive = async ({ kind, identity }: Login, around: Surroundings): Promise<boolean> =>
  (await around.live(kind)).some((app) => app.identity === identity);

/** Removes a portal, its Access application and the DNS record that brings its hostname to it. */
export async function removePortal(id: string, around: Surroundings): Promise<Intent> {
  const live = (await around.live('portal')).map((existing) => existing.id);
  const isThere = live.includes(id) || around.keys('portals').includes(id);
  const { message, facts } = unknown(id, portals, live);
  const dns = around.said('portals', id, 'dns');
  return {
    edits: [set(['portals', id], { ...gone('portals', id, around), ...(dns === undefined ? {} : { dns }) })],
    named: ofEntry('portals', id),
    about: [`portals.${id}`],
    save: [{ op: 'remove', path: ['portals', id] }],
    ...(isThere ? {} : { notices: [`${message}; ${facts.hint}`] }),
  };
}

function entryEdits(id: string, { hostname, name, description, noDns }: PortalWords, policies: readonly string[]): readonly Edit[] {
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
