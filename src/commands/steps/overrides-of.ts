import type { Desired, State } from '../../engine/kind.ts';
import { kindNamed } from '../../engine/kind-named.ts';
import type { Proposal } from '../../engine/plan.ts';
import { isPlain, memberOf } from '../../engine/values.ts';
import type { OverrideSpot } from '../../kinds/mcp/synced.ts';

/**
 * The settings for a server's tools and prompts: its own and those of portals, in the account as it was read
 * and in the document. Read before a sync: that drops the alias of a tool which is not there any more (Q19).
 */
export function overridesOf(
  id: string,
  { kinds, reader, peers }: Proposal,
  desired: readonly Desired[],
): readonly OverrideSpot[] {
  const live = ['server', 'portal'].flatMap((kind) =>
    reader.existing(kind).map((object) => ({ kind, key: object.id, state: kindNamed(kinds, kind).toState(object.live, peers) })),
  );
  return [...live, ...desired.filter(({ absent }) => !absent)].flatMap((resource) => spotsIn(resource, id));
}

function spotsIn(
  { kind, key, state }: { readonly kind: string; readonly key: string; readonly state: State },
  id: string,
): readonly OverrideSpot[] {
  if (kind === 'server' && key === id) return [{ where: `servers.${id}`, said: state }];
  const link = kind === 'portal' ? memberOf(state['servers'], id) : undefined;
  return isPlain(link) ? [{ where: `portals.${key}.servers.${id}`, said: link }] : [];
}
