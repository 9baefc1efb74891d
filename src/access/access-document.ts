import { isPlain, type Plain } from '../engine/values.ts';

/** The sections of a document that decide who gets where; each entry as the document says it. */
export const accessSections = ['service_tokens', 'groups', 'policies', 'servers', 'portals'] as const;

/** Entries that are there: those with `absent: true` are left out. */
export type AccessDocument = { readonly [section in (typeof accessSections)[number]]: ReadonlyMap<string, Plain> };

/** `sections` holds plain values of a valid document; those that are missing are empty. */
export function accessDocument(sections: Plain): AccessDocument {
  const entries = (section: string): ReadonlyMap<string, Plain> => {
    const value = sections[section];
    const all = isPlain(value) ? Object.entries(value) : [];
    return new Map(all.flatMap(([key, entry]) => (isAbsent(entry) ? [] : [[key, isPlain(entry) ? entry : {}] as const])));
  };
  return {
    service_tokens: entries('service_tokens'),
    groups: entries('groups'),
    policies: entries('policies'),
    servers: entries('servers'),
    portals: entries('portals'),
  };
}

const isAbsent = (entry: unknown): boolean => isPlain(entry) && entry['absent'] === true;

/** The list that a value stands for: itself, or one, or none. */
export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

/** The key of a service token that a rule or a command line names by key or name. */
export function tokenKey(name: string, { service_tokens: tokens }: AccessDocument): string | undefined {
  if (tokens.has(name)) return name;
  return [...tokens].find(([, token]) => token['name'] === name)?.[0];
}
