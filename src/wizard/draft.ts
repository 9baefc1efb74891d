import type { Finding } from '../engine/kind.ts';
import type { LoadedSpec } from '../load-spec.ts';
import type { Edit } from '../spec/edit.ts';
import { pathText } from '../spec/source.ts';

/** The document as it would be written now. */
export type Draft = {
  readonly text: string;
  /** What made it from the file, in order. */
  readonly edits: readonly Edit[];
  /** A value, with its variables replaced; undefined where the document says nothing. */
  said(...path: readonly string[]): unknown;
  keys(section: string): readonly string[];
  with(edits: readonly Edit[]): Promise<Draft>;
  /** Throws a `SpecError`. */
  load(): Promise<LoadedSpec>;
  /** Errors and warnings. */
  findings(): Promise<readonly Finding[]>;
};

/**
 * What the document's own rules say against an entry or a field that the edits bring, in one line.
 * With `exactly`, what they say against parts of it is left for later questions.
 */
export async function complaint(
  draft: Draft,
  edits: readonly Edit[],
  { path, exactly = false }: { readonly path: readonly string[]; readonly exactly?: boolean },
): Promise<string | undefined> {
  const findings = await (await draft.with(edits)).findings();
  const found = findings.find(({ severity, place }) => severity === 'error' && isAt(place?.path ?? '', pathText(path), exactly));
  if (found === undefined) return undefined;
  // The question says already what it is about.
  const message = found.message.replace(`${found.place?.path}: `, '');
  return found.hint === undefined ? message : `${message} (${found.hint})`;
}

/** Whether one YAML path is another, or lies below it. */
export const isAt = (path: string, wanted: string, exactly = false): boolean =>
  path === wanted || (!exactly && (path.startsWith(`${wanted}.`) || path.startsWith(`${wanted}[`)));
