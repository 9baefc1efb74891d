import { kinds } from '../../kinds/index.ts';
import { SpecError } from '../../spec/spec-error.ts';
import { load, type LoadedSpec } from '../../load-spec.ts';
import type { Lock } from '../../exposure/lock.ts';
import { withEdits, type Edit } from '../../spec/edit.ts';
import type { Env } from '../../spec/interpolate.ts';
import { mergeDocuments } from '../../spec/merge.ts';
import { nodeAt } from '../../spec/node.ts';
import { parseSources } from '../../spec/parse-sources.ts';
import { lockPathOf, readLock } from '../../spec/read-lock.ts';
import { readSourcesIfAny } from '../../spec/read-sources.ts';
import type { Source } from '../../spec/source.ts';
import { toValue } from '../../spec/to-value.ts';
import { saidOfOptions } from './option-errors.ts';
import type { Given } from './prepare.ts';

/** The document that a verb edits: the file's, or an empty one. */
export type VerbDocument = {
  /** The files' texts; none where there is no document. */
  readonly sources: readonly Source[];
  /** The lock file beside them. */
  readonly lock: Lock | undefined;
  said(...path: readonly string[]): unknown;
  keys(section: string): readonly string[];
  /** The document with edits, as resources. Throws a `SpecError`. */
  edited(edits: readonly Edit[]): Promise<LoadedSpec>;
};

/** A verb may name what only the account has: whether that exists is looked up there. */
const overlooks = ['MCP201'] as const;

/**
 * Reads the document of a verb, when there is one. Throws a `SpecError` for one that is not valid, save
 * for findings of the codes that are `overlooked`.
 */
export async function verbDocument({ world, global }: Given, overlooked: readonly string[] = []): Promise<VerbDocument> {
  const { env } = world;
  const sources = await readSourcesIfAny(world, global.files);
  const lock = await readLock(world, lockPathOf(sources));
  const parsed = await parseSources(sources);
  const [first, ...later] = parsed.flatMap((one) => (one.ok ? [one.root] : []));
  if (parsed.some((one) => !one.ok))
    throw new SpecError(
      parsed.flatMap((one) => (one.ok ? [] : one.findings)),
      sources,
    );
  const root = first === undefined ? undefined : mergeDocuments(first, ...later);
  const nodeOf = (path: readonly string[]) => (root === undefined ? undefined : nodeAt(root, path));
  return {
    sources,
    lock,
    said(...path) {
      const node = nodeOf(path);
      const value = node === undefined ? undefined : toValue(node, path, { env, findings: [], broken: new Set() });
      return value ?? undefined;
    },
    keys(section) {
      const node = nodeOf([section]);
      return node?.type === 'map' ? [...node.pairs.keys()] : [];
    },
    edited: (edits) => edited(sources, edits, { env, lock, overlooks: [...overlooks, ...overlooked] }),
  };
}

type Around = { readonly env: Env; readonly lock: Lock | undefined; readonly overlooks: readonly string[] };

async function edited(sources: readonly Source[], edits: readonly Edit[], around: Around): Promise<LoadedSpec> {
  const document = await withEdits(sources, edits);
  try {
    return load(document.sources, { kinds, parsed: document.parsed, ...around });
  } catch (error) {
    throw saidOfOptions(error, edits);
  }
}
