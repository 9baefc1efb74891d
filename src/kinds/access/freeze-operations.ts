import type { Api } from '../../engine/api.ts';
import { frozenText } from '../../engine/frozen.ts';
import type { Names, Obstacle, Peers, State } from '../../engine/kind.ts';
import type { Operation } from '../../engine/operation.ts';
import type { FieldChange } from '../../engine/plan-types.ts';
import type { Plain } from '../../engine/values.ts';
import type { Update } from '../../engine/write.ts';
import { ApiError, UserError } from '../../lib/errors.ts';
import { inlinePolicies, livePolicies, type App } from './app.ts';
import { freezeIn, freezeName, freezePolicy, melted, subjectOf } from './freeze.ts';
import { appPath } from './keep-frozen.ts';
import { listPolicies } from './policy-listing.ts';

type AppOperation<S extends State> = Operation<S, App>;

export type AppFreezing<S extends State> = {
  /** The body of a full replacement with these policies. */
  bodyOf(app: App, state: S, names: Names): Plain;
  /** Who notices a freeze. */
  impact(app: App): string;
};

/**
 * The kill switch of an application: all its policies give way to one that denies everyone. A block in
 * front of them would not do, since Access evaluates Service Auth and Bypass before it.
 */
export const freezing = <S extends State>(
  options: AppFreezing<S>,
): { readonly freeze: AppOperation<S>; readonly thaw: AppOperation<S> } => ({
  freeze: {
    reason: () => 'the kill switch: everyone is denied, and every session ends',
    impact: (app) => options.impact(app),
    reads: ['policy'],
    needless: ({ frozen }) => (frozen === undefined ? undefined : `already ${frozenText(frozen)}`),
    obstacles: (app) => unreadable(app),
    fields: (app, { now = '', reason }, peers) => {
      const name = freezeName(app, { since: now, reason });
      return [policiesField(namesOf(app, peers), [name])];
    },
    run: async (write, { now = '', reason }) => ({ live: await freeze(write, { since: now, reason }, options) }),
  },
  thaw: {
    reason: () => 'its policies are put back, in their order',
    impact: () => 'whom they let in can sign in again',
    reads: ['policy'],
    needless: ({ frozen }) => (frozen === undefined ? 'not frozen' : undefined),
    obstacles: (app, peers) => lostPolicies(app, peers),
    fields: (app, _input, peers) => [policiesField([app.frozen?.name ?? ''], namesOf(app, peers))],
    run: async (write) => ({ live: await thaw(write, options) }),
  },
});

const idsOf = (app: App): readonly string[] => (livePolicies(app) ?? []).map(({ id }) => id);

const namesOf = (app: App, { names }: Peers): readonly string[] => idsOf(app).map((id) => names.nameOf('policy', id));

const policiesField = (before: readonly string[], after: readonly string[]): FieldChange => ({
  path: 'access.policies',
  before,
  after,
  sensitive: false,
  forces_replacement: false,
});

/** What could not be put back again must not be taken away. */
function unreadable(app: App): readonly Obstacle[] {
  const hint =
    'to stop it all the same: freeze its service tokens, or block it in the dashboard (Access controls > Applications)';
  if (livePolicies(app) === undefined)
    return [{ message: `${subjectOf(app)}: the application ${app.id} does not show its policies`, ids: [app.id], hint }];
  return inlinePolicies(subjectOf(app), app).map((obstacle) => ({ ...obstacle, hint: `${obstacle.hint ?? ''}; ${hint}` }));
}

/** Without a policy that denied somebody, a thaw would let in more people than before. */
function lostPolicies(app: App, { existing }: Peers): readonly Obstacle[] {
  const known = new Set(existing('policy').map(({ id }) => id));
  const lost = (app.frozen?.former ?? []).filter((id) => !known.has(id));
  if (lost.length === 0) return [];
  const message = `${subjectOf(app)}: policies that it had are deleted since: ${lost.join(', ')}`;
  const hint = 'say in the document which policies it is to have, apply, and thaw it then';
  return [{ message, ids: lost, hint }];
}

type Marker = { readonly since: string; readonly reason: string | undefined };

async function freeze<S extends State>(write: Update<S, App>, marker: Marker, { bodyOf }: AppFreezing<S>): Promise<App> {
  const { api, live, state, names } = write;
  const name = freezeName(live, marker);
  const policy = await memory(api, live, name);
  const body = { ...bodyOf(live, state, names), policies: [{ id: policy, precedence: 1 }] };
  const answer = await api.put<App>(appPath(api, live), body).catch(async (error: unknown) => {
    await api.remove(api.path('access', 'policies', policy)).catch(() => undefined);
    throw error;
  });
  assertKept(answer, [policy]);
  await endSessions(api, live);
  return { ...live, frozen: { ...marker, policy, name, former: idsOf(live) } };
}

/** Makes the policy, and looks whether it remembers, before anything depends on that. Gives its id. */
async function memory(api: Api, app: App, name: string): Promise<string> {
  const path = api.path('access', 'policies');
  const find = async () => (await listPolicies<App>(api)).find((one) => one.name === name);
  const made = await api.post<App>(path, freezePolicy(app.id, { name, former: idsOf(app) }), { find });
  const own = api.path('access', 'policies', made.id);
  const shown = Array.isArray(made['include']) ? made : await api.get<App>(own);
  if (freezeIn(shown, app.id)?.former.join(' ') === idsOf(app).join(' ')) return made.id;
  await api.remove(own);
  throw new ApiError(`Cloudflare did not keep what the policy "${name}" was to remember: ${subjectOf(app)} is not frozen.`);
}

/** Who is signed in already would stay so until the session ends. */
async function endSessions(api: Api, app: App): Promise<void> {
  try {
    await api.post(appPath(api, app, 'revoke_tokens'), {}, { find: async () => undefined });
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    const hint = 'end them in the dashboard: Access controls > Applications > Revoke existing tokens';
    throw new ApiError(`${subjectOf(app)} is frozen, but sessions that are open live on: ${cause.message}`, { hint, cause });
  }
}

async function thaw<S extends State>({ api, live, state, names }: Update<S, App>, { bodyOf }: AppFreezing<S>): Promise<App> {
  const { frozen, ...app } = live;
  const policies = idsOf(live).map((id, index) => ({ id, precedence: index + 1 }));
  const answer = await api.put<App>(appPath(api, live), { ...bodyOf(live, state, names), policies });
  assertKept(answer, idsOf(live));
  if (frozen !== undefined) await api.remove(api.path('access', 'policies', frozen.policy));
  return { ...app, ...melted(answer) };
}

/** A kill switch that only seems to have worked is worse than none. */
function assertKept(answer: App, wanted: readonly string[]): void {
  const shown = 'policies' in answer ? livePolicies(answer) : undefined;
  if (shown === undefined || shown.map(({ id }) => id).join(' ') === wanted.join(' ')) return;
  throw new ApiError(`Cloudflare kept other policies for ${subjectOf(answer)} than it was sent`, {
    hint: 'look at them in the dashboard, then run again',
  });
}
