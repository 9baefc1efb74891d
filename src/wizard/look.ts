/** What the account has already, as far as it could be read. */
export type Look = {
  /** Names of its zones; none where they could not be listed. */
  readonly zones: readonly string[];
  readonly servers: readonly { readonly id: string; readonly about: string }[];
  readonly portals: readonly { readonly id: string; readonly about: string }[];
  /** By the key that each gets in a document. */
  readonly groups: readonly { readonly id: string; readonly about: string }[];
  /** Identity providers, by id. */
  readonly providers: readonly { readonly id: string; readonly about: string }[];
  /** These objects and what they mention, by address, as sections of a document whose plan is empty. */
  exported(addresses: readonly string[]): { readonly [section: string]: unknown };
};

/** Of an account that nobody could look at. */
export const noLook: Look = { zones: [], servers: [], portals: [], groups: [], providers: [], exported: () => ({}) };
