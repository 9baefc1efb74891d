import type { AttioObject } from './shapes.ts';

/** Attio wants every field of a new task, also those that are empty. */
export const newTask = (data: AttioObject): AttioObject => ({
  format: 'plaintext',
  deadline_at: null,
  is_completed: false,
  linked_records: [],
  assignees: [],
  ...named(data),
});

/** The words of a task cannot be changed; Attio says so itself. */
export const taskChange = (data: AttioObject): AttioObject => named(data);

/** Names that people use for a task's fields, besides Attio's. */
const synonyms: Readonly<Record<string, string>> = { title: 'content', due_date: 'deadline_at', completed: 'is_completed' };

const named = (data: AttioObject): AttioObject =>
  Object.fromEntries(Object.entries(data).map(([field, value]) => [synonyms[field] ?? field, value]));

/** Tasks have no attributes that a workspace could change, so there is no endpoint for them. */
export const taskAttributes: readonly AttioObject[] = [
  { api_slug: 'content', title: 'Content', type: 'text', is_required: true, is_writable: true },
  { api_slug: 'format', title: 'Format', type: 'text', is_required: false, is_writable: true },
  { api_slug: 'deadline_at', title: 'Deadline', type: 'timestamp', is_required: false, is_writable: true },
  { api_slug: 'is_completed', title: 'Completed', type: 'checkbox', is_required: false, is_writable: true },
  { api_slug: 'linked_records', title: 'Linked records', type: 'record-reference', is_required: false, is_writable: true },
  { api_slug: 'assignees', title: 'Assignees', type: 'actor-reference', is_required: false, is_writable: true },
];
