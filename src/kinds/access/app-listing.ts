import type { Api } from '../../engine/api.ts';
import { isPlain, type Plain } from '../../engine/values.ts';
import { livePolicies, type App } from './app.ts';
import { isFreezePolicy, melted } from './freeze.ts';
import { listPolicies } from './policy-listing.ts';

/**
 * All Access applications of the account: one listing for the three kinds of them.
 * 1,000 is the largest page that the Access endpoints document.
 */
export const listApps = (api: Api): Promise<readonly App[]> =>
  api.list<App>(api.path('access', 'apps'), { perPage: 1000, keep: withoutExpansion });

/**
 * The applications of one kind with what there is to know of their policies: a row of the listing
 * may not show them, or not say which of them are reusable. What was asked for singly and is still
 * not shown stays unknown, which is not the same as none (Q28).
 */
export async function readApps(api: Api, isOurs: (app: App) => boolean): Promise<readonly App[]> {
  const rows = (await listApps(api)).filter(isOurs);
  const apps = await Promise.all(rows.map((app) => completed(api, app)));
  if (!apps.some(isUnclear)) return apps.map(melted);
  const reusable = new Map((await listPolicies<ListedPolicy>(api)).map((policy) => [policy.id, policy]));
  return apps.map((app) => melted(isUnclear(app) ? withOwnership(app, reusable) : app));
}

/** Read singly only where its row does not show its policies. */
async function completed(api: Api, app: App): Promise<App> {
  if (livePolicies(app) !== undefined) return app;
  const { policies } = withoutExpansion(await api.get<Plain>(api.path('access', 'apps', app.id)));
  return policies === undefined ? app : { ...app, policies };
}

/** An application with its policies as mentions: the API gives each reusable policy in full, in every application (Q27). */
const withoutExpansion = (app: Plain): Plain =>
  Array.isArray(app['policies'])
    ? { ...app, policies: app['policies'].map((policy: unknown) => (isPlain(policy) ? mentionIn(policy) : policy)) }
    : app;

const mentionIn = (policy: Plain): Plain => {
  const { id, precedence, reusable } = policy;
  return { id, precedence, reusable, ...(isFreezePolicy(policy) ? freezeMembers(policy) : {}) };
};

const freezeMembers = ({ name, decision, include }: Plain): Plain => ({ name, decision, include });

type ListedPolicy = Plain & { readonly id: string };

/** True where a policy does not say whether it is reusable. */
const isUnclear = (app: App): boolean => livePolicies(app)?.some(({ reusable }) => reusable === undefined) === true;

/** A policy that the account does not list belongs to the application alone. */
const withOwnership = (app: App, listed: ReadonlyMap<string, ListedPolicy>): App => ({
  ...app,
  policies: livePolicies(app)?.map(({ id, reusable }, index) => ({
    ...mentionIn(listed.get(id) ?? {}),
    id,
    precedence: index + 1,
    reusable: reusable ?? listed.has(id),
  })),
});
