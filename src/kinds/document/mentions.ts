import { addressOf, type Obstacle, type Peers, type Reference } from '../../engine/kind.ts';
import { looksLikeId } from '../../engine/names.ts';
import { didYouMean } from '../../lib/did-you-mean.ts';

/** The kinds that a document may mention by a live name, too. */
const byName: ReadonlySet<string> = new Set(['service_token']);
/** The sections of the others. */
const sections: Readonly<Record<string, string>> = { group: 'groups', policy: 'policies' };

/**
 * Policies, groups and service tokens that neither the document nor the account has: better said
 * before anything is written. A live policy or group counts by its id alone.
 */
export function unknownMentions(address: string, references: readonly Reference[], peers: Peers): readonly Obstacle[] {
  return references.flatMap(({ kind, ref }) => {
    const isDeclared = peers.live(addressOf(kind, ref)) !== undefined || peers.desired(kind).some(({ key }) => key === ref);
    if (looksLikeId(ref) || isDeclared) return [];
    const isLive = peers.existing(kind).some(({ id, name }) => id === ref || (byName.has(kind) && name === ref));
    if (isLive) return [];
    const message = `${address}: there is no ${kind.replaceAll('_', ' ')} "${ref}"`;
    return [{ message, ids: [], hint: hintFor({ kind, ref }, peers) }];
  });
}

function hintFor({ kind, ref }: Reference, peers: Peers): string {
  const live = peers.existing(kind);
  const ids = live.filter(({ name }) => name === ref).map(({ id }) => id);
  if (ids.length > 0) {
    const section = sections[kind] ?? kind;
    return `that is the name of a live ${kind}, which a document mentions by its key in ${section} or by its id: ${ids.join(', ')}`;
  }
  const others = live.map(({ id, name }) => (byName.has(kind) ? name : id));
  const guess = didYouMean(ref, [...peers.desired(kind).map(({ key }) => key), ...others]);
  if (guess !== undefined) return `did you mean "${guess}"?`;
  return `declare it in the document, or use the ${byName.has(kind) ? 'name or id' : 'id'} of one that exists`;
}
