import * as z from 'zod';
import { conditionWords } from '../attio/filters.ts';
import { resourceTypes } from '../attio/resources.ts';

export const resourceType = z.enum(resourceTypes).describe('What kind of thing it is.');

/** Ids go into paths, so they are held to what an id can be. */
export const recordId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,128}$/, 'an id has letters, digits, - and _ only')
  .describe('The id that Attio gave it, as search shows it.');

export const recordData = z
  .record(z.string(), z.unknown())
  .describe(
    'Values by attribute, such as {"name": "Acme", "domains": ["acme.com"]}; records_discover_attributes lists the attributes. A task has content, deadline_at, is_completed, linked_records and assignees.',
  );

export const returnDetails = z.boolean().default(true).describe('Answer with the whole record, not only with its id.');

export const page = (largest: number) => ({
  limit: z.int().min(1).max(largest).default(10).describe('How many to answer with.'),
  offset: z.int().min(0).default(0).describe('How many to leave out at the start.'),
});

export const filters = z
  .object({
    filters: z.array(
      z.object({
        attribute: z.object({ slug: z.string().regex(/^[\w-]{1,128}$/, 'a slug has letters, digits, - and _ only') }),
        condition: z.string().describe(`One of ${conditionWords.join(', ')}.`),
        value: z.unknown().optional(),
      }),
    ),
    matchAny: z.boolean().optional().describe('One condition is enough, instead of all.'),
  })
  .describe('Conditions on attributes of a record.');

export const object = z.record(z.string(), z.unknown());
