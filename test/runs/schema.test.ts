import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cli } from './cli.ts';

type Json = { readonly [key: string]: unknown };
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where a keyword of JSON Schema holds schemas. */
const inMaps = new Set(['properties', '$defs', 'patternProperties']);
const inLists = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
const alone = new Set(['items', 'additionalProperties', 'propertyNames', 'not', 'if', 'then', 'else']);
const types = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']);
const others = new Set([
  '$schema',
  '$id',
  '$ref',
  '$comment',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  'type',
  'enum',
  'const',
  'required',
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
]);

/** What a schema validator would refuse to compile, as sentences with the path. */
function faults(schema: unknown, path: string, root: Json): readonly string[] {
  if (typeof schema === 'boolean') return [];
  if (!isJson(schema)) return [`${path} is no schema`];
  return Object.entries(schema).flatMap(([key, value]) => {
    const at = `${path}/${key}`;
    if (inMaps.has(key))
      return isJson(value)
        ? Object.entries(value).flatMap(([name, each]) => faults(each, `${at}/${name}`, root))
        : [`${at} is no map`];
    if (inLists.has(key))
      return Array.isArray(value) && value.length > 0
        ? value.flatMap((each, index) => faults(each, `${at}/${index}`, root))
        : [`${at} is no list`];
    if (alone.has(key)) return faults(value, at, root);
    if (key === 'type') return [value].flat().every((type) => types.has(String(type))) ? [] : [`${at} is no type`];
    if (key === 'pattern') return compiles(String(value)) ? [] : [`${at} is no pattern`];
    if (key === '$ref') return resolves(String(value), root) ? [] : [`${at} leads nowhere`];
    if (key === 'required')
      return Array.isArray(value) && new Set(value).size === value.length ? [] : [`${at} is no list of names`];
    return others.has(key) ? [] : [`${at} is no keyword`];
  });
}

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

function resolves(ref: string, root: Json): boolean {
  if (!ref.startsWith('#')) return false;
  const found = ref
    .slice(1)
    .split('/')
    .filter(Boolean)
    .reduce<unknown>((value, part) => (isJson(value) ? value[part] : undefined), root);
  return found !== undefined;
}

describe('schema', () => {
  it('prints a JSON Schema, and nothing else', async () => {
    const { code, stdout, stderr } = await cli().run('schema');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const schema = JSON.parse(stdout);
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(faults(schema, '#', schema)).toEqual([]);
  });

  it('knows every section of the documents that come with the program', async () => {
    const { json } = await cli().run('schema');
    const documents = ['portal.example.yaml', ...readdirSync('examples').map((name) => `examples/${name}/portal.yaml`)].filter(
      (path) => existsSync(path),
    );
    for (const path of documents) {
      const sections = [...readFileSync(path, 'utf8').matchAll(/^(\w+):/gm)].map(([, name]) => name);
      for (const section of sections) expect(json.properties).toHaveProperty([String(section)]);
    }
  });
});
