import { UsageError } from '../lib/errors.ts';
import { set, setAll, type Edit } from '../spec/edit.ts';
import { attachServers } from './membership.ts';
import { ofEntry, together, type Intent } from './intent.ts';
import { idFrom } from './ids.ts';
import { assertKnown, findLive, policies, servers, unknown, type Surroundings } from './surroundings.ts';

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
  if (words.url === undefined && around.said('servers', id, 'url') === undefined) {
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
  const url = words.url ?? (await liveUrl(id, around));
  return registered(id, { ...words, url }, around);
}

/** A server that the document does not have keeps its address, which an entry has to say. */
async function liveUrl(id: string, around: Surroundings): Promise<string | undefined> {
  if (around.said('servers', id, 'url') !== undefined) return undefined;
  const live = await findLive(id, servers, around);
  return live === undefined ? undefined : String(around.state(live)['url']);
}

async function registered(id: string, words: ServerWords, around: Surroundings): Promise<Intent> {
  await assertKnown(words.policies, policies, around);
  const edits = entryEdits(id, words);
  const entry: Intent = {
    edits: edits.length === 0 ? [] : edits,
    named: ofEntry('servers', id),
    about: [`servers.${id}`],
    save: edits,
  };
  const attached = await Promise.all(words.portals.map((portal) => attachServers(portal, [id], { around, arriving: [id] })));
  return together([entry, ...attached]);
}

function entryEdits(id: string, words: ServerWords): readonly Edit[] {
  const { url, name, description } = words;
  const fields = setAll(['servers', id], { url, name, description, auth: authFrom(words) });
  return words.policies.length === 0 ? fields : [...fields, set(['servers', id, 'access', 'policies'], words.policies)];
}

const nothingSaid = ({ url, name, description, auth, portals, policies: named }: ServerWords): boolean =>
  [url, name, description, auth].every((value) => value === undefined) && portals.length + named.length === 0;

/** `--auth` and `--auth-secret` as the document says them. */
function authFrom({ auth, authSecrets }: ServerWords): unknown {
  const [first, ...more] = authSecrets;
  if (auth === 'bearer') {
    if (first === undefined || more.length > 0) throw needsSecret('--auth bearer needs one --auth-secret REF');
    return { bearer: first };
  }
  if (auth === 'headers') {
    if (first === undefined) throw needsSecret("--auth headers needs --auth-secret 'Name=REF', once for each header");
    return { headers: Object.fromEntries(authSecrets.map(headerFrom)) };
  }
  if (first !== undefined) throw new UsageError('--auth-secret goes with --auth bearer or --auth headers');
  return auth;
}

const needsSecret = (message: string): UsageError =>
  new UsageError(message, { hint: 'a REF says where the secret is: env:NAME, file:PATH, cmd:COMMAND, or - for standard input' });

function headerFrom(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  // Not shown: it may be the secret itself.
  if (at < 1) throw needsSecret("--auth-secret for headers is written 'Name=REF'");
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

/** Takes a server out of every portal and removes it with its Access application. */
export async function removeServer(id: string, around: Surroundings): Promise<Intent> {
  const live = await around.live('server');
  const isThere = live.some((existing) => existing.id === id) || around.keys('servers').includes(id);
  const listing = around.keys('portals').filter((portal) => linksSaid(around.said('portals', portal, 'servers')).includes(id));
  return {
    edits: [
      set(['servers', id], { absent: true }),
      ...listing.map((portal) => set(['portals', portal, 'servers'], without(around.said('portals', portal, 'servers'), id))),
    ],
    named: ofEntry('servers', id),
    about: [`servers.${id}`],
    save: [{ op: 'remove', path: ['servers', id] }, ...listing.map(dropFrom(id))],
    ...(isThere ? {} : { notices: [notThere(id, live.map((existing) => existing.id))] }),
  };
}

const dropFrom =
  (key: string) =>
  (portal: string): Edit => ({ op: 'drop', path: ['portals', portal, 'servers'], key });

function notThere(id: string, known: readonly string[]): string {
  const { message, facts } = unknown(id, servers, known);
  return `${message}; ${facts.hint}`;
}

/** The ids that a portal entry's `servers` names, whichever way it is written. */
export const linksSaid = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
};

function without(value: unknown, id: string): unknown {
  if (Array.isArray(value)) return value.filter((member) => member !== id);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== id));
}
