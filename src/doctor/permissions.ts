import { needsPortalEntitlement, permissionFor } from '../cloudflare/permissions.ts';
import { groupBy } from '../engine/group-by.ts';
import type { UserError } from '../lib/errors.ts';
import { type Check, failed, failedBy, passed, skipped } from './check.ts';
import type { Reading } from './probe.ts';
import { type Owner, places } from './token.ts';

/**
 * One check per permission, in the words of the dashboard. Reading is tried; writing cannot be without
 * a change, so it is inferred, and said to be.
 */
export function checkPermissions(readings: readonly Reading[], owner: Owner): readonly Check[] {
  const groups = groupBy(readings, ({ title, path }) => groupOf(path) ?? `reading of each ${title}`);
  return [...groups].map(([group, some]) =>
    judged({ name: groupOf(some[0]?.path) === undefined ? group : `${group} permission`, readings: some, owner }),
  );
}

/** `Access: Service Tokens` of `Access: Service Tokens Read`. */
const groupOf = (path: string | undefined): string | undefined =>
  path === undefined ? undefined : permissionFor({ method: 'GET', path })?.replace(/ Read$/, '');

/** A listing by name finds what is changed elsewhere: zones and accounts are never changed themselves. */
const isLookUp = (path: string): boolean => /^\/(zones|accounts)$/.test(path);

type Group = { readonly name: string; readonly readings: readonly Reading[]; readonly owner: Owner };

function judged({ name, readings, owner }: Group): Check {
  const trouble = readings.find(({ error }) => error !== undefined);
  if (trouble?.error !== undefined) return refusal({ name, path: trouble.path, error: trouble.error, owner });
  const titles = [...new Set(readings.map(({ title }) => title))].join(', ');
  const write = readings.map(({ path }) => writePermission(path)).find((permission) => permission !== undefined);
  const inferred = write === undefined ? '' : `; writing is inferred, not tried: apply needs \`${write}\``;
  return passed(name, `reading works (${titles})${inferred}`);
}

const writePermission = (path: string | undefined): string | undefined =>
  path === undefined || isLookUp(path) ? undefined : permissionFor({ method: 'POST', path });

type Refusal = Omit<Group, 'readings'> & { readonly path: string | undefined; readonly error: UserError };

function refusal({ name, path, error, owner }: Refusal): Check {
  if (isNotEnabled(error)) return skipped(name, 'Access is not set up in this account: see the Zero Trust organization below');
  const read = path === undefined ? undefined : permissionFor({ method: 'GET', path });
  if (read === undefined || path === undefined || !lacks(error, read)) return failedBy(name, error);
  const write = writePermission(path);
  const wanted = write === undefined ? `\`${read}\`` : `\`${write}\` (\`${read}\` is enough to plan)`;
  const plan = needsPortalEntitlement(path) ? " Where it is there, the account's plan may lack MCP portals." : '';
  return { ...failed(name, error.message, `${remedy(wanted, owner)}${plan}`), code: error.code };
}

export const remedy = (wanted: string, owner: Owner): string =>
  owner === 'key'
    ? `Give the user a role with ${wanted}: ${places.key}.`
    : `Add ${wanted} to the API token, for this account and its zones: ${places[owner]}.`;

/** An error names the permission where Cloudflare's answer can mean that it is missing. */
export const lacks = ({ message, facts }: UserError, permission: string): boolean =>
  [message, facts.hint ?? ''].some((text) => text.includes(`\`${permission}\``));

/** The answer of every Access endpoint of an account without a Zero Trust organization. */
export const isNotEnabled = ({ message }: UserError): boolean => /not[._ ]enabled/i.test(message);
