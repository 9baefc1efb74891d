/**
 * How one field compares. Fields are named by their path in `State`; `*` stands for a key that the
 * user chose, as in `servers.*.tools`.
 */
export type FieldRule = {
  /** The API cannot change it in place: a difference makes a replacement. */
  readonly immutable?: true;
  /** A list whose order carries no meaning. */
  readonly unordered?: true;
  /** A map keyed by the user: a declared map is the whole, what it leaves out is removed. */
  readonly map?: true;
  /** What the API fills in: absent and default compare equal. */
  readonly serverDefault?: unknown;
};
export type FieldRules = { readonly [path: string]: FieldRule };
