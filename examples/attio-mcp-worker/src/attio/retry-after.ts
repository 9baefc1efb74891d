/**
 * Milliseconds to wait, from a `Retry-After` header: an HTTP date, as Attio writes it, or seconds.
 * Undefined where there is none that can be read.
 */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
