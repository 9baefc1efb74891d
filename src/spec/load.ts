import type { Accepted } from '../engine/accepted.ts';
import type { Entry, Finding, Section, Sections } from '../engine/kind.ts';
import { hushed } from './hushed.ts';
import type { Env } from './interpolate.ts';
import { mergeDocuments } from './merge.ts';
import type { MapNode } from './node.ts';
import type { Parsed } from './parsed.ts';
import { readEntries, type ReadEntry } from './read-entries.ts';
import { readRoot } from './root.ts';
import { withoutMark, type Source } from './source.ts';
import { SpecError } from './spec-error.ts';
import type { Reading } from './to-value.ts';

export type LoadOptions = {
  /** The texts, later ones laid over earlier ones. */
  readonly sources: readonly Source[];
  /** What `parseSources` made of them, in the same order. */
  readonly parsed: readonly Parsed[];
  readonly sections: readonly Section[];
  readonly env: Env;
  /** Codes that are no mistake here: where names may also be those of live objects, say. */
  readonly overlooks?: readonly string[];
  /** What was accepted of the servers' tools. */
  readonly lock?: Accepted | undefined;
};

/** A document that is valid: only warnings and notes are left among its findings. */
export type LoadedDocument = {
  readonly version: 1;
  readonly account: string | undefined;
  readonly sections: Sections;
  readonly findings: readonly Finding[];
};

/**
 * From text to validated, located sections. Throws a `SpecError` with every error at once: of the YAML
 * of each file, then, when all can be read, of variables, schemas and the sections' own checks.
 */
export function loadDocument({ sources, parsed, sections, env, overlooks = [], lock }: LoadOptions): LoadedDocument {
  const texts = sources.map(withoutMark);
  const root = merged(texts, parsed);
  const reading: Reading = { env, findings: [], broken: new Set() };
  const { account, findings: rootFindings } = readRoot(root, sections, reading);
  const entries = sections.flatMap((section) => readEntries({ section, root, reading }));
  const document = { ...sectionsOf(entries.flatMap(({ entry }) => entry ?? [])), lock };
  const found = [...rootFindings, ...entries.flatMap(({ findings }) => findings), ...reading.findings];
  const checked = checkAll({ sections, entries, document, failed: found.some(isError) });
  const findings = sorted([...found, ...checked], texts).filter(({ code }) => !overlooks.includes(code));
  if (findings.some(isError)) throw new SpecError(findings, texts);
  return { version: 1, account, sections: document, findings };
}

const isError = (finding: Finding): boolean => finding.severity === 'error';

function merged(sources: readonly Source[], parsed: readonly Parsed[]): MapNode {
  const findings = parsed.flatMap((one) => (one.ok ? [] : one.findings));
  if (findings.length > 0) throw new SpecError(findings, sources);
  const [first, ...later] = parsed.flatMap((one) => (one.ok ? [one.root] : []));
  if (first === undefined) throw new Error('a document has at least one source');
  return mergeDocuments(first, ...later);
}

/** The entries, found by section and key without searching. */
function sectionsOf(entries: readonly Entry[]): Sections {
  const bySection = new Map<string, Map<string, Entry>>();
  for (const entry of entries) {
    const section = bySection.get(entry.section) ?? new Map<string, Entry>();
    bySection.set(entry.section, section.set(entry.key, entry));
  }
  const lists = new Map([...bySection].map(([name, section]) => [name, [...section.values()]]));
  return {
    entries: (section) => lists.get(section) ?? [],
    entry: (section, key) => bySection.get(section)?.get(key),
  };
}

type Checking = {
  readonly sections: readonly Section[];
  readonly entries: readonly ReadEntry[];
  readonly document: Sections;
  /** Errors were found already. */
  readonly failed: boolean;
};

function checkAll({ sections, entries, document, failed }: Checking): readonly Finding[] {
  const checks = new Map(sections.map((section) => [section.name, section]));
  return entries
    .filter(({ findings }) => !findings.some(isError))
    .flatMap(({ entry }) =>
      entry === undefined ? [] : runCheck({ section: checks.get(entry.section), entry, document, failed }),
    );
}

/**
 * In a document that has errors a check meets entries that no schema has accepted. They are there so
 * that a mention of them is not called unknown; where a check stumbles over one, its own error is
 * noise beside the one that is reported already.
 */
function runCheck(one: { section: Section | undefined; entry: Entry; document: Sections; failed: boolean }): readonly Finding[] {
  try {
    return (one.section?.check?.(one.entry, one.document) ?? []).map((finding) => hushed(finding, one.entry));
  } catch (error) {
    if (one.failed) return [];
    throw error;
  }
}

function sorted(findings: readonly Finding[], sources: readonly Source[]): readonly Finding[] {
  const order = new Map(sources.map((source, index) => [source.name, index]));
  const rank = ({ place }: Finding): number => (place === undefined ? sources.length : (order.get(place.file) ?? 0));
  return findings.toSorted(
    (a, b) => rank(a) - rank(b) || (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0),
  );
}
