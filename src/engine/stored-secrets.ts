import type { Secret } from '../secrets/secret.ts';

/** A secret as a sink keeps it: the `values` of a `YieldedSecret`, by the same fields. */
export type StoredSecret = { readonly [field: string]: Secret };

/** What a sink that can be read back holds, the oldest first. `sink` is its text, such as `dotenv:.env`. */
export type SinkContent = { readonly sink: string; readonly secrets: readonly StoredSecret[] };
