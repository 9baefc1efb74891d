import { createNote, listNotes } from './notes.ts';
import { discoverAttributes, getDetails, healthCheck, search } from './reading.ts';
import type { Tool } from './tool.ts';
import { createRecord, deleteRecord, updateRecord } from './writing.ts';

/** Every tool, in the order that clients show. */
export const tools: readonly Tool[] = [
  healthCheck,
  search,
  getDetails,
  createRecord,
  updateRecord,
  deleteRecord,
  discoverAttributes,
  createNote,
  listNotes,
];
