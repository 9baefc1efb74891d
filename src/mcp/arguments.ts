import { didYouMean } from '../lib/did-you-mean.ts';
import { UsageError } from '../lib/errors.ts';

/** The part of JSON Schema that tools describe their arguments with. */
export type Schema = {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
};
export type InputSchema = Schema & { readonly type: 'object'; readonly properties: Readonly<Record<string, Schema>> };

export const text = (description?: string): Schema =>
  description === undefined ? { type: 'string' } : { type: 'string', description };
export const flag = (description?: string): Schema =>
  description === undefined ? { type: 'boolean' } : { type: 'boolean', description };
export const texts = (description?: string): Schema => ({
  type: 'array',
  items: { type: 'string' },
  ...(description === undefined ? {} : { description }),
});
export const input = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): InputSchema => ({
  type: 'object',
  properties,
  ...(required.length === 0 ? {} : { required }),
  additionalProperties: false,
});

/** Throws a `UsageError` that says of every mistake how to mend the call. */
export function assertFits(value: unknown, schema: Schema, tool: string): void {
  const mistakes = mistakesIn(value, schema, '');
  if (mistakes.length === 0) return;
  const known = Object.keys(schema.properties ?? {});
  throw new UsageError(`the arguments of ${tool} do not fit: ${mistakes.slice(0, 10).join('; ')}`, {
    code: 'invalid_arguments',
    hint:
      known.length === 0 ? `${tool} takes no arguments.` : `${tool} takes ${known.join(', ')}. Mend the call and send it again.`,
  });
}

function mistakesIn(value: unknown, schema: Schema, path: string): readonly string[] {
  const { type } = schema;
  const types = typeof type === 'string' ? [type] : (type ?? []);
  const where = path === '' ? 'the arguments' : `"${path}"`;
  if (types.length > 0 && !types.some((one) => isOf(value, one))) return [`${where} must be ${types.map(article).join(' or ')}`];
  if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${where} must be one of ${schema.enum.join(', ')}`];
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? [] : value.flatMap((item: unknown, at) => mistakesIn(item, items, `${path}[${at}]`));
  }
  return isObject(value) && schema.properties !== undefined ? mistakesInObject(value, schema, path) : [];
}

function mistakesInObject(value: Readonly<Record<string, unknown>>, schema: Schema, path: string): readonly string[] {
  const { properties = {}, required = [], additionalProperties } = schema;
  const at = (key: string): string => (path === '' ? key : `${path}.${key}`);
  const missing = required.filter((key) => value[key] === undefined).map((key) => `"${at(key)}" is missing`);
  const wrong = Object.entries(value).flatMap(([key, inner]) => {
    const known = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (known !== undefined) return inner === undefined ? [] : mistakesIn(inner, known, at(key));
    if (additionalProperties !== false) return [];
    const guess = didYouMean(key, Object.keys(properties));
    return [`"${at(key.slice(0, 60))}" is not known${guess === undefined ? '' : `, did you mean "${guess}"?`}`];
  });
  return [...missing, ...wrong];
}

function isOf(value: unknown, type: string): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'null') return value === null;
  return typeof value === type;
}

const article = (type: string): string => `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
