import * as z from 'zod/mini';
import type { Api } from '../engine/api.ts';
import type { Kind } from '../engine/kind.ts';
import { isMissing } from '../cloudflare/errors.ts';
import { UnsafePlanError } from '../lib/errors.ts';
import { described } from './document/fragments.ts';
import { desiredFrom, section } from './document/section.ts';
import { listScripts, settingsOf } from './worker/worker-listing.ts';

type NamespaceState = { readonly title?: string };
type Namespace = { readonly id: string; readonly title: string };

const entrySchema = () =>
  z.strictObject({
    title: described(
      z.optional(z.string().check(z.minLength(1), z.maxLength(512))),
      'The name in the account. Defaults to the key. It is what the namespace is found by: another title is another namespace.',
    ),
  });

/** A KV namespace, found by its title: a name that is taken is adopted (Q92). API: `kv.namespaces` of the official SDK. */
export const kvNamespace: Kind<NamespaceState, Namespace> = {
  kind: 'kv_namespace',
  title: 'KV namespace',
  section: section({
    name: 'kv_namespaces',
    shape: 'map',
    schema: entrySchema,
    expand: (entry) => [desiredFrom(entry, { kind: 'kv_namespace', state: { title: entry.value.title } })],
  }),
  fields: {},
  refersTo: [],
  references: () => [],
  prunable: true,

  list: ({ api }) => listNamespaces(api),
  identify: ({ id, title }) => ({ id, identity: title, name: title }),
  identities: ({ key, state }) => [state.title ?? key],
  toState: ({ title }) => ({ title }),
  initial: (key, state) => ({ title: key, ...state }),
  impact: (action) => (action === 'delete' ? 'all data in it is lost' : undefined),

  create: async ({ api, key, state }) => {
    const title = state.title ?? key;
    const find = async () => (await listNamespaces(api)).find((live) => live.title === title);
    return { live: { title, ...(await api.post<Pick<Namespace, 'id'>>(namespacesPath(api), { title }, { find })) } };
  },
  update: async ({ live }) => ({ live }),
  remove: async (api, live) => {
    await assertUnbound(api, live);
    await api.remove(`${namespacesPath(api)}/${encodeURIComponent(live.id)}`);
  },
  toEntry: (key, { title = key }) => ({ section: 'kv_namespaces', key, value: title === key ? {} : { title } }),
};

const namespacesPath = (api: Api): string => api.path('storage', 'kv', 'namespaces');

const listNamespaces = (api: Api): Promise<readonly Namespace[]> => api.list<Namespace>(namespacesPath(api), { perPage: 100 });

/**
 * Cloudflare deletes a namespace that Workers use, with its data. A plan looks only at the Workers of the
 * document; here all of them are asked, and one that still has it keeps it.
 */
async function assertUnbound(api: Api, { id, title }: Namespace): Promise<void> {
  const users = (await listScripts(api)).map(async (script) => {
    const settings = await settingsOf(api, script.id).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    const isBound = settings?.bindings?.some((binding) => binding.type === 'kv_namespace' && binding['namespace_id'] === id);
    return isBound === true ? [script.id] : [];
  });
  const names = (await Promise.all(users)).flat();
  if (names.length === 0) return;
  throw new UnsafePlanError(`the KV namespace "${title}" is still bound to the Worker ${names.join(', ')}: it was not deleted`, {
    code: 'conflict',
    hint: 'take the binding away there first',
  });
}
