import type { Kind } from './kind.ts';

/** The kind of this name in the table that a run was given. */
export function kindNamed(kinds: readonly Kind[], name: string): Kind {
  const found = kinds.find((kind) => kind.kind === name);
  if (found === undefined) throw new Error(`unknown kind ${name}`);
  return found;
}
