const day = 24 * 60 * 60 * 1000;

/** How near an end has to be to be worth a warning. */
const soon = 30 * day;

/** Where a point in time lies, seen from now. Undefined for a text that is no time, and for none. */
export function lifeUntil(end: unknown, now: Date): { readonly is: 'over' | 'near' | 'far'; readonly words: string } | undefined {
  const at = timeOf(end);
  if (at === undefined) return undefined;
  const left = at - now.getTime();
  const date = new Date(at).toISOString().slice(0, 10);
  if (left <= 0) return { is: 'over', words: `expired on ${date}` };
  const days = Math.floor(left / day);
  const until = days === 0 ? 'in less than a day' : days === 1 ? 'in 1 day' : `in ${days} days`;
  return left <= soon ? { is: 'near', words: `expires ${until} (${date})` } : { is: 'far', words: `expires on ${date}` };
}

/** Milliseconds of a time as Cloudflare writes it; one without a zone is UTC. */
export function timeOf(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  const at = Date.parse(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? `${text.replace(' ', 'T')}Z` : text);
  return Number.isNaN(at) ? undefined : at;
}
