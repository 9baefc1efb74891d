import type { Edit } from '../../spec/edit.ts';
import { nodeAt, type MapNode } from '../../spec/node.ts';
import { parse } from '../../spec/parse.ts';
import type { Source } from '../../spec/source.ts';

/** The edits of each of several files: what takes away goes wherever it applies, what adds goes to one. */
export function editsByFile(sources: readonly Source[], edits: readonly Edit[]): readonly (readonly Edit[])[] {
  const roots = sources.map((source) => {
    const parsed = parse(source);
    return parsed.ok ? parsed.root : undefined;
  });
  const targets = edits.map((edit) => targetOf(edit, roots));
  return roots.map((root, at) =>
    edits.filter((edit, index) => (takesAway(edit) ? isIn(root, edit.path) : targets[index] === at)),
  );
}

const takesAway = ({ op }: Edit): boolean => op === 'remove' || op === 'drop' || op === 'drop-items';

/** The last file that has the entry, else the last that has its section, else the last. */
function targetOf({ path }: Edit, roots: readonly (MapNode | undefined)[]): number {
  const having = (length: number): number => roots.findLastIndex((root) => isIn(root, path.slice(0, length)));
  return [having(2), having(1), roots.length - 1].find((at) => at !== -1) ?? 0;
}

const isIn = (root: MapNode | undefined, path: readonly string[]): boolean =>
  root !== undefined && nodeAt(root, path) !== undefined;
