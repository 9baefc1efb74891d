import type * as z from 'zod/mini';
import type { Desired, Entry, Finding, Section, Sections, State } from '../../engine/kind.ts';
import type { Address } from '../../engine/kind.ts';
import { lint } from './lint.ts';
import { marksOf, type Marks } from './section-marks.ts';

/** An entry whose value has passed the section's schema. */
export type EntryOf<S extends z.core.$ZodType> = Omit<Entry, 'value'> & { readonly value: z.infer<S> & Marks };
type TypedSection<S extends z.core.$ZodType> = {
  readonly name: string;
  readonly shape: 'map' | 'list';
  schema(): S;
  expand(entry: EntryOf<S>, document: Sections): readonly Desired[];
  check?(entry: EntryOf<S>, document: Sections): readonly Finding[];
};

/**
 * A section whose functions see the type of their own schema. The loader has validated the value, so
 * this is the one place where a value's type is asserted instead of checked.
 */
export function section<S extends z.core.$ZodType>(typed: TypedSection<S>): Section {
  const own = typed as unknown as Section; // the loader passes only values that `typed.schema()` accepted
  return { ...own, check: (entry, document) => [...(own.check?.(entry, document) ?? []), ...lint(entry, document)] };
}

type DesiredParts = {
  readonly kind: string;
  readonly key?: string;
  readonly state: State;
  readonly sinks?: readonly string[];
  readonly follows?: readonly Address[];
  readonly why?: string;
};

/** A desired resource of an entry: its key and its marks are the entry's unless said otherwise. */
export function desiredFrom(
  entry: { readonly key: string; readonly value: unknown; readonly place: Entry['place'] },
  parts: DesiredParts,
): Desired {
  const marks = marksOf(entry.value);
  return {
    kind: parts.kind,
    key: parts.key ?? entry.key,
    state: withoutUndefined(parts.state),
    absent: marks.absent === true,
    protect: marks.protect === true,
    sinks: parts.sinks ?? [],
    place: entry.place,
    ...(parts.follows === undefined ? {} : { follows: parts.follows }),
    ...(parts.why === undefined ? {} : { why: parts.why }),
  };
}

/** `S` with every member that may be undefined turned into one that may be left out. */
type Defined<S> = { readonly [K in keyof S as undefined extends S[K] ? never : K]: S[K] } & {
  readonly [K in keyof S as undefined extends S[K] ? K : never]?: Exclude<S[K], undefined>;
};

/** The state without the keys that were left out: absent and `undefined` must not differ. */
export function withoutUndefined<S extends State>(state: S): Defined<S>;
export function withoutUndefined(state: State): State {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined));
}
