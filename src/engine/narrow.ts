import { addressOf, type Address, type Desired, type Kind } from './kind.ts';
import { kindNamed } from './kind-named.ts';

/**
 * Only the resources that `named` picks, with those that they need. What is needed and not named is
 * made when it is missing, and otherwise left as it is: changing one thing must not change another.
 */
export function narrow(
  desired: readonly Desired[],
  kinds: readonly Kind[],
  named: (resource: Desired) => boolean,
): readonly Desired[] {
  const byAddress = new Map(desired.map((resource) => [addressOf(resource.kind, resource.key), resource]));
  const kept = new Set(desired.filter(named));
  const chosen = new Set(kept);
  for (const resource of kept) {
    for (const address of needsOf(resource, kinds)) {
      const needed = byAddress.get(address);
      if (needed !== undefined) kept.add(needed);
    }
  }
  return desired.flatMap((resource): readonly Desired[] => {
    if (chosen.has(resource)) return [{ ...resource, asked: true }];
    return kept.has(resource) ? [{ ...resource, onlyIfMissing: true }] : [];
  });
}

function needsOf(resource: Desired, kinds: readonly Kind[]): readonly Address[] {
  if (resource.absent) return [];
  const mentioned = kindNamed(kinds, resource.kind).references(resource.state);
  return [...mentioned.map(({ kind, ref }) => addressOf(kind, ref)), ...(resource.follows ?? [])];
}
