import { parseSimple } from './parse-simple.ts';
import { isTooLarge, type Parsed } from './parsed.ts';
import { withoutMark, type Source } from './source.ts';

/**
 * Reads the texts of a document. The YAML library is loaded only for a text that goes beyond the
 * plain subset which most documents keep to: it costs more than everything else in `validate`.
 */
export function parseSources(sources: readonly Source[]): Promise<readonly Parsed[]> {
  return Promise.all(sources.map((source) => parseOne(withoutMark(source))));
}

async function parseOne(source: Source): Promise<Parsed> {
  const root = isTooLarge(source) ? undefined : parseSimple(source);
  if (root !== undefined) return { ok: true, root };
  const { parse } = await import('./parse.ts');
  return parse(source);
}
