import type { Accepted, AcceptedItem } from '../../engine/accepted.ts';
import { isPlain, memberOf, type Plain } from '../../engine/values.ts';
import { orDefault } from '../document/fragments.ts';
import type { OverrideList } from './links.ts';
import { spellOutOverrides, type Override, type Overrides, type OverridesEntry } from './overrides.ts';

/** `tools:` or `prompts:` as a document may write it. */
type Curation = OverridesEntry | 'read_only' | 'none' | undefined;
type Curated = { readonly [list in OverrideList]?: Curation };
type Rows = { readonly [list in OverrideList]: Overrides | undefined };

const isPreset = (said: unknown): said is 'read_only' | 'none' => said === 'read_only' || said === 'none';
export const isPattern = (name: string): boolean => name.includes('*');

/** Patterns of a map; none of anything else. */
export const patternsIn = (said: unknown): readonly string[] => Object.keys(isPlain(said) ? said : {}).filter(isPattern);

/** True where it takes the lock file to know what is meant. */
export const isPinned = (said: unknown): boolean => isPreset(said) || patternsIn(said).length > 0;

/** True where one of the two lists does. */
export const hasPins = (said: unknown): boolean => isPinned(memberOf(said, 'tools')) || isPinned(memberOf(said, 'prompts'));

export const presetIn = (said: unknown): string | undefined =>
  (['tools', 'prompts'] as const).flatMap((list) => {
    const preset = memberOf(said, list);
    return isPreset(preset) ? [`${list}: ${preset}`] : [];
  })[0];

/** What a server's entry says about its tools and prompts, patterns and presets spelled out by the lock. */
export function serverRows(said: Curated, server: string, lock: Accepted | undefined): Rows {
  const rows = (list: OverrideList): Overrides | undefined =>
    said[list] === undefined ? undefined : rowsOf(said[list], itemsOf(lock, server, list), undefined);
  return { tools: rows('tools'), prompts: rows('prompts') };
}

type LinkSpot = {
  readonly server: string;
  /** The link's entry. */
  readonly said: Curated & { readonly default?: 'enabled' | 'disabled' | null | undefined };
  /** The entry of the server itself, which counts for all portals. */
  readonly beside: unknown;
};

/**
 * The same for a link. Where patterns or presets decide and the entry does not say `default:`, what the
 * lock does not know is hidden and what it knows is said one by one: a new tool of the upstream never
 * shows before somebody accepted it.
 */
export function linkRows(
  { server, said, beside }: LinkSpot,
  lock: Accepted | undefined,
): Rows & { readonly default: 'enabled' | 'disabled' | undefined } {
  const visibility = orDefault(said.default, 'enabled');
  const pins = hasPins(said) || hasPins(beside);
  const isOpen = pins && visibility === undefined;
  const rows = (list: OverrideList): Overrides | undefined => {
    const items = itemsOf(lock, server, list);
    if (said[list] === undefined && !isOpen) return undefined;
    return rowsOf(said[list], items, isOpen ? otherwise(beside, list, items) : undefined);
  };
  return { default: isOpen ? 'disabled' : visibility, tools: rows('tools'), prompts: rows('prompts') };
}

/** What a link says of a tool that its own entry does not mention: as the server says it for all portals. */
function otherwise(beside: unknown, list: OverrideList, items: readonly AcceptedItem[]): (name: string) => Override {
  // The schema has accepted the entry; a check meets others, and finds nothing in them.
  const rows = rowsOf(memberOf(beside, list) as Curation, items, undefined);
  return (name) => ({ enabled: memberOf(memberOf(rows, name), 'enabled') !== false });
}

/** Names that are said count before patterns, and the last pattern that fits before the others. */
function rowsOf(said: Curation, items: readonly AcceptedItem[], rest: ((name: string) => Override) | undefined): Overrides {
  const spelled = isPreset(said) ? {} : (spellOutOverrides(said) ?? {});
  const patterns = Object.entries(spelled).filter(([name]) => isPattern(name));
  const names = Object.entries(spelled).filter(([name]) => !isPattern(name));
  const rules = patterns.map(([pattern, row]) => ({ fits: fitting(pattern), row })).toReversed();
  const ruled = items.flatMap((item): readonly (readonly [string, Override])[] => {
    if (isPreset(said)) return [[item.name, { enabled: said === 'read_only' && item.readOnly }]];
    const row = rules.find(({ fits }) => fits.test(item.name))?.row ?? rest?.(item.name);
    return row === undefined ? [] : [[item.name, row]];
  });
  const opened = names.map(
    ([name, row]) => [name, rest === undefined || row.enabled !== undefined ? row : { ...rest(name), ...row }] as const,
  );
  return Object.fromEntries([...ruled, ...opened]);
}

/** A pattern has stars for any characters, and means whole names. */
export function fitting(pattern: string): RegExp {
  const literal = pattern.split(/\*+/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${literal.join('.*')}$`, 's');
}

const itemsOf = (lock: Accepted | undefined, server: string, list: OverrideList): readonly AcceptedItem[] =>
  lock?.servers.get(server)?.[list] ?? [];

/** A map for what may be anything. */
export const plainOf = (value: unknown): Plain => (isPlain(value) ? value : {});
