import { AttioError } from './errors.ts';
import type { AttioObject } from './shapes.ts';

export type Condition = {
  readonly attribute: { readonly slug: string };
  readonly condition: string;
  readonly value?: unknown;
};
export type Search = {
  readonly query?: string | undefined;
  readonly filters?: { readonly filters: readonly Condition[]; readonly matchAny?: boolean | undefined } | undefined;
};

/** The `filter` of a query, or nothing where everything is asked for. Throws an `AttioError` for a condition that is none. */
export function asFilter(slug: string, { query, filters }: Search): { readonly filter?: AttioObject } {
  const conditions = (filters?.filters ?? []).map(asCondition);
  const listed = conditions.length === 0 ? [] : [joined(filters?.matchAny === true ? '$or' : '$and', conditions)];
  const parts = [...(query === undefined ? [] : [asQuery(slug, query)]), ...listed];
  return parts.length === 0 ? {} : { filter: joined('$and', parts) };
}

function asQuery(slug: string, query: string): AttioObject {
  const contains = { $contains: query };
  if (slug === 'people') return { $or: [{ name: { full_name: contains } }, { email_addresses: { email_address: contains } }] };
  if (slug === 'users') return { primary_email_address: { email_address: contains } };
  return { name: contains };
}

const joined = (operator: string, parts: readonly AttioObject[]): AttioObject => {
  const [first] = parts;
  return parts.length === 1 && first !== undefined ? first : { [operator]: parts };
};

const operators: Readonly<Record<string, string>> = {
  equals: '$eq',
  is: '$eq',
  eq: '$eq',
  contains: '$contains',
  starts_with: '$starts_with',
  ends_with: '$ends_with',
  gt: '$gt',
  greater_than: '$gt',
  after: '$gt',
  gte: '$gte',
  greater_than_or_equals: '$gte',
  lt: '$lt',
  less_than: '$lt',
  before: '$lt',
  lte: '$lte',
  less_than_or_equals: '$lte',
  in: '$in',
};

/** The words that a condition may be, for the tool's description. */
export const conditionWords: readonly string[] = [...Object.keys(operators), 'not_equals', 'is_empty', 'is_not_empty'];

function asCondition({ attribute: { slug }, condition, value }: Condition): AttioObject {
  const word = condition.replace(/^\$/, '').toLowerCase();
  if (word === 'is_empty') return { $not: { [slug]: { $not_empty: true } } };
  if (['is_not_empty', 'is_set', 'not_empty'].includes(word)) return { [slug]: { $not_empty: true } };
  if (['not_equals', 'is_not', 'neq'].includes(word)) return { $not: { [slug]: { $eq: value } } };
  const operator = operators[word];
  if (operator === undefined) throw new AttioError(`"${condition}" is no condition; there are ${conditionWords.join(', ')}.`);
  // Attio compares the stage of a deal, and every other status, as a whole only.
  return { [slug]: { [/(^|_)(stage|status)$/.test(slug) ? '$eq' : operator]: value } };
}
