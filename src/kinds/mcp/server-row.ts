import type { Existing, Peers } from '../../engine/kind.ts';
import { isPlain, type Plain } from '../../engine/values.ts';
import { rowsOf } from './links.ts';
import { serverState, type Server } from './server-body.ts';
import { serverReadiness } from './server-readiness.ts';

/** A live server as `list-servers` shows it. */
export type ServerRow = {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  /** The document's word: none, oauth, bearer or headers. */
  readonly auth: string;
  readonly status: string;
  readonly tools: number;
  readonly prompts: number;
  readonly portals: readonly string[];
  readonly error?: string;
};

/** Throws for what is no server: the listing of servers gives nothing else. */
export function serverRow({ live }: Existing, peers: Pick<Peers, 'desired' | 'existing'>): ServerRow {
  const { id, name, url, status, ...server } = read(live);
  const { readiness, entry } = {
    readiness: serverReadiness(read(live)),
    entry: peers.desired('server').find(({ key }) => key === id),
  };
  const auth = serverState(read(live)).auth ?? 'none';
  return {
    id,
    name,
    url,
    // Cloudflare does not tell which header a secret is for; the document does.
    auth: auth === 'bearer' && entry?.state['auth.headers'] !== undefined ? 'headers' : auth,
    status,
    tools: countOf(server['tools']),
    prompts: countOf(server['prompts']),
    portals: peers
      .existing('portal')
      .filter((portal) => isPlain(portal.live) && rowsOf(portal.live).some((row) => row.id === id))
      .map((portal) => portal.id),
    ...(readiness.is === 'failed' ? { error: readiness.why } : {}),
  };
}

/** What a server that is not ready waits for, and who has to do what. */
export function serverTrouble({ live }: Existing): { readonly why: string; readonly next?: string } | undefined {
  const server = read(live);
  const readiness = serverReadiness(server);
  if (readiness.is === 'ready') return undefined;
  if (readiness.is === 'person') return { why: readiness.why, next: readiness.next };
  const next =
    readiness.is === 'failed'
      ? `look at what answers at ${server.url}, then: mcp-portal sync-server ${server.id}`
      : `mcp-portal sync-server ${server.id}`;
  return { why: readiness.why, next };
}

type Read = Server & Plain & { readonly url: string; readonly status: string };

function read(live: unknown): Read {
  if (!isPlain(live) || typeof live['id'] !== 'string') throw new Error('a listing of servers gave something else');
  const { id, name, hostname, auth_type: auth, status } = live;
  return {
    ...live,
    id,
    name: textOr(name, id),
    hostname: textOr(hostname, ''),
    auth_type: textOr(auth, 'unauthenticated'),
    url: textOr(hostname, ''),
    status: textOr(status, 'waiting'),
  };
}

const textOr = (value: unknown, other: string): string => (typeof value === 'string' && value !== '' ? value : other);

const countOf = (list: unknown): number => (Array.isArray(list) ? list.length : 0);
