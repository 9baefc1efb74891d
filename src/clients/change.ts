import type { Json } from './client.ts';

/** One change of a client's file. Maps above `path` that are missing are made. */
export type Change =
  | { readonly op: 'set'; readonly path: readonly string[]; readonly value: Json }
  | { readonly op: 'remove'; readonly path: readonly string[] }
  /** Adds an item to the list at `path`. */
  | { readonly op: 'append'; readonly path: readonly string[]; readonly value: Json };
