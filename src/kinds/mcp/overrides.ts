import * as z from 'zod/mini';
import { once } from '../document/fragments.ts';
import { isPlain, memberOf, type Plain } from '../../engine/values.ts';
import type { FieldRules } from '../../engine/field-rules.ts';

/** What a server or portal says about one tool or prompt. */
export type Override = Plain & {
  readonly alias?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly enabled?: boolean | undefined;
};
export type Overrides = { readonly [name: string]: Override };

/** Empty removes the alias. */
const aliasPattern = /^([a-zA-Z0-9]+([_-][a-zA-Z0-9]+)*)?$/;

const overrideSchema = once(() =>
  z.union([
    z.boolean(),
    z.strictObject({
      alias: z.nullish(
        z
          .string()
          .check(z.maxLength(40), z.regex(aliasPattern, 'an alias has 1-40 letters and digits, with single _ or - between them')),
      ),
      description: z.nullish(z.string()),
      enabled: z.optional(z.boolean()),
    }),
  ]),
);

/**
 * `tools:` or `prompts:`: by the upstream's own name; `true` and `false` are short for `{ enabled: … }`.
 * An empty list is none, as an empty map is.
 */
export const overridesSchema = once(() =>
  z.union([z.record(z.string().check(z.minLength(1)), overrideSchema()), z.array(z.never()).check(z.maxLength(0))]),
);

/** By name or pattern, or a word for all of them: what the lock file has decides which those are. */
export const toolsSchema = once(() => z.nullable(z.union([overridesSchema(), z.enum(['read_only', 'none'])])));
export const promptsSchema = once(() => z.nullable(z.union([overridesSchema(), z.enum(['none'])])));

export type OverridesEntry = z.infer<ReturnType<typeof overridesSchema>> | null;

export function spellOutOverrides(entry: OverridesEntry | undefined): Overrides | undefined {
  if (entry === undefined) return undefined;
  const rows = Object.entries(entry ?? {}).map(
    ([name, value]) => [name, typeof value === 'boolean' ? { enabled: value } : value] as const,
  );
  return Object.fromEntries(rows);
}

/** A declared map is the whole. */
export const overrideRules = (path: string): FieldRules => ({ [path]: { map: true } });

/** A row that says nothing: the API may or may not show it, so it must not make a difference. */
const isIdle = (row: Override, enabledByDefault: boolean): boolean =>
  (row.enabled ?? true) === enabledByDefault && isEmpty(row.alias) && isEmpty(row.description);

const isEmpty = (text: unknown): boolean => text === undefined || text === null || text === '';

/** Whether a tool or prompt is on where a row does not say it. */
type Defaults = (name: string) => boolean;

/** In a portal: as the server says it for all portals, else as the link does. */
export const defaultsBeside =
  (serverRows: Plain, isEnabled: boolean): Defaults =>
  (name) => {
    const enabled = memberOf(memberOf(serverRows, name), 'enabled');
    return typeof enabled === 'boolean' ? enabled : isEnabled;
  };

/** The declared rows without the idle ones that the live object does not have either. */
export const withoutIdle = (declared: Overrides, live: Overrides | undefined, isOn: Defaults): Overrides =>
  picked(declared, (name, row) => memberOf(live, name) !== undefined || !isIdle(row, row.enabled === undefined || isOn(name)));

/** The live rows of a server without the idle ones. */
export const busyRows = (rows: Overrides): Overrides => picked(rows, (_name, row) => !isIdle(row, true));

const picked = (rows: Overrides, isKept: (name: string, row: Override) => boolean): Overrides =>
  Object.fromEntries(Object.entries(rows).filter(([name, row]) => isKept(name, row)));

type Said = 'alias' | 'description';
/** What a row of an answer says in one field. */
type Member = (row: Plain, field: Said) => unknown;
/** A server's own rows are answered as they are sent. */
export const serverMember: Member = (row, field) => row[field];
/** A link's rows come under other names (Q3): what surely is the portal's own. */
export const portalMember: Member = (row, field) => row[`portal_${field}`];
/** The same where older answers have the plain names only; what the server says is not the portal's. */
export const anyPortalMember: Member = (row, field) => {
  const own = portalMember(row, field) ?? '';
  return own === '' && isEmpty(row[`server_${field}`]) ? row[field] : own;
};

/** The override rows of an answer, by name; null and absent are no rows (Q4). */
export function overridesFromApi(rows: unknown, member: Member): Overrides {
  if (!Array.isArray(rows)) return {};
  const entries = rows.filter(isPlain).flatMap((row) => {
    const { name, enabled } = row;
    if (typeof name !== 'string') return [];
    const said = typeof enabled === 'boolean' ? { enabled } : {};
    return [
      [name, { ...text('alias', member(row, 'alias')), ...text('description', member(row, 'description')), ...said }] as const,
    ];
  });
  return Object.fromEntries(entries);
}

const text = (field: Said, value: unknown): Override => (typeof value === 'string' && value !== '' ? { [field]: value } : {});

/** The rows of a request. An alias is removed by leaving it out. */
export function overridesToApi(overrides: Overrides | undefined, enabledByDefault: boolean): readonly Plain[] {
  return Object.entries(overrides ?? {}).map(([name, row]) => ({
    name,
    ...(isEmpty(row.alias) ? {} : { alias: row.alias }),
    ...(isEmpty(row.description) ? {} : { description: row.description }),
    enabled: row.enabled ?? enabledByDefault,
  }));
}
