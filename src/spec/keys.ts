import type { Finding } from '../engine/kind.ts';
import { isHiddenKey } from '../lib/secretive.ts';
import type { NodePath } from './node.ts';
import { problem, quoted } from './report.ts';
import { placeOf, type Spot } from './source.ts';

type KeyFacts = {
  readonly name: string;
  readonly spot: Spot;
  readonly path: NodePath;
  /** Where the same key stood before in this map. */
  readonly first: Spot | undefined;
};

/** What is wrong with a key as such, whatever map it stands in. */
export function keyFinding({ name, spot, path, first }: KeyFacts): Finding | undefined {
  if (first === undefined && name !== '' && name !== '<<' && name !== '__proto__') return undefined;
  const place = placeOf(spot, path);
  if (first !== undefined) {
    const hint = `remove one of them, or merge them: the first stands in line ${placeOf(first, path).line}`;
    const which = isHiddenKey(path) ? 'a key' : `the key ${quoted(name)}`;
    return problem('MCP101', `${which} stands twice in the same map`, { place, hint });
  }
  if (name === '') return problem('MCP111', 'a key is empty', { place, hint: 'name the entry' });
  if (name === '<<') {
    const hint = 'YAML 1.2 has no merge keys: use an alias for a whole value, or a second file with -f';
    return problem('MCP111', 'the merge key << is not supported', { place, hint });
  }
  // Assigning to `__proto__` would change what kind of object the map becomes.
  return problem('MCP111', `the key ${quoted(name)} cannot be used`, { place });
}
