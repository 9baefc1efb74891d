import { checkMembers, objects, text } from './check.ts';
import { type Json, type JsonObject, pick, said } from './json.ts';
import { invalid } from './refusal.ts';

const members = ['name', 'alias', 'description', 'enabled'] as const;
const aliasForm = /^[a-zA-Z0-9]+(?:[_-][a-zA-Z0-9]+)*$/;

/** The override rows of a request, checked. Names that no sync has found yet are accepted. */
export const overridesIn = (value: Json | undefined): readonly JsonObject[] => {
  const rows = objects(value).map((each) => pick(said(each), members));
  for (const each of rows) {
    checkMembers(each, { name: { type: 'string', required: true }, enabled: { type: 'boolean' } }, 7001);
    if (each['alias'] !== undefined) checkAlias(text(each['alias']));
  }
  checkUnique(rows);
  return rows;
};

const checkAlias = (alias: string): void => {
  if (alias.length > 40 || !aliasForm.test(alias)) throw invalid(7001, `alias: Invalid alias "${alias}"`);
};

/** An alias clashes with another alias and with another tool's own name. */
const checkUnique = (rows: readonly JsonObject[]): void => {
  const names = rows.map((each) => text(each['name']));
  const aliases = rows.flatMap((each) => (each['alias'] === undefined ? [] : [text(each['alias'])]));
  if (new Set(names).size < names.length) throw invalid(7001, 'Duplicate override names');
  const taken = new Set([...aliases, ...names]);
  if (taken.size < names.length + aliases.length) throw invalid(7001, 'Aliases must be unique');
};

/** A server's own overrides as they come back: null when none were ever set, and not in the order sent. */
export const serverOverrides = (value: Json | undefined): Json => (Array.isArray(value) ? objects(value).toReversed() : null);

/**
 * A portal's override rows as they come back: other names than in the request, and also rows that only
 * the server's own overrides cause.
 */
export const portalOverrides = (own: readonly JsonObject[], server: Json | undefined, visible: boolean): Json => {
  const byServer = new Map(objects(server).map((each) => [text(each['name']), each]));
  const byPortal = new Map(own.map((each) => [text(each['name']), each]));
  const names = [...new Set([...byServer.keys(), ...byPortal.keys()])];
  if (names.length === 0) return null;
  return names.map((name) => {
    const mine = byPortal.get(name);
    const theirs = byServer.get(name);
    return {
      name,
      enabled: mine?.['enabled'] ?? theirs?.['enabled'] ?? visible,
      portal_alias: mine?.['alias'] ?? null,
      portal_description: mine?.['description'] ?? null,
      server_alias: theirs?.['alias'] ?? null,
      server_description: theirs?.['description'] ?? null,
    };
  });
};
