import type { Candidate } from '../../completion/candidates.ts';
import type { Desired } from '../../engine/kind.ts';
import { kinds } from '../../kinds/index.ts';
import { load } from '../../load-spec.ts';
import { nodeAt, type Node } from '../../spec/node.ts';
import { parseSources } from '../../spec/parse-sources.ts';
import { readSources } from '../../spec/read-sources.ts';
import type { World } from '../../world.ts';

/**
 * The keys that a document has of a kind, or with `address` all its addresses, also where the document
 * is not valid: it may be in the middle of a change. Offline. Throws for a document that cannot be read.
 */
export async function namesIn(world: World, files: readonly string[], names: string): Promise<readonly Candidate[]> {
  const sources = await readSources(world, files);
  const parsed = await parseSources(sources);
  const roots = parsed.flatMap((each) => (each.ok ? [each.root] : []));
  const written = kinds.flatMap(({ kind, section }) =>
    section?.shape === 'map' ? roots.flatMap((root) => keysBelow(nodeAt(root, [section.name]), kind)) : [],
  );
  const isWritten = kinds.some(({ kind, section }) => kind === names && section?.shape === 'map');
  const all = isWritten ? written : (resourcesOf(() => load(sources, { kinds, env: world.env, parsed }).desired) ?? written);
  return unique(names === 'address' ? all : all.filter(({ word }) => word.startsWith(`${names}:`)).map(withoutKind));
}

/** With what the short forms stand for; undefined where the document is not valid. */
function resourcesOf(read: () => readonly Desired[]): readonly Candidate[] | undefined {
  try {
    return read().map(({ kind, key, state }) => ({
      word: `${kind}:${key}`,
      about: typeof state['name'] === 'string' ? state['name'] : '',
    }));
  } catch {
    return undefined;
  }
}

function keysBelow(section: Node | undefined, kind: string): readonly Candidate[] {
  if (section?.type !== 'map') return [];
  return [...section.pairs].map(([key, { value }]) => {
    const name = nodeAt(value, ['name']);
    return { word: `${kind}:${key}`, about: name?.type === 'scalar' && typeof name.value === 'string' ? name.value : '' };
  });
}

const withoutKind = ({ word, about }: Candidate): Candidate => ({ word: word.slice(word.indexOf(':') + 1), about });

const unique = (found: readonly Candidate[]): readonly Candidate[] => [
  ...new Map(found.map((each) => [each.word, each])).values(),
];
