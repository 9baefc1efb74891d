import type { Place } from '../engine/kind.ts';
import { placeOf, type Spot } from './source.ts';

/** What YAML 1.2 makes of a scalar. */
export type ScalarValue = string | number | bigint | boolean | null;

export type ScalarNode = Spot & {
  readonly type: 'scalar';
  readonly value: ScalarValue;
  /** Written without quotes, so its type is guessed from its text. */
  readonly plain: boolean;
};
type ListNode = Spot & { readonly type: 'list'; readonly items: readonly Node[] };
export type MapNode = Spot & { readonly type: 'map'; readonly pairs: ReadonlyMap<string, Pair> };

/** A value of the document with where it stands: which source, and at which offset. */
export type Node = ScalarNode | ListNode | MapNode;
export type Pair = { readonly key: Spot; readonly value: Node };

export type NodePath = readonly PropertyKey[];

/** The node at a path below `root`; undefined when the document has none there. */
export function nodeAt(root: Node, path: NodePath): Node | undefined {
  return path.reduce<Node | undefined>((node, part) => (node === undefined ? undefined : step(node, part)), root);
}

function step(node: Node, part: PropertyKey): Node | undefined {
  if (node.type === 'list') return node.items[Number(part)];
  return node.type === 'map' ? node.pairs.get(String(part))?.value : undefined;
}

/**
 * Where a path stands: a scalar at itself, a map or list at its key. What the document leaves out
 * stands where its nearest ancestor does.
 */
export function placeAt(root: Node, path: NodePath): Place {
  let spot: Spot = root;
  let node: Node = root;
  for (const part of path) {
    const next: Node | undefined = step(node, part);
    if (next === undefined) break;
    const key = node.type === 'map' ? node.pairs.get(String(part))?.key : undefined;
    spot = next.type === 'scalar' && !(next.value === null && next.plain) ? next : (key ?? next);
    node = next;
  }
  return placeOf(spot, path);
}

/** Where the key of a path stands; the value's own place when it has no key. */
export function keyPlaceAt(root: Node, path: NodePath): Place {
  const parent = nodeAt(root, path.slice(0, -1));
  const last = path.at(-1);
  const key = parent?.type === 'map' && last !== undefined ? parent.pairs.get(String(last))?.key : undefined;
  return key === undefined ? placeAt(root, path) : placeOf(key, path);
}
