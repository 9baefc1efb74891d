import type { Address } from '../engine/kind.ts';
import type { Facts } from './plans.ts';
import type { Bound, Draft } from './workbench.ts';

/** The first resource of a kind that a wish is about, as it stands in the account. */
export function firstBound(draft: Draft, kind: string): (Bound & { readonly address: Address }) | undefined {
  for (const address of draft.addresses(kind)) {
    const bound = draft.bound(address);
    if (bound !== undefined) return { ...bound, address };
  }
  return undefined;
}

/** The id of what a tool made, under the name that the tool promises. */
export const idFact =
  (kind: string, name: string): Facts =>
  (draft) => {
    const found = firstBound(draft, kind);
    return found === undefined ? {} : { [name]: found.id };
  };

/** A service token: its ids, and where its secret lies. The secret itself never comes here. */
export const tokenFacts: Facts = (draft) => {
  const found = firstBound(draft, 'service_token');
  const [address] = draft.addresses('service_token');
  if (address === undefined) return {};
  const places = draft.places(address);
  const clientId: unknown = Object(found?.live).client_id;
  return {
    ...(found === undefined ? {} : { token_id: found.id }),
    ...(typeof clientId === 'string' ? { client_id: clientId } : {}),
    ...(places.length === 0 ? {} : { credentials: places.length === 1 ? places[0] : places }),
  };
};
