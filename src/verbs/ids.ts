import { UsageError } from '../lib/errors.ts';

/** The id that a new server or portal gets: the one given, else one made from its name. */
export function idFrom(
  { id, name }: { readonly id?: string | undefined; readonly name?: string | undefined },
  usage: string,
): string {
  const made = id ?? slug(name ?? '');
  if (made !== '') return made;
  throw new UsageError(`an id is missing: ${usage}`, { hint: 'or --name, from which one is made' });
}

/** A name in the letters that ids may have. */
export const slug = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 32)
    .replaceAll(/^-+|-+$/g, '');
