import * as z from 'zod/mini';
import type { NodePath } from './node.ts';

type Def = z.core.$ZodTypes['_zod']['def'];

/**
 * Whether a path leads into what a schema marks as `writeOnly`, JSON Schema's word for values such as
 * passwords: what stands there may be a secret that somebody pasted, and is never shown.
 */
export const isWriteOnly = (schema: z.core.$ZodType, path: NodePath): boolean =>
  [...path.keys(), path.length].some((end) => schemasAt(schema, path.slice(0, end)).some(isMarked));

const isMarked = (schema: z.core.$ZodType): boolean => z.globalRegistry.get(schema)?.['writeOnly'] === true;

/** The keys that a schema knows at a path below it: the words to suggest for a misspelt one. */
export const knownKeys = (schema: z.core.$ZodType, path: NodePath): readonly string[] => [
  ...new Set(schemasAt(schema, path).flatMap((found) => Object.keys(shapeOf(found)))),
];

/** Every schema that may apply at a path: a union has several. */
function schemasAt(schema: z.core.$ZodType, path: NodePath): readonly z.core.$ZodType[] {
  const [part, ...rest] = path;
  const open = unwrapped(schema);
  if (part === undefined) return open;
  return open.flatMap((one) => below(one, part)).flatMap((next) => schemasAt(next, rest));
}

function below(schema: z.core.$ZodType, part: PropertyKey): readonly z.core.$ZodType[] {
  const def = defOf(schema);
  if (def.type === 'record') return [def.valueType];
  if (def.type === 'array') return [def.element];
  const shape = shapeOf(schema);
  // A shape is a plain object: `constructor` would find what every object has.
  const next = Object.hasOwn(shape, part) ? shape[String(part)] : undefined;
  return next === undefined ? [] : [next];
}

/** The schema, and those behind it where it is optional, a default, lazy, a pipe, a union and so on. */
const unwrapped = (schema: z.core.$ZodType): readonly z.core.$ZodType[] => [schema, ...inside(schema).flatMap(unwrapped)];

function inside(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  const def = defOf(schema);
  if (def.type === 'union') return def.options;
  if (def.type === 'intersection') return [def.left, def.right];
  if (def.type === 'pipe') return [defOf(def.in).type === 'transform' ? def.out : def.in];
  if (def.type === 'lazy') return [def.getter()];
  return 'innerType' in def ? [def.innerType] : [];
}

function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  const def = defOf(schema);
  return def.type === 'object' ? def.shape : {};
}

/** zod types a schema of unknown kind by its base: the union of all definitions is what it is at run time. */
const defOf = ({ _zod: { def } }: z.core.$ZodType): Def => def as Def;
