import type { Plain } from '../../engine/values.ts';
import { kinds } from '../../kinds/index.ts';
import { load, type LoadOptions } from '../../load-spec.ts';
import { loadDocument } from '../../spec/load.ts';
import type { Source } from '../../spec/source.ts';

export type Validating = Pick<LoadOptions, 'parsed' | 'env'> & {
  readonly sources: readonly Source[];
  readonly names: readonly string[];
};

/** The named sections of a document as plain values, after its whole validation. Throws a `SpecError`. */
export function validatedSections({ sources, parsed, env, names }: Validating): Plain {
  load(sources, { kinds, parsed, env });
  const sections = kinds.flatMap((kind) => kind.section ?? []);
  const document = loadDocument({ sources, parsed, env, sections }).sections;
  return Object.fromEntries(
    names.map((name) => [name, Object.fromEntries(document.entries(name).map(({ key, value }) => [key, value]))]),
  );
}
