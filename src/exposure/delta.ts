import type { Offer } from './visible.ts';

/** What a change of exposure looks like to clients. */
export type Delta = {
  readonly appears: readonly Offer[];
  readonly disappears: readonly Offer[];
  readonly renamed: readonly { readonly from: string; readonly to: Offer }[];
  /** The same name, told in other words. */
  readonly redescribed: readonly Offer[];
};

/** From one list of offers to another. The same tool of the same server is one, whatever it is called. */
export function deltaOf(before: readonly Offer[], after: readonly Offer[]): Delta {
  const former = visibleIn(before);
  const present = visibleIn(after);
  const both = [...present].flatMap(([key, to]) => {
    const from = former.get(key);
    return from === undefined ? [] : [{ from, to }];
  });
  return {
    appears: [...present].flatMap(([key, offer]) => (former.has(key) ? [] : [offer])),
    disappears: [...former].flatMap(([key, offer]) => (present.has(key) ? [] : [offer])),
    renamed: both.filter(({ from, to }) => from.name !== to.name).map(({ from, to }) => ({ from: from.name, to })),
    redescribed: both.filter(({ from, to }) => from.name === to.name && from.description !== to.description).map(({ to }) => to),
  };
}

const visibleIn = (offers: readonly Offer[]): ReadonlyMap<string, Offer> =>
  new Map(offers.filter((offer) => offer.isVisible).map((offer) => [`${offer.list}\n${offer.server}\n${offer.own}`, offer]));
