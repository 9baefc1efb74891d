import type { MapNode, Node, Pair } from './node.ts';

/**
 * Lays documents over each other: maps merge at every depth, lists and scalars replace, and so does an
 * explicit `null`. Each value keeps the file and position that it came from.
 */
export function mergeDocuments(first: MapNode, ...later: readonly MapNode[]): MapNode {
  return later.reduce(mergeMaps, first);
}

function mergeMaps(base: MapNode, over: MapNode): MapNode {
  const pairs = new Map<string, Pair>(base.pairs);
  for (const [key, pair] of over.pairs) {
    const below = pairs.get(key);
    pairs.set(key, below === undefined ? pair : { key: pair.key, value: mergeValues(below.value, pair.value) });
  }
  return { source: over.source, offset: over.offset, type: 'map', pairs };
}

const mergeValues = (base: Node, over: Node): Node => (base.type === 'map' && over.type === 'map' ? mergeMaps(base, over) : over);
