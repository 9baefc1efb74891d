import { parseSpan } from '../../lib/duration.ts';
import { UsageError } from '../../lib/errors.ts';

/** Milliseconds of an option such as `--expiring 30d`. Throws a `UsageError`. */
export function spanOf(option: string, text: string): number {
  const span = parseSpan(text);
  if (span === undefined) throw new UsageError(`--${option} must be a span of time such as 30d, 2w, 24h or 90m, not "${text}"`);
  return Number(span / 1_000_000n);
}
