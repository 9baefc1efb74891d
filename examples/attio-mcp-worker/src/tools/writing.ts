import * as z from 'zod';
import { resource, type Resource, type ResourceType } from '../attio/resources.ts';
import type { AttioObject } from '../attio/shapes.ts';
import { object, recordData, recordId, resourceType, returnDetails } from './arguments.ts';
import { defineTool } from './tool.ts';

const written = z.object({ resource_type: z.string(), record_id: z.string(), record: object.optional() });

export const createRecord = defineTool({
  name: 'create-record',
  title: 'Create a record',
  description: 'Creates a company, person, deal, user, workspace or task.',
  input: z.object({ resource_type: resourceType, record_data: recordData, return_details: returnDetails }),
  output: written,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  run: async (attio, { resource_type: type, record_data: data, return_details: whole }) => {
    const records = resource(attio, type);
    return outcome(await records.create(data), { type, records, whole });
  },
});

export const updateRecord = defineTool({
  name: 'update-record',
  title: 'Change a record',
  description: 'Changes the named attributes of a record or task, and leaves the others alone.',
  input: z.object({ resource_type: resourceType, record_id: recordId, record_data: recordData, return_details: returnDetails }),
  output: written,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  run: async (attio, { resource_type: type, record_id: id, record_data: data, return_details: whole }) => {
    const records = resource(attio, type);
    return outcome(await records.update(id, data), { type, records, whole });
  },
});

type Asked = { readonly type: ResourceType; readonly records: Resource; readonly whole: boolean };

const outcome = (record: AttioObject, { type, records, whole }: Asked): z.infer<typeof written> => ({
  resource_type: type,
  record_id: records.idOf(record),
  ...(whole ? { record } : {}),
});

export const deleteRecord = defineTool({
  name: 'delete-record',
  title: 'Delete a record',
  description: 'Deletes a record or task for good.',
  input: z.object({ resource_type: resourceType, record_id: recordId }),
  output: z.object({ resource_type: z.string(), record_id: z.string(), deleted: z.literal(true) }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  run: async (attio, { resource_type: type, record_id: id }) => {
    await resource(attio, type).remove(id);
    return { resource_type: type, record_id: id, deleted: true as const };
  },
});
