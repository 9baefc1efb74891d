import type { Attio } from './client.ts';
import { AttioError } from './errors.ts';
import { asList, asObject, idOf, type AttioObject } from './shapes.ts';
import { asFilter, type Search } from './filters.ts';
import { newTask, taskAttributes, taskChange } from './tasks.ts';
import { asValues } from './values.ts';

/** What a tool can name as `resource_type`. */
export const resourceTypes = ['companies', 'people', 'deals', 'users', 'workspaces', 'tasks', 'workspace_members'] as const;
export type ResourceType = (typeof resourceTypes)[number];
export type Page = { readonly limit: number; readonly offset: number };

/** What can be done with one type of resource. Every method throws an `AttioError`. */
export type Resource = {
  search(search: Search, page: Page): Promise<AttioObject[]>;
  get(id: string): Promise<AttioObject>;
  create(data: AttioObject): Promise<AttioObject>;
  update(id: string, data: AttioObject): Promise<AttioObject>;
  remove(id: string): Promise<void>;
  attributes(): Promise<AttioObject[]>;
  idOf(object: AttioObject): string;
};

/** Tasks and members have endpoints of their own; everything else is records of an object. */
export function resource(attio: Attio, type: ResourceType): Resource {
  switch (type) {
    case 'tasks':
      return tasks(attio);
    case 'workspace_members':
      return members(attio);
    case 'companies':
    case 'people':
    case 'deals':
    case 'users':
    case 'workspaces':
      return records(attio, type);
  }
}

const records = (attio: Attio, slug: Exclude<ResourceType, 'tasks' | 'workspace_members'>): Resource => {
  const path = `/v2/objects/${slug}`;
  return {
    search: async (search, page) =>
      asList(await attio.send('POST', `${path}/records/query`, { body: { ...page, ...asFilter(slug, search) } })),
    get: async (id) => asObject(await attio.send('GET', `${path}/records/${id}`)),
    create: async (data) =>
      asObject(await attio.send('POST', `${path}/records`, { body: { data: { values: asValues(slug, data) } } })),
    update: async (id, data) =>
      asObject(await attio.send('PATCH', `${path}/records/${id}`, { body: { data: { values: asValues(slug, data) } } })),
    remove: async (id) => void (await attio.send('DELETE', `${path}/records/${id}`)),
    attributes: async () => asList(await attio.send('GET', `${path}/attributes`)),
    idOf: (object) => idOf(object, 'record_id'),
  };
};

const tasks = (attio: Attio): Resource => ({
  search: async ({ query, filters }, page) => {
    if (filters !== undefined) throw new AttioError('Tasks cannot be filtered; use query, which looks at their text.');
    const found = asList(await attio.send('GET', '/v2/tasks', { query: page }));
    // Attio cannot search tasks, so the words are looked for in the page that was asked for.
    return query === undefined ? found : found.filter((task) => textOf(task, 'content_plaintext').includes(query.toLowerCase()));
  },
  get: async (id) => asObject(await attio.send('GET', `/v2/tasks/${id}`)),
  create: async (data) => asObject(await attio.send('POST', '/v2/tasks', { body: { data: newTask(data) } })),
  update: async (id, data) => asObject(await attio.send('PATCH', `/v2/tasks/${id}`, { body: { data: taskChange(data) } })),
  remove: async (id) => void (await attio.send('DELETE', `/v2/tasks/${id}`)),
  attributes: async () => [...taskAttributes],
  idOf: (object) => idOf(object, 'task_id'),
});

const members = (attio: Attio): Resource => {
  const refuse = async (): Promise<never> => {
    throw new AttioError('Members of a workspace can be read, but neither created, changed nor deleted.');
  };
  return {
    search: async ({ query, filters }, { limit, offset }) => {
      if (filters !== undefined)
        throw new AttioError('Members cannot be filtered; use query, which looks at names and e-mail addresses.');
      // One listing has all of them.
      const all = asList(await attio.send('GET', '/v2/workspace_members'));
      const fields = ['first_name', 'last_name', 'email_address'];
      const matches = (member: AttioObject): boolean =>
        fields
          .map((field) => textOf(member, field))
          .join(' ')
          .includes(query?.toLowerCase() ?? '');
      return all.filter(matches).slice(offset, offset + limit);
    },
    get: async (id) => asObject(await attio.send('GET', `/v2/workspace_members/${id}`)),
    create: refuse,
    update: refuse,
    remove: refuse,
    attributes: async () =>
      ['first_name', 'last_name', 'email_address', 'avatar_url', 'access_level', 'created_at'].map((slug) => ({
        api_slug: slug,
        type: 'text',
        is_writable: false,
      })),
    idOf: (object) => idOf(object, 'workspace_member_id'),
  };
};

function textOf(object: AttioObject, field: string): string {
  const value = object[field];
  return typeof value === 'string' ? value.toLowerCase() : '';
}
