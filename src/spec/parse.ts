import { parseFully } from './parse-fully.ts';
import { parseSimple } from './parse-simple.ts';
import { failed, type Parsed } from './parsed.ts';
import type { Source } from './source.ts';

const largest = 10 * 1024 * 1024;

/** Takes the byte order mark off, so that offsets count from the first character that people see. */
export const withoutMark = (source: Source): Source =>
  source.text.startsWith('\uFEFF') ? { name: source.name, text: source.text.slice(1) } : source;

/** Reads one YAML 1.2 document (core schema). Never throws for what a text can contain. */
export function parse(source: Source): Parsed {
  if (source.text.length > largest) {
    return failed(source, 'the file is larger than 10 MB', 'split what belongs apart into several files and give each with -f');
  }
  const simple = parseSimple(source);
  return simple === undefined ? parseFully(source) : { ok: true, root: simple };
}
