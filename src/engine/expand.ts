import { addressOf, type Address, type Desired, type Finding, type Kind, type Peers, type Sections } from './kind.ts';
import { canonicalJson } from './values.ts';

/**
 * The document as plain resources: every short form spelled out by the kind that owns its section.
 * A resource that two entries imply alike is one; two that differ under one address are a mistake.
 */
export function expand(
  sections: Sections,
  kinds: readonly Kind[],
): { readonly desired: readonly Desired[]; readonly findings: readonly Finding[] } {
  const byAddress = new Map<Address, Desired>();
  const findings: Finding[] = [];
  for (const { section } of kinds) {
    if (section === undefined) continue;
    for (const desired of sections.entries(section.name).flatMap((entry) => section.expand(entry, sections))) {
      const address = addressOf(desired.kind, desired.key);
      const other = byAddress.get(address);
      if (other === undefined) byAddress.set(address, desired);
      else if (saidBy(other) !== saidBy(desired)) findings.push(declaredTwice(address, desired, other));
    }
  }
  const desired = inTableOrder([...byAddress.values()], kinds);
  return { desired, findings: [...findings, ...sharedIdentities(desired, kinds)] };
}

const saidBy = ({ state, absent }: Desired): string => canonicalJson({ state, absent });

const inTableOrder = (desired: readonly Desired[], kinds: readonly Kind[]): readonly Desired[] =>
  kinds.flatMap((kind) => desired.filter((resource) => resource.kind === kind.kind));

const declaredTwice = (address: Address, desired: Desired, other: Desired): Finding => ({
  severity: 'error',
  code: 'MCP209',
  message: `${address} is declared twice, with different fields${other.place === undefined ? '' : ` (first in line ${other.place.line})`}`,
  place: desired.place,
  hint: 'keep one of them',
});

/** Two entries that would find the same live object: they would fight over it. */
function sharedIdentities(desired: readonly Desired[], kinds: readonly Kind[]): readonly Finding[] {
  return kinds.flatMap((kind) => {
    const seen = new Map<string, Desired>();
    return desired
      .filter((resource) => resource.kind === kind.kind)
      .flatMap((resource) => {
        const identity = kind.identities(resource, nothingRead).at(-1) ?? resource.key;
        const other = seen.get(identity);
        seen.set(identity, resource);
        return other === undefined ? [] : [sameObject(resource, other, identity)];
      });
  });
}

const sameObject = (resource: Desired, other: Desired, identity: string): Finding => ({
  severity: 'error',
  code: 'MCP210',
  message: `${addressOf(resource.kind, resource.key)} and ${addressOf(other.kind, other.key)} mean the same object (${identity.trim()})`,
  place: resource.place,
  hint: 'give them different names, or keep one',
});

const nothingRead: Peers = {
  names: {
    nameOf: (_kind, id) => id,
    idOf: (_kind, ref) => ref,
    canonical: (_kind, ref) => ref,
  },
  live: () => undefined,
  existing: () => [],
  desired: () => [],
  stored: () => [],
};
