import type { Api } from '../../engine/api.ts';
import type { Names, Obstacle, Peers, Reference } from '../../engine/kind.ts';
import { isPlain, type Plain } from '../../engine/values.ts';
import { canonicalHostname } from './network.ts';

/** An Access application as the API gives it. */
export type App = Plain & { readonly id: string; readonly type: string; readonly name?: string; readonly domain?: string | null };

/** The settings of an Access application, in the document's words. */
export type AppSettings = Plain & { readonly name?: string; readonly policies?: readonly string[] | null };

/**
 * All Access applications of the account: one listing for the three kinds of them.
 * 1,000 is the largest page that the Access endpoints document.
 */
export const listApps = (api: Api): Promise<readonly App[]> =>
  api.list<App>(api.path('access', 'apps'), { perPage: 1000, keep: withoutExpansion });

/** An application with its policies as mentions: the API gives each reusable policy in full, in every application (Q27). */
const withoutExpansion = (app: Plain): Plain =>
  Array.isArray(app['policies'])
    ? { ...app, policies: app['policies'].map((policy: unknown) => (isPlain(policy) ? mentionIn(policy) : policy)) }
    : app;

const mentionIn = ({ id, precedence, reusable }: Plain): Plain => ({ id, precedence, reusable });

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

type LivePolicy = { readonly id: string; readonly reusable: boolean };

/** The policies of a live application by precedence. They come whole, and only their ids are ours to compare (Q27). */
export function livePolicies(app: App): readonly LivePolicy[] {
  const policies = Array.isArray(app['policies']) ? app['policies'].filter(isPlain) : [];
  const rank = (policy: Plain, index: number) => (typeof policy['precedence'] === 'number' ? policy['precedence'] : index + 1);
  return policies
    .map((policy, index) => ({ id: policy['id'], reusable: policy['reusable'] !== false, rank: rank(policy, index) }))
    .toSorted((a, b) => a.rank - b.rank)
    .flatMap(({ id, reusable }) => (typeof id === 'string' ? [{ id, reusable }] : []));
}

/** An application that owns policies of its own is not ours to rewrite: attaching reusable ones would destroy them (Q40). */
export function inlinePolicies(address: string, app: App | undefined): readonly Obstacle[] {
  const inline = app === undefined ? [] : livePolicies(app).filter((policy) => !policy.reusable);
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
  const live = app === undefined ? [] : livePolicies(app);
  const shown = new Map(live.map(({ id }) => [names.nameOf('policy', id), id]));
  return policies.map((policy, index) => ({ id: shown.get(policy) ?? names.idOf('policy', policy), precedence: index + 1 }));
}

/** The name of a new application: that of the server or portal which it stands in front of. */
export function nameFor(peers: Peers, kind: string, key: string): string {
  const name = peers.desired(kind).find((resource) => resource.key === key)?.state['name'];
  return typeof name === 'string' ? name : key;
}
