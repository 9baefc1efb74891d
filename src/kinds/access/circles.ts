import type { Entry, Finding, Sections } from '../../engine/kind.ts';
import { isPlain } from '../../engine/values.ts';
import { asList } from '../document/fragments.ts';
import { mistake } from '../document/findings.ts';

/** Groups that include each other: the API would need each before the other. Reported at every member. */
export function circles(entry: Pick<Entry, 'key' | 'place'>, document: Sections): readonly Finding[] {
  const path = wayBack(entry.key, document);
  if (path === undefined) return [];
  const message = `groups.${entry.key} includes itself: ${path.join(' → ')}`;
  return [mistake({ code: 'MCP203', message, place: entry.place, hint: 'take one of these groups out of another' })];
}

/** The way from a group back to itself, over the groups that it mentions. */
function wayBack(start: string, document: Sections): readonly string[] | undefined {
  const seen = new Set<string>();
  const queue: (readonly string[])[] = [[start]];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    for (const next of mentioned(path.at(-1) ?? '', document)) {
      if (next === start) return [...path, next];
      if (!seen.has(next)) queue.push([...path, next]);
      seen.add(next);
    }
  }
  return undefined;
}

function mentioned(key: string, document: Sections): readonly string[] {
  const value = document.entry('groups', key)?.value;
  const rules = ['include', 'require', 'exclude'].flatMap((list) => value?.[list] ?? []);
  return rules.filter(isPlain).flatMap((rule) => asList(rule['group'] ?? []).map(String));
}
