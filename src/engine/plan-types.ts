import type { Address, Finding } from './kind.ts';

export type Action = 'create' | 'update' | 'replace' | 'delete';

/** One difference, in the document's words. A secret is `(secret)`, an unknown `(known after apply)`. */
export type FieldChange = {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly sensitive: boolean;
  readonly forces_replacement: boolean;
};

export type Change = {
  readonly address: Address;
  readonly kind: string;
  readonly key: string;
  readonly action: Action;
  readonly reason?: string;
  readonly impact?: string;
  readonly fields: readonly FieldChange[];
  /** The changes that must be done before this one starts. */
  readonly after: readonly Address[];
};

export type LeftInPlace = { readonly address: Address; readonly why: string };
export type Unmanaged = { readonly address: Address; readonly id: string };

/** What a run would do. Plain data: serialisable, comparable, without ids that matter and without secrets. */
export type Plan = {
  readonly account: string;
  readonly changes: readonly Change[];
  readonly unchanged: number;
  readonly left_in_place: readonly LeftInPlace[];
  readonly unmanaged: readonly Unmanaged[];
  readonly diagnostics: readonly Finding[];
};

export type Outcome = {
  readonly address: Address;
  readonly action: Action;
  readonly ok: boolean;
  readonly skipped?: true;
  /** A guard refused it: of this change nothing was made. */
  readonly refused?: true;
  readonly id?: string;
  readonly error?: string;
};
