import { accessDocument, accessSections, type AccessDocument } from '../../access/access-document.ts';
import { plainDocument } from '../../access/plain-document.ts';
import { mergeDocuments } from '../../spec/merge.ts';
import type { Env } from '../../spec/interpolate.ts';
import type { Node } from '../../spec/node.ts';
import type { Parsed } from '../../spec/parsed.ts';
import { parseSources } from '../../spec/parse-sources.ts';
import type { Source } from '../../spec/source.ts';
import { toValue, type Reading } from '../../spec/to-value.ts';

/**
 * What a document says about access; no sources are an empty document. One that is not plainly valid
 * there gets the full validation, with its errors: loading that takes longer than all the rest.
 */
export async function readAccessDocument(sources: readonly Source[], env: Env): Promise<AccessDocument> {
  if (sources.length === 0) return accessDocument({});
  const parsed = await parseSources(sources);
  const plain = readPlainly(parsed, env);
  if (plain !== undefined) return plain;
  const { validatedSections } = await import('./validated-sections.ts');
  return accessDocument(validatedSections({ sources, parsed, env, names: accessSections }));
}

function readPlainly(parsed: readonly Parsed[], env: Env): AccessDocument | undefined {
  const [first, ...later] = parsed.flatMap((one) => (one.ok ? [one.root] : []));
  if (first === undefined || later.length + 1 !== parsed.length) return undefined;
  const root = mergeDocuments(first, ...later);
  const version: Node | undefined = root.pairs.get('version')?.value;
  const reading: Reading = { env, findings: [], broken: new Set() };
  const sections = Object.fromEntries(
    accessSections.map((name) => {
      const node = root.pairs.get(name)?.value;
      return [name, node === undefined ? undefined : toValue(node, [name], reading)];
    }),
  );
  if (reading.findings.length > 0 || version?.type !== 'scalar' || version.value !== 1) return undefined;
  return plainDocument(root.pairs.keys(), sections);
}
