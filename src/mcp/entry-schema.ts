import * as z from 'zod/mini';
import type { Section } from '../engine/kind.ts';
import { isPlain, type Plain } from '../engine/values.ts';
import type { Schema } from './arguments.ts';

/**
 * The schema of a section's entries, short: names and types of the fields, one level deep. Lists of tools are
 * paid for by everyone who only looks; the whole schema is a resource, and what does not fit is told when it is planned.
 */
export function entrySchema(section: Section): Schema {
  const whole: Plain = z.toJSONSchema(section.schema(), { io: 'input', unrepresentable: 'any' });
  const properties = propertiesOf(whole);
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, short(field)])),
  };
}

/** The fields of an entry; of one with several forms, those of all. */
function propertiesOf(schema: Plain): Plain {
  const forms = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(forms)) return Object.assign({}, ...forms.filter(isPlain).map(propertiesOf));
  return isPlain(schema['properties']) ? schema['properties'] : {};
}

function short(field: unknown): Schema {
  if (!isPlain(field)) return {};
  const forms = field['anyOf'] ?? field['oneOf'];
  const values = field['enum'];
  if (Array.isArray(values) && values.length <= 6) return { enum: values };
  if (Array.isArray(forms)) {
    const types = [...new Set(forms.filter(isPlain).flatMap((form) => typesOf(form)))].filter((type) => type !== 'null');
    const [only, ...others] = types;
    return only === undefined || others.length > 0 ? {} : { type: only };
  }
  const [type] = typesOf(field);
  return type === undefined ? {} : { type };
}

const typesOf = (schema: Plain): readonly string[] => (typeof schema['type'] === 'string' ? [schema['type']] : []);
