import type { Finding } from '../engine/kind.ts';
import { exitCodes, UserError } from '../lib/errors.ts';
import type { Source } from './source.ts';

/**
 * A document with errors: all of them, with the texts that they point into. The message is the first
 * one, as `FILE:LINE:COLUMN: …`, so that it also reads well where only a sentence fits.
 */
export class SpecError extends UserError {
  override readonly exitCode = exitCodes.usage;
  override readonly code: string = 'invalid_document';
  readonly findings: readonly Finding[];
  readonly sources: readonly Source[];

  constructor(findings: readonly Finding[], sources: readonly Source[]) {
    const errors = findings.filter((finding) => finding.severity === 'error');
    const [first] = errors;
    super(summary(errors), { hint: first?.hint, path: first?.place?.path, line: first?.place?.line });
    this.findings = findings;
    this.sources = sources;
  }
}

function summary(errors: readonly Finding[]): string {
  const [first, ...rest] = errors;
  if (first === undefined) return 'the document is not valid';
  const where = first.place === undefined ? '' : `${first.place.file}:${first.place.line}:${first.place.column}: `;
  const more = rest.length === 0 ? '' : ` (and ${rest.length} more ${rest.length === 1 ? 'error' : 'errors'})`;
  return `${where}${first.message}${more}`;
}
