import type { Api } from '../../engine/api.ts';
import { isPlain, memberOf } from '../../engine/values.ts';
import { ApiError } from '../../lib/errors.ts';
import { detach, removeRoutes } from './routing.ts';
import { scriptPath } from './upload.ts';
import type { Worker } from './worker-state.ts';

/** Takes a Worker away, and first the custom domains and routes that lead to it. */
export async function removeWorker(api: Api, { id, domains, routes = [] }: Worker): Promise<void> {
  await detach(api, domains);
  await removeRoutes(api, routes);
  try {
    await api.remove(scriptPath(api, id));
  } catch (error) {
    const status = error instanceof ApiError ? error.facts.request?.status : undefined;
    if (status !== 400 && status !== 409 && status !== 412) throw error;
    await removeForced(api, id, error);
  }
}

/** Its own Durable Objects go with it only by force; other Workers that use it are never broken that way. */
async function removeForced(api: Api, id: string, refusal: unknown): Promise<void> {
  const users = usersIn(id, await api.get<unknown>(scriptPath(api, id, 'references')));
  if (users.length === 0) return api.remove(`${scriptPath(api, id)}?force=true`);
  const request = refusal instanceof ApiError ? refusal.facts.request : undefined;
  throw new ApiError(`The Worker ${id} is still used by ${users.join(', ')}.`, {
    hint: 'take their bindings to it away first, then run again',
    request,
    cause: refusal,
  });
}

function usersIn(id: string, references: unknown): readonly string[] {
  const rows = [
    memberOf(memberOf(references, 'services'), 'incoming'),
    memberOf(references, 'durable_objects'),
    memberOf(references, 'dispatch_outbounds'),
  ];
  const names = rows.flatMap((list) => (Array.isArray(list) ? list.filter(isPlain).map(({ service }) => String(service)) : []));
  const pages = memberOf(memberOf(references, 'services'), 'pages_function') === true ? ['a Pages project'] : [];
  return [...new Set([...names.filter((name) => name !== id), ...pages])];
}
