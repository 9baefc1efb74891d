import type { Peers } from '../../engine/kind.ts';
import { isPlain, memberOf, type Plain } from '../../engine/values.ts';
import { isHiding, rowsOf, type OverrideList, type Portal } from './links.ts';
import { anyPortalMember, defaultsBeside, overridesFromApi, portalMember, serverMember, type Overrides } from './overrides.ts';

/** What tells a portal's own override rows from those that it shows because of a server. */
export type Beside = {
  /** Live server objects. */
  readonly registrations: readonly Plain[];
  /** The document's portals. */
  readonly declared: ReturnType<Peers['desired']>;
};

/**
 * The portal without the rows that only repeat what a server says for all portals: sent again, they
 * would become the portal's own, and outlive the server's. A row that the document declares stays.
 */
export function withOwnRows(portal: Portal, beside: Beside): Portal {
  const servers = rowsOf(portal).map(({ id, row }) => ({
    ...row,
    server_id: id,
    updated_tools: ownRows({ portal, id, row, list: 'tools' }, beside),
    updated_prompts: ownRows({ portal, id, row, list: 'prompts' }, beside),
  }));
  return { ...portal, servers };
}

/** True when only the servers themselves can tell whose some rows are. */
export const hasUnclearRows = (portal: Portal, beside: Beside): boolean =>
  rowsOf(portal).some(({ id, row }) =>
    lists.some((list) => overrideRows(row, list).some((each) => isUnclear(each, { portal, id, row, list }, beside))),
  );

const lists = ['tools', 'prompts'] as const;

type Spot = { readonly portal: Portal; readonly id: string; readonly row: Plain; readonly list: OverrideList };

function ownRows(spot: Spot, beside: Beside): readonly Plain[] {
  const registration = beside.registrations.find((candidate) => candidate['id'] === spot.id);
  const rows = overridesFromApi(registration?.[`updated_${spot.list}`], serverMember);
  const isOn = defaultsBeside(rows, !isHiding(spot.row));
  return overrideRows(spot.row, spot.list).filter((each) => {
    const differs = typeof each['enabled'] === 'boolean' && each['enabled'] !== isOn(String(each['name']));
    return differs || saysMore(each, rows) || !isUnclear(each, spot, beside);
  });
}

/** True when a row has a text that is not the server's. */
function saysMore(each: Plain, rows: Overrides): boolean {
  const name = String(each['name']);
  const { alias, description } = overridesFromApi([each], anyPortalMember)[name] ?? {};
  const server = overridesFromApi([{ name, ...plainOf(memberOf(rows, name)) }], serverMember)[name];
  return (alias !== undefined && alias !== server?.alias) || (description !== undefined && description !== server?.description);
}

const plainOf = (value: unknown): Plain => (isPlain(value) ? value : {});

const overrideRows = (row: Plain, list: OverrideList): readonly Plain[] => {
  const rows = row[`updated_${list}`];
  return Array.isArray(rows) ? rows.filter(isPlain) : [];
};

/** A row that has nothing that surely is the portal's own. */
function isUnclear(each: Plain, { portal, id, list }: Spot, { declared }: Beside): boolean {
  const name = String(each['name']);
  const { alias, description } = overridesFromApi([each], portalMember)[name] ?? {};
  if (alias !== undefined || description !== undefined) return false;
  const links = declared.find((resource) => resource.key === portal.id)?.state['servers'];
  return memberOf(memberOf(memberOf(links, id), list), name) === undefined;
}
