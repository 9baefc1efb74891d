import type { Names, Obstacle, Peers, Reference } from '../../engine/kind.ts';
import { isPlain, type Plain } from '../../engine/values.ts';
import { canonicalHostname } from '../document/network.ts';
import type { AppFreeze } from './freeze.ts';

/** An Access application as the API gives it. */
export type App = Plain & {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly domain?: string | null;
  /** Set by us where a freeze holds it: its other members are then those of its thaw. */
  readonly frozen?: AppFreeze;
};

/** The settings of an Access application, in the document's words. */
export type AppSettings = Plain & { readonly name?: string; readonly policies?: readonly string[] | null };

const destinationsOf = (app: App): readonly Plain[] =>
  Array.isArray(app['destinations']) ? app['destinations'].filter(isPlain) : [];

/** `host/path` of an application, canonical; empty where it has none. The API derives it from the destinations (Q33). */
export function domainOf(app: App): string {
  const named = Array.isArray(app['self_hosted_domains']) ? app['self_hosted_domains'] : [];
  const uris = destinationsOf(app).map((destination) => destination['uri']);
  const domain = [app.domain, ...uris, ...named].find((candidate) => typeof candidate === 'string' && candidate !== '');
  return typeof domain === 'string' ? canonicalDomain(domain) : '';
}

/** `host/path` with the hostname canonical; paths are case-sensitive and stay. */
export function canonicalDomain(domain: string): string {
  const [hostname = '', ...path] = domain.trim().split('/');
  const host = canonicalHostname(hostname);
  return path.join('/') === '' ? host : [host, ...path].join('/');
}

export const portalDestination = 'via_mcp_server_portal';

/** The id of the server that an application of type `mcp` stands in front of. */
export function serverOf(app: App): string | undefined {
  const id = destinationsOf(app).find((destination) => destination['type'] === portalDestination)?.['mcp_server_id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** `reusable` is undefined where the API does not say. */
type LivePolicy = { readonly id: string; readonly reusable: boolean | undefined };

/**
 * The policies of a live application by precedence: they come whole, without `reusable` or as bare
 * ids, and only their ids are ours to compare (Q27). Undefined where they are not shown or not
 * understood: only null and [] mean none, and a write that took unknown for none would detach them.
 */
export function livePolicies(app: App): readonly LivePolicy[] | undefined {
  const shown = app['policies'] === null ? [] : app['policies'];
  if (!Array.isArray(shown)) return undefined;
  const policies = shown.map((policy: unknown, index) => mentionOf(policy, index));
  const known = policies.filter((policy) => policy !== undefined);
  return known.length === policies.length ? known.toSorted((a, b) => a.rank - b.rank) : undefined;
}

function mentionOf(policy: unknown, index: number): (LivePolicy & { readonly rank: number }) | undefined {
  if (typeof policy === 'string') return { id: policy, reusable: undefined, rank: index + 1 };
  if (!isPlain(policy)) return undefined;
  const { id, precedence, reusable } = policy;
  if (typeof id !== 'string') return undefined;
  return {
    id,
    reusable: typeof reusable === 'boolean' ? reusable : undefined,
    rank: typeof precedence === 'number' ? precedence : index + 1,
  };
}

/** An application that owns policies of its own is not ours to rewrite: attaching reusable ones would destroy them (Q40). */
export function inlinePolicies(address: string, app: App | undefined): readonly Obstacle[] {
  const inline = app === undefined ? [] : (livePolicies(app) ?? []).filter(({ reusable }) => reusable === false);
  if (app === undefined || inline.length === 0) return [];
  return [
    {
      message: `${address}: the application ${app.id} has ${inline.length} policies of its own (not reusable): ${inline.map((policy) => policy.id).join(', ')}`,
      ids: [app.id],
      hint: 'convert them to reusable policies in the dashboard (Access controls > Policies) or remove them, then run again',
    },
  ];
}

export const policyReferences = (settings: AppSettings): readonly Reference[] =>
  (settings.policies ?? []).map((ref) => ({ kind: 'policy', ref }));

/** What attaches the policies in this order. Ids that the live application shows are taken from it, in whatever form they are. */
export function policiesBody(policies: readonly string[], names: Names, app: App | undefined): readonly Plain[] {
  const live = app === undefined ? [] : (livePolicies(app) ?? []);
  const shown = new Map(live.map(({ id }) => [names.nameOf('policy', id), id]));
  return policies.map((policy, index) => ({ id: shown.get(policy) ?? names.idOf('policy', policy), precedence: index + 1 }));
}

/** The name of a new application: that of the server or portal which it stands in front of. */
export function nameFor(peers: Peers, kind: string, key: string): string {
  const name = peers.desired(kind).find((resource) => resource.key === key)?.state['name'];
  return typeof name === 'string' ? name : key;
}
