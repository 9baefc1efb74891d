import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { documentJsonSchema } from '../../src/spec/json-schema.ts';
import { sections } from './toy-sections.ts';

const schema = documentJsonSchema(sections);
const variable = { $ref: '#/$defs/variable' };

describe('documentJsonSchema', () => {
  it('is a closed draft 2020-12 schema of the root keys and the sections', () => {
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: expect.any(String),
      required: ['version'],
      additionalProperties: false,
      properties: { version: { const: 1 }, account: {}, books: {}, shelves: {}, loans: { type: ['array', 'null'] } },
    });
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });

  it('takes fields, descriptions and requirements from the zod schemas', () => {
    expect(schema).toMatchObject({
      properties: {
        books: {
          type: ['object', 'null'],
          additionalProperties: {
            anyOf: [
              {
                type: 'object',
                additionalProperties: false,
                properties: {
                  url: { description: 'Where it is read.', anyOf: [{ type: 'string', format: 'uri' }, variable] },
                  shelf: { type: 'string' },
                  genre: { anyOf: [{ enum: ['novel', 'poetry', 'essay'] }, variable] },
                  printed: { anyOf: [{ type: 'boolean' }, variable] },
                },
                else: { required: ['url'] },
              },
              { type: 'null' },
            ],
          },
        },
      },
    });
  });

  it('knows absent and protect on every entry, also in each form of one', () => {
    const flags = {
      absent: { anyOf: [{ type: 'boolean' }, variable] },
      protect: { anyOf: [{ type: 'boolean' }, variable] },
    };
    expect(schema).toMatchObject({
      properties: {
        shelves: { additionalProperties: { anyOf: [{ properties: flags }, {}] } },
        loans: { items: { anyOf: [{ properties: { ...flags, days: {} } }, { properties: { ...flags, weeks: {} } }] } },
      },
    });
  });

  it('carries named schemas over, and lets a property be called like a keyword', () => {
    const rule = z
      .strictObject({
        enum: z.boolean(),
        get not() {
          return rule.optional();
        },
      })
      .meta({ id: 'rule' });
    const built = documentJsonSchema([
      { name: 'rules', shape: 'map', expand: () => [], schema: () => z.strictObject({ rule, properties: z.number() }) },
    ]);
    expect(built).toMatchObject({
      properties: {
        rules: {
          additionalProperties: {
            anyOf: [
              { properties: { rule: { $ref: '#/$defs/rule' }, properties: { anyOf: [{ type: 'number' }, variable] } } },
              {},
            ],
          },
        },
      },
      $defs: {
        rule: { properties: { enum: { anyOf: [{ type: 'boolean' }, variable] }, not: { $ref: '#/$defs/rule' } } },
        variable: { type: 'string' },
      },
    });
  });

  it('accepts anything where zod can say nothing', () => {
    const built = documentJsonSchema([
      {
        name: 'odd',
        shape: 'map',
        expand: () => [],
        schema: () => z.strictObject({ x: z.string().transform((text) => text.length), y: z.custom() }),
      },
    ]);
    expect(built).toMatchObject({
      properties: { odd: { additionalProperties: { anyOf: [{ properties: { x: { type: 'string' }, y: {} } }, {}] } } },
    });
  });
});
