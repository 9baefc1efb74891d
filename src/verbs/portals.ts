import { UsageError } from '../lib/errors.ts';
import { set, setAll, type Edit } from '../spec/edit.ts';
import { idFrom } from './ids.ts';
import { ofEntry, type Intent } from './intent.ts';
import { attachServers, hostnameOf, livePortal } from './membership.ts';
import { assertKnown, findLive, policies, portals, servers, unknown, type Surroundings } from './surroundings.ts';

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
  if (words.hostname === undefined && around.said('portals', id, 'hostname') === undefined) {
    throw new UsageError(`create-portal ${id} needs --hostname`, { hint: 'the name that clients will use, such as mcp.example.com' });
  }
  await checkMentions(words, around);
  const entry = entryEdits(id, words);
  const live = words.servers.length === 0 ? undefined : await findLive(id, portals, around);
  // A portal that is there keeps the links that it has.
  const links = live === undefined ? serversEdit(id, words) : (await attachServers(id, words.servers, { around })).edits;
  return { edits: [...entry, ...links], named: ofEntry('portals', id), about: [`portals.${id}`], save: [...entry, ...serversEdit(id, words)] };
}

/** Changes a portal. `--server`, given at all, names all of its servers. */
export async function updatePortal(words: PortalWords & { readonly id: string }, around: Surroundings): Promise<Intent> {
  const { id, hostname } = words;
  const live = await livePortal(id, around);
  await checkMentions(words, around);
  const edits = [...entryEdits(id, words), ...serversEdit(id, words)];
  // A new hostname moves the login and the DNS record along.
  const moves = hostname !== undefined && hostname !== around.state(live)['hostname'];
  const access = moves && around.said('portals', id, 'access') === undefined && words.policies.length === 0;
  const base = hostname === undefined ? hostnameOf(id, live, around) : [];
  const kinds = moves ? undefined : ['portal', ...(words.policies.length > 0 ? ['portal_app', 'policy'] : []), ...(words.noDns ? [] : [])];
  return {
    edits: [...base, ...(access ? [set(['portals', id, 'access'], {})] : []), ...edits],
    named: around.keys('portals').includes(id) ? ofEntry('portals', id) : ofEntry('portals', id, kinds),
    about: [`portals.${id}`],
    save: edits,
  };
}

/** Removes a portal, its Access application and the DNS record that brings its hostname to it. */
export async function removePortal(id: string, around: Surroundings): Promise<Intent> {
  const live = await around.live('portal');
  const isThere = live.some((existing) => existing.id === id) || around.keys('portals').includes(id);
  const { message, facts } = unknown(id, portals, live.map((existing) => existing.id));
  return {
    edits: [set(['portals', id], { absent: true })],
    named: ofEntry('portals', id),
    about: [`portals.${id}`],
    save: [{ op: 'remove', path: ['portals', id] }],
    ...(isThere ? {} : { notices: [`${message}; ${facts.hint}`] }),
  };
}

async function checkMentions(words: PortalWords, around: Surroundings): Promise<void> {
  await assertKnown(words.policies, policies, around);
  await assertKnown(words.servers, servers, around);
}

function entryEdits(id: string, { hostname, name, description, policies: named, noDns }: PortalWords): readonly Edit[] {
  const fields = setAll(['portals', id], { hostname, name, description, dns: noDns ? false : undefined });
  return named.length === 0 ? fields : [...fields, set(['portals', id, 'access', 'policies'], named)];
}

const serversEdit = (id: string, words: PortalWords): readonly Edit[] =>
  words.servers.length === 0 ? [] : [set(['portals', id, 'servers'], words.servers)];
