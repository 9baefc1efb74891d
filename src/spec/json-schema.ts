import * as z from 'zod/mini';
import type { Section } from '../engine/kind.ts';

type Json = { readonly [key: string]: unknown };

/**
 * The JSON Schema (draft 2020-12) of a document with these sections, for editors. It accepts what
 * `loadDocument` accepts: also `${VAR}` where a number, a boolean or a special string stands.
 */
export function documentJsonSchema(sections: readonly Section[]): object {
  const built = sections.map((section) => ({ section, ...entrySchema(section) }));
  const properties = Object.fromEntries(built.map(({ section, schema }) => [section.name, sectionSchema(section, schema)]));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:mcp-portal:document:1',
    title: 'mcp-portal document',
    description: 'Cloudflare Zero Trust MCP server portals and what belongs to them.',
    type: 'object',
    properties: { ...rootProperties, ...properties },
    required: ['version'],
    additionalProperties: false,
    $defs: { ...Object.assign({}, ...built.map(({ defs }) => defs)), variable },
  };
}

const rootProperties = {
  version: { description: 'The version of this format.', const: 1 },
  account: { description: 'The Cloudflare account id.', type: ['string', 'null'] },
} as const;

const variable = {
  description: '${VAR} or ${VAR:-default}',
  type: 'string',
  pattern: '\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}',
} as const;

const flags = {
  absent: { description: 'Make sure that it is gone.', anyOf: [{ type: 'boolean' }, { $ref: '#/$defs/variable' }] },
  protect: { description: 'Never delete or replace it.', anyOf: [{ type: 'boolean' }, { $ref: '#/$defs/variable' }] },
} as const;

function entrySchema(section: Section): { readonly schema: Json; readonly defs: Json } {
  const whole = z.toJSONSchema(section.schema(), { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' });
  const { $schema: _, $defs = {}, ...schema } = whole;
  const defs = { ...$defs };
  return {
    schema: withFlags(withVariables(schema), defs),
    defs: Object.fromEntries(Object.entries(defs).map(([name, def]) => [name, withVariables(def)])),
  };
}

/** A section may be empty; so may an entry of a map section. */
function sectionSchema(section: Section, entry: Json): Json {
  if (section.shape === 'list') return { type: ['array', 'null'], items: entry };
  return { type: ['object', 'null'], propertyNames: { minLength: 1 }, additionalProperties: optional(entry) };
}

const optional = (entry: Json): Json => ({ anyOf: [entry, { type: 'null' }] });

/** `absent` and `protect` on every form of an entry; what is to be gone need not be complete. */
function withFlags(schema: Json, defs: Json): Json {
  const target = typeof schema['$ref'] === 'string' ? defs[schema['$ref'].replace('#/$defs/', '')] : undefined;
  if (isJson(target)) return withFlags(withVariables(target), defs);
  const forms = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(forms)) {
    const { anyOf: _, oneOf: __, ...rest } = schema;
    return { ...rest, anyOf: forms.map((form: unknown) => (isJson(form) ? withFlags(form, defs) : form)) };
  }
  if (schema['type'] !== 'object' || !isJson(schema['properties'])) return schema;
  const { required, ...rest } = schema;
  const complete = required === undefined ? {} : { if: gone, else: { required } };
  return { ...rest, properties: { ...schema['properties'], ...flags }, ...complete };
}

const gone = { properties: { absent: { const: true } }, required: ['absent'] } as const;

/** Lets `${VAR}` stand wherever a scalar is held to more than being a string. */
function withVariables(value: unknown): Json {
  const schema = mapped(value, false);
  return isJson(schema) ? schema : {};
}

function mapped(value: unknown, named: boolean): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => mapped(item, false));
  if (!isJson(value)) return value;
  const inner = Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, keep(key, named) ? item : mapped(item, !named && holdsSchemas(key))]),
  );
  return named || !isNarrow(inner) ? inner : alternativesOf(inner);
}

/** Values that are data, not schemas. */
const keep = (key: string, named: boolean): boolean =>
  !named && ['enum', 'const', 'default', 'examples', 'required', 'propertyNames'].includes(key);
const holdsSchemas = (key: string): boolean => key === 'properties' || key === '$defs' || key === 'patternProperties';

function isNarrow(schema: Json): boolean {
  if (['number', 'integer', 'boolean'].includes(String(schema['type']))) return true;
  const narrowed = ['enum', 'const', 'pattern', 'format', 'minLength', 'maxLength'].some((key) => key in schema);
  return narrowed && (schema['type'] === 'string' || 'enum' in schema || 'const' in schema);
}

function alternativesOf(schema: Json): Json {
  const { title, description, default: preset, ...rest } = schema;
  const outer = Object.entries({ title, description, default: preset }).filter(([, item]) => item !== undefined);
  return { ...Object.fromEntries(outer), anyOf: [rest, { $ref: '#/$defs/variable' }] };
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
