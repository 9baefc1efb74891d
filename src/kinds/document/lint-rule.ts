import type { Entry, Sections } from '../../engine/kind.ts';

/** Something that Cloudflare accepts and that seldom is what was meant. */
export type LintRule = {
  readonly code: string;
  readonly section: string;
  /** What there is to say about an entry; undefined when it is nothing. */
  check(entry: Entry, document: Sections): Remark | readonly Remark[] | undefined;
};

/** A sentence, what to do, and where inside the entry. */
export type Remark = { readonly message: string; readonly hint: string; readonly at?: readonly (string | number)[] };

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** An explicit empty list, or `null`, which clears. */
export const isEmptyList = (value: unknown): boolean => value === null || (Array.isArray(value) && value.length === 0);
