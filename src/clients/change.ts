import type { Json } from './client.ts';

/** One change of a client's file. Maps above `path` that are missing are made. */
export type Change =
  | {
      readonly op: 'set';
      readonly path: readonly string[];
      readonly value: Json;
      /** Something stands there already. It is not told what: it may be a secret. */
      readonly replaces?: true;
      /** Save for an address: what of it is no secret. */
      readonly was?: string;
    }
  | { readonly op: 'remove'; readonly path: readonly string[] }
  /** Adds an item to the list at `path`. */
  | { readonly op: 'append'; readonly path: readonly string[]; readonly value: Json };
