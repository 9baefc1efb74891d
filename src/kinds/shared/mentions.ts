import { addressOf, type Obstacle, type Peers } from '../../engine/kind.ts';
import { looksLikeId } from '../../engine/names.ts';
import { didYouMean } from '../../lib/did-you-mean.ts';
import type { RuleLists } from './rule-lists.ts';
import { ruleReferences } from './rules.ts';

/** Groups and service tokens that neither the document nor the account has: better said before anything is written. */
export function unknownMentions(address: string, { include, require, exclude }: RuleLists, peers: Peers): readonly Obstacle[] {
  return ruleReferences(include, require, exclude).flatMap(({ kind, ref }) => {
    const declared = peers.desired(kind).map((desired) => desired.key);
    const live = peers.existing(kind);
    const isKnown =
      looksLikeId(ref) ||
      declared.includes(ref) ||
      peers.live(addressOf(kind, ref)) !== undefined ||
      live.some(({ id, name }) => id === ref || name === ref);
    if (isKnown) return [];
    const guess = didYouMean(ref, [...declared, ...live.map(({ name }) => name)]);
    const hint =
      guess === undefined ? 'declare it in the document, or use the name or id of one that exists' : `did you mean "${guess}"?`;
    return [{ message: `${address}: there is no ${kind.replaceAll('_', ' ')} "${ref}"`, ids: [], hint }];
  });
}
