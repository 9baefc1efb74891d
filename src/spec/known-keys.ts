import type * as z from 'zod';
import type { NodePath } from './node.ts';

type Def = z.core.$ZodTypes['_zod']['def'];

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
  const next = shapeOf(schema)[String(part)];
  return next === undefined ? [] : [next];
}

/** The schemas behind optional, default, lazy, pipe, union and so on. */
function unwrapped(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  const def = defOf(schema);
  if (def.type === 'union') return def.options.flatMap(unwrapped);
  if (def.type === 'intersection') return [def.left, def.right].flatMap(unwrapped);
  if (def.type === 'pipe') return unwrapped(defOf(def.in).type === 'transform' ? def.out : def.in);
  if (def.type === 'lazy') return unwrapped(def.getter());
  return 'innerType' in def ? unwrapped(def.innerType) : [schema];
}

function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  const def = defOf(schema);
  return def.type === 'object' ? def.shape : {};
}

/** zod types a schema of unknown kind by its base: the union of all definitions is what it is at run time. */
const defOf = ({ _zod: { def } }: z.core.$ZodType): Def => def as Def;
