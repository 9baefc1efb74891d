import { parseFully } from './parse-fully.ts';
import { parseSimple } from './parse-simple.ts';
import { failed, isTooLarge, type Parsed } from './parsed.ts';
import type { Source } from './source.ts';

/** Reads one YAML 1.2 document (core schema). Never throws for what a text can contain. */
export function parse(source: Source): Parsed {
  if (isTooLarge(source)) {
    return failed(source, 'the file is larger than 10 MB', 'split what belongs apart into several files and give each with -f');
  }
  const simple = parseSimple(source);
  return simple === undefined ? parseFully(source) : { ok: true, root: simple };
}
