import * as z from 'zod';
import { AttioError } from './errors.ts';

/** An object of the API, as it came: which attributes it has is up to each workspace. */
export type AttioObject = { readonly [field: string]: unknown };

const objectSchema = z.record(z.string(), z.unknown());
const listSchema = z.array(objectSchema);

/** Throws an `AttioError` where Attio sent something else. */
export const asObject = (data: unknown): AttioObject => checked(objectSchema.safeParse(data).data);
export const asList = (data: unknown): AttioObject[] => checked(listSchema.safeParse(data).data);

function checked<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new AttioError('Attio answered with something that is no answer of its API.');
  return value;
}

/** The id that Attio gives an object under the name `kind`, such as `record_id`. */
export function idOf(object: AttioObject, kind: string): string {
  const ids = objectSchema.safeParse(object['id']).data;
  const id = ids?.[kind];
  return checked(typeof id === 'string' ? id : undefined);
}
