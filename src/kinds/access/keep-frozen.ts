import type { Api } from '../../engine/api.ts';
import { isPlain, type Plain } from '../../engine/values.ts';
import type { App } from './app.ts';
import { freezePolicy, melted } from './freeze.ts';

/** Replaces an application. A frozen one stays frozen: what its policies are to be is kept for its thaw. */
export async function replaceApp(api: Api, app: App, body: Plain): Promise<App> {
  const put = (sent: Plain) => api.put<App>(appPath(api, app), sent);
  const { frozen } = app;
  if (frozen === undefined || !Array.isArray(body['policies'])) return melted(await put(body));
  const former = body['policies'].filter(isPlain).map(({ id }) => String(id));
  if (former.join(' ') !== frozen.former.join(' '))
    await api.put(api.path('access', 'policies', frozen.policy), freezePolicy(app.id, { ...frozen, former }));
  const answer = await put({ ...body, policies: [{ id: frozen.policy, precedence: 1 }] });
  const policies = body['policies'].map((policy: unknown) => (isPlain(policy) ? { ...policy, reusable: true } : policy));
  return { ...answer, policies, frozen: { ...frozen, former } };
}

/** Deletes an application, and the policy that held it. */
export async function removeApp(api: Api, app: App): Promise<void> {
  await api.remove(appPath(api, app));
  if (app.frozen !== undefined) await api.remove(api.path('access', 'policies', app.frozen.policy));
}

export const appPath = (api: Api, app: App, ...below: readonly string[]): string => api.path('access', 'apps', app.id, ...below);
