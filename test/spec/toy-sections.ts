import * as z from 'zod';
import type { Section } from '../../src/engine/kind.ts';

const none = { expand: () => [] };

/** A map section with the usual kinds of fields, one of them required. */
export const books: Section = {
  ...none,
  name: 'books',
  shape: 'map',
  schema: () =>
    z.strictObject({
      url: z.url().meta({ description: 'Where it is read.' }),
      title: z.string().min(1).optional(),
      genre: z.enum(['novel', 'poetry', 'essay']).optional(),
      pages: z.int().min(1).optional(),
      printed: z.boolean().optional(),
      authors: z.array(z.string()).optional(),
      lending: z
        .union([
          z.literal(['free', 'closed']),
          z.strictObject({ member: z.string() }),
          z.strictObject({ deposit: z.strictObject({ amount: z.number() }) }),
        ])
        .optional(),
      chapters: z.record(z.string(), z.union([z.boolean(), z.strictObject({ alias: z.string().optional() })])).optional(),
      shelf: z.string().optional(),
    }),
  check: (entry, document) => {
    const shelf = entry.value['shelf'];
    if (typeof shelf !== 'string' || document.entry('shelves', shelf) !== undefined) return [];
    return [{ severity: 'error', code: 'MCP200', message: `there is no shelf "${shelf}"`, place: entry.at('shelf') }];
  },
};

const shelves: Section = {
  ...none,
  name: 'shelves',
  shape: 'map',
  schema: () => z.strictObject({ room: z.string().optional() }),
  check: (entry) =>
    entry.key === 'dusty' ? [{ severity: 'warning', code: 'MCP001', message: 'a dusty shelf', place: entry.place }] : [],
};

/** A list section whose entries are told apart by a field. */
const loans: Section = {
  ...none,
  name: 'loans',
  shape: 'list',
  schema: () =>
    z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('short'), days: z.number().max(7) }),
      z.strictObject({
        type: z.literal('long'),
        weeks: z.number(),
        until: z.union([z.literal('auto'), z.number()]).optional(),
      }),
    ]),
};

export const sections: readonly Section[] = [books, shelves, loans];
