import { addressOf, type Address, type Kind, type Peers } from './kind.ts';

/** That a live object is frozen, as the object itself tells. */
export type Frozen = {
  /** When, in RFC 3339. */
  readonly since: string;
  readonly reason?: string | undefined;
  /** The command that ends it. */
  readonly thaw: string;
};

/** The frozen objects among those that were read, by address. */
export const frozenAmong = (
  kinds: readonly Kind[],
  { existing, names }: Pick<Peers, 'existing' | 'names'>,
): readonly (Frozen & { readonly address: Address })[] =>
  kinds.flatMap((kind) =>
    existing(kind.kind).flatMap(({ id, live }) => {
      const frozen = kind.frozen?.(live);
      return frozen === undefined ? [] : [{ address: addressOf(kind.kind, names.nameOf(kind.kind, id)), ...frozen }];
    }),
  );

/** `frozen since 2026-11-21T07:09:33Z: a key leaked`. */
export const frozenText = ({ since, reason }: Pick<Frozen, 'since' | 'reason'>): string =>
  `frozen since ${since}${reason === undefined ? '' : `: ${reason}`}`;
