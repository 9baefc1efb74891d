import type { Edit } from '../../spec/edit.ts';
import { nodeAt } from '../../spec/node.ts';
import { parse } from '../../spec/parse.ts';
import type { Source } from '../../spec/source.ts';

/** Whether a file has the entry that the edits are about: of several files, the last such one is written. */
export function isNamedIn(source: Source, edits: readonly Edit[]): boolean {
  const parsed = parse(source);
  return parsed.ok && edits.some(({ path }) => nodeAt(parsed.root, path.slice(0, 2)) !== undefined);
}
