import type { Place } from '../../engine/kind.ts';
import { isPlain } from '../../engine/values.ts';

/** What a file of code comes to: one ES module, and the start of its SHA-256. */
export type Code = { readonly text: string; readonly hash: string };

/**
 * A file that a resource is made from. Its code is no part of the document: it is read and bundled
 * late, before a plan is made, and stays out of every comparison save for its hash.
 */
export type SourceFile = {
  /** As the document says it: relative to the document's folder. */
  readonly sourceFile: string;
  readonly place: Place;
  readonly code?: Code;
};

export const isSourceFile = (value: unknown): value is SourceFile => isPlain(value) && typeof value['sourceFile'] === 'string';
