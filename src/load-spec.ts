import { expand } from './engine/expand.ts';
import type { Desired, Finding, Kind } from './engine/kind.ts';
import type { Env } from './spec/interpolate.ts';
import { loadDocument } from './spec/load.ts';
import type { Parsed } from './spec/parsed.ts';
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
};

/** Text to resources. Throws a `SpecError` with every error of the document at once. */
export function load(sources: readonly Source[], options: LoadOptions): LoadedSpec {
  const sections = options.kinds.flatMap((kind) => kind.section ?? []);
  const document = loadDocument({ sources, sections, parsed: options.parsed, env: options.env });
  const { desired, findings } = expand(document.sections, options.kinds);
  const all = [...document.findings, ...findings];
  if (findings.some((finding) => finding.severity === 'error')) throw new SpecError(all, sources);
  return { account: document.account, desired, findings: all, sources };
}
