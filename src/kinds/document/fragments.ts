import * as z from 'zod/mini';
import { parseDuration } from '../../lib/duration.ts';

// Compiling a schema into code pays off after hundreds of values; a run checks a few.
z.config({ jitless: true });

/**
 * A schema, built at its first use and then shared: building one costs more than checking a value
 * with it, and the same fragments stand in many places.
 */
export function once<T>(build: () => T): () => T {
  let built: { readonly value: T } | undefined;
  return () => (built ??= { value: build() }).value;
}

/** `schema` with words for the JSON Schema. They stay with this very object: never one that is shared. */
export const described = <T extends z.ZodMiniType>(schema: T, description: string): T => {
  z.globalRegistry.add(schema, { description });
  return schema;
};

export const wholeNumber = (least: number, most: number) => z.number().check(z.int(), z.minimum(least), z.maximum(most));

/** Server and portal ids: tool names are `{server}_{tool}`, split at the first underscore (Q15). */
export const isId = (text: string): boolean => /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/.test(text);

export const name = once(() =>
  described(z.string().check(z.minLength(1), z.maxLength(350)), 'The name that people see. Defaults to the key.'),
);

export const description = once(() =>
  described(z.nullable(z.string().check(z.maxLength(512))), 'At most 512 characters; "" or null clears it.'),
);

/** A duration as Go writes it; `0` and "" are what some fields take to mean "none". YAML reads a bare 0 as a number. */
export const duration = once(() =>
  z.union([
    described(
      z
        .string()
        .check(
          z.refine(
            (text) => text === '' || parseDuration(text) !== undefined,
            'a duration is written as Go does: 24h, 1h30m, 8760h (there are no days or years)',
          ),
        ),
      'A duration such as 24h, 1h30m or 8760h.',
    ),
    z.pipe(
      z.literal(0),
      z.transform(() => '0'),
    ),
  ]),
);

export const oneOrMany = <T extends z.core.SomeType>(item: T) => z.union([item, z.array(item)]);

/** The list that `value` or `[values]` stands for. */
export const asList = <T>(value: T | readonly T[]): readonly T[] => (isList(value) ? value : [value]);

const isList = <T>(value: T | readonly T[]): value is readonly T[] => Array.isArray(value);

/** An explicit `null` asks for what the API would fill in. */
export const orDefault = <T>(value: T | null | undefined, apiDefault: T): T | undefined => (value === null ? apiDefault : value);
