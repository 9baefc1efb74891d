import type { Finding } from '../engine/kind.ts';
import type { MapNode } from './node.ts';
import { problem } from './report.ts';
import { placeOf, type Source } from './source.ts';

/** A document's text as located values, or what is wrong with it as YAML. */
export type Parsed =
  | { readonly ok: true; readonly root: MapNode }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** The file as a whole cannot be a document. */
export function failed(source: Source, message: string, hint: string | undefined): Parsed {
  const place = placeOf({ source, offset: 0 }, []);
  return { ok: false, findings: [problem('MCP108', message, { place, hint })] };
}

const largest = 10 * 1024 * 1024;

/** A text that no document needs, and that would take memory a hundred times its size. */
export const isTooLarge = (source: Source): boolean => source.text.length > largest;
