import * as z from 'zod';
import { asList, asObject } from '../attio/shapes.ts';
import { object, page, recordId } from './arguments.ts';
import { defineTool, reads } from './tool.ts';

const parentType = z.enum(['companies', 'people', 'deals']).describe('What the note is about.');

export const createNote = defineTool({
  name: 'create-note',
  title: 'Write a note',
  description: 'Writes a note about a company, person or deal.',
  input: z.object({
    resource_type: parentType,
    record_id: recordId,
    title: z.string().min(1).max(1000),
    content: z.string().max(100_000),
    format: z.enum(['plaintext', 'markdown']).default('plaintext'),
  }),
  output: z.object({ note: object }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  run: async (attio, { resource_type: type, record_id: id, title, content, format }) => {
    const data = { parent_object: type, parent_record_id: id, title, format, content };
    return { note: asObject(await attio.send('POST', '/v2/notes', { body: { data } })) };
  },
});

export const listNotes = defineTool({
  name: 'list-notes',
  title: 'List notes',
  description: 'Lists the notes about a company, person or deal.',
  input: z.object({ resource_type: parentType, record_id: recordId, ...page(50) }),
  output: z.object({ notes: z.array(object), count: z.int(), limit: z.int(), offset: z.int() }),
  annotations: reads,
  run: async (attio, { resource_type: type, record_id: id, limit, offset }) => {
    const query = { parent_object: type, parent_record_id: id, limit, offset };
    const notes = asList(await attio.send('GET', '/v2/notes', { query }));
    return { notes, count: notes.length, limit, offset };
  },
});
