import { UsageError } from '../lib/errors.ts';
import { set, setAll, type Edit } from '../spec/edit.ts';
import { idFrom } from './ids.ts';
import { ofEntry, together, type Intent } from './intent.ts';
import { linksSaid, withoutLink } from './links.ts';
import { attachServers } from './membership.ts';
import { hushedFor, policyRefs, policyRemarks } from './policies.ts';
import { authFrom } from './server-auth.ts';
import { assertKnown, assertWanted, findLive, gone, servers, unknown, type Surroundings } from './surroundings.ts';

/** The options of `add-server` and `update-server`. */
export type ServerWords = {
  readonly id?: string | undefined;
  readonly url?: string | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly auth?: string | undefined;
  readonly authSecrets: readonly string[];
  readonly portals: readonly string[];
  readonly policies: readonly string[];
};

/** Registers a server, or applies its entry of the document with the options laid over it. */
export async function addServer(words: ServerWords, around: Surroundings): Promise<Intent> {
  const id = idFrom(words, 'add-server ID');
  assertWanted(id, servers, around);
  if (words.url === undefined && !saysAddress(id, around)) {
    const known = around.keys('servers');
    if (known.length > 0 && words.id !== undefined && nothingSaid(words)) throw unknown(id, servers, known);
    throw new UsageError(`add-server ${id} needs --url`, { hint: 'the address of the MCP server, such as https://host/mcp' });
  }
  return registered(id, words, around);
}

/** Changes a server that is there, in the document or in the account. */
export async function updateServer(words: ServerWords & { readonly id: string }, around: Surroundings): Promise<Intent> {
  const { id } = words;
  await assertKnown([id], servers, around);
  assertWanted(id, servers, around);
  const intent = await registered(id, words, around);
  if (words.url !== undefined || saysAddress(id, around)) return intent;
  // An entry has to say its address: a server that the document does not have keeps its own.
  const live = await findLive(id, servers, around);
  const address = live === undefined ? [] : [set(['servers', id, 'url'], around.state(live)['url'])];
  return { ...intent, edits: [...address, ...intent.edits], save: [...address, ...intent.save] };
}

/** Whether an entry says where its server answers, or behind what. */
const saysAddress = (id: string, around: Surroundings): boolean =>
  ['url', 'tunnel', 'worker'].some((field) => around.said('servers', id, field) !== undefined);

async function registered(id: string, words: ServerWords, around: Surroundings): Promise<Intent> {
  const refs = await policyRefs(words.policies, around);
  const edits = entryEdits(id, words, refs);
  const isOpen = words.policies.length > 0 || around.said('servers', id, 'access', 'policies') !== undefined;
  const isLive = !isOpen && (await findLive(id, servers, around)) !== undefined;
  const entry: Intent = {
    edits,
    named: ofEntry('servers', id),
    about: [`servers.${id}`],
    hushed: isLive ? await hushedFor({ kind: 'server_app', identity: id }, around) : [],
    save: entryEdits(id, words, words.policies),
    ...policyRemarks(words.policies, refs, around),
  };
  const attached = await Promise.all(words.portals.map((portal) => attachServers(portal, [id], { around, arriving: [id] })));
  return together([entry, ...attached]);
}

function entryEdits(id: string, words: ServerWords, policies: readonly string[]): readonly Edit[] {
  const { url, name, description } = words;
  const fields = setAll(['servers', id], { url, name, description, auth: authFrom(words) });
  return policies.length === 0 ? fields : [...fields, set(['servers', id, 'access', 'policies'], policies, '--policy')];
}

const nothingSaid = ({ url, name, description, auth, portals, policies }: ServerWords): boolean =>
  [url, name, description, auth].every((value) => value === undefined) && portals.length + policies.length === 0;

/** Takes a server out of every portal and removes it with its Access application. */
export async function removeServer(id: string, around: Surroundings): Promise<Intent> {
  const live = (await around.live('server')).map((existing) => existing.id);
  const isThere = live.includes(id) || around.keys('servers').includes(id);
  const linksOf = (portal: string): unknown => around.said('portals', portal, 'servers');
  const listing = around.keys('portals').filter((portal) => linksSaid(linksOf(portal)).includes(id));
  return {
    edits: [
      set(['servers', id], gone('servers', id, around)),
      ...listing.map((portal) => set(['portals', portal, 'servers'], withoutLink(linksOf(portal), id))),
    ],
    named: ofEntry('servers', id),
    about: [`servers.${id}`],
    save: [
      { op: 'remove', path: ['servers', id] },
      ...listing.map((portal): Edit => ({ op: 'drop', path: ['portals', portal, 'servers'], key: id })),
    ],
    ...(isThere ? {} : { notices: [notThere(id, live)] }),
  };
}

function notThere(id: string, known: readonly string[]): string {
  const { message, facts } = unknown(id, servers, known);
  return `${message}; ${facts.hint}`;
}
