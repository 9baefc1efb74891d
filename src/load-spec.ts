import { expand } from './engine/expand.ts';
import type { Accepted } from './engine/accepted.ts';
import type { Desired, Finding, Kind } from './engine/kind.ts';
import type { Env } from './spec/interpolate.ts';
import { loadDocument, type LoadedDocument, type LoadOptions as DocumentOptions } from './spec/load.ts';
import { masked } from './spec/masked.ts';
import type { Parsed } from './spec/parsed.ts';
import { idleComments, withoutSilenced } from './spec/silence.ts';
import type { Source } from './spec/source.ts';
import { SpecError } from './spec/spec-error.ts';

/** A document as the engine takes it. */
export type LoadedSpec = {
  readonly account: string | undefined;
  readonly desired: readonly Desired[];
  readonly findings: readonly Finding[];
  readonly sources: readonly Source[];
};

export type LoadOptions = {
  readonly kinds: readonly Kind[];
  readonly env: Env;
  /** What `parseSources` made of the texts. */
  readonly parsed: readonly Parsed[];
  /** Codes of findings that are none here. */
  readonly overlooks?: readonly string[];
  /** What was accepted of the servers' tools, as the lock file has it. */
  readonly lock?: Accepted | undefined;
};

/**
 * Text to resources. Throws a `SpecError` with every error of the document at once. What comments of
 * the document silence is not among the findings.
 */
export function load(sources: readonly Source[], options: LoadOptions): LoadedSpec {
  const sections = options.kinds.flatMap((kind) => kind.section ?? []);
  const { parsed, env, overlooks = [], lock } = options;
  const document = loaded({ sources, sections, parsed, env, overlooks, lock });
  const { desired, findings } = expand(document.sections, options.kinds);
  const all = [...document.findings, ...findings];
  if (findings.some((finding) => finding.severity === 'error')) throw refused(all, sources);
  const told = withoutSilenced([...all, ...idleComments(all, sources)], sources).map(masked);
  return { account: document.account, desired, findings: told, sources };
}

function loaded(options: DocumentOptions): LoadedDocument {
  try {
    return loadDocument(options);
  } catch (error) {
    if (error instanceof SpecError) throw refused(error.findings, error.sources);
    throw error;
  }
}

const refused = (findings: readonly Finding[], sources: readonly Source[]): SpecError =>
  new SpecError(withoutSilenced(findings, sources).map(masked), sources);
