import * as z from 'zod';
import { resource } from '../attio/resources.ts';
import type { AttioObject } from '../attio/shapes.ts';
import { filters, object, page, recordId, resourceType } from './arguments.ts';
import { defineTool, reads } from './tool.ts';

export const healthCheck = defineTool({
  name: 'health-check',
  title: 'Check the connection',
  description: 'Tells that this server answers and that you are signed in. Asks Attio for nothing.',
  input: z.object({ echo: z.string().max(1000).optional().describe('Text to send back.') }),
  output: z.object({ ok: z.boolean(), echo: z.string().optional() }),
  annotations: { readOnlyHint: true, openWorldHint: false },
  run: async (_attio, { echo }) => ({ ok: true, ...(echo === undefined ? {} : { echo }) }),
});

export const search = defineTool({
  name: 'records_search',
  title: 'Search records',
  description:
    'Finds companies, people, deals, users, workspaces, tasks or members of the workspace. Without query and filters it lists them. For tasks, query is looked for in the page of tasks that limit and offset name.',
  input: z.object({
    resource_type: resourceType,
    query: z.string().min(1).max(500).optional(),
    filters: filters.optional(),
    ...page(100),
  }),
  output: z.object({ resource_type: z.string(), records: z.array(object), count: z.int(), limit: z.int(), offset: z.int() }),
  annotations: reads,
  run: async (attio, { resource_type: type, query, filters, limit, offset }) => {
    const records = await resource(attio, type).search({ query, filters }, { limit, offset });
    return { resource_type: type, records, count: records.length, limit, offset };
  },
});

export const getDetails = defineTool({
  name: 'records_get_details',
  title: 'Read a record',
  description: 'Gives everything about one record, or only the attributes in fields.',
  input: z.object({ resource_type: resourceType, record_id: recordId, fields: z.array(z.string()).optional() }),
  output: z.object({ resource_type: z.string(), record: object }),
  annotations: reads,
  run: async (attio, { resource_type: type, record_id: id, fields }) => {
    const record = await resource(attio, type).get(id);
    return { resource_type: type, record: fields === undefined ? record : only(record, fields) };
  },
});

/** A record has its attributes in `values`; tasks and members have theirs beside the id. */
function only(record: AttioObject, fields: readonly string[]): AttioObject {
  const values = object.safeParse(record['values']).data;
  const pick = (from: AttioObject): AttioObject =>
    Object.fromEntries(Object.entries(from).filter(([name]) => fields.includes(name)));
  return values === undefined ? { id: record['id'], ...pick(record) } : { ...record, values: pick(values) };
}

export const discoverAttributes = defineTool({
  name: 'records_discover_attributes',
  title: 'List attributes',
  description: 'Lists the attributes that records of a type have, with their types and whether they can be written.',
  input: z.object({
    resource_type: resourceType,
    categories: z
      .array(z.string())
      .optional()
      .describe('Only some of them: types (text, select, …), or required, unique, writable, multiselect, archived.'),
  }),
  output: z.object({ resource_type: z.string(), attributes: z.array(object), count: z.int() }),
  annotations: reads,
  run: async (attio, { resource_type: type, categories = [] }) => {
    const all = await resource(attio, type).attributes();
    const isNamed = (attribute: AttioObject): boolean =>
      categories.some((category) => category === 'all' || attribute['type'] === category || attribute[`is_${category}`] === true);
    const attributes = categories.length === 0 ? all : all.filter(isNamed);
    return { resource_type: type, attributes, count: attributes.length };
  },
});
