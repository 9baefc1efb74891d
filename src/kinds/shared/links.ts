import type { Peers } from '../../engine/kind.ts';
import { isPlain, type Plain } from '../../engine/values.ts';
import { overridesFromApi, overridesToApi, portalMembers, serverMembers, withoutIdle, type Defaults, type Overrides } from './overrides.ts';
import { withoutUndefined } from './section.ts';

/** A portal as the API gives it. Its `servers` are whole server objects with the link's settings among them. */
export type Portal = Plain & { readonly id: string; readonly name: string; readonly hostname: string };

/** The rows of a portal: the server's id stands under `server_id`, in older answers only under `id` (Q2). */
export function rowsOf(portal: Portal): readonly { readonly id: string; readonly row: Plain }[] {
  const rows = Array.isArray(portal['servers']) ? portal['servers'].filter(isPlain) : [];
  return rows.map((row) => ({ id: String(row['server_id'] ?? row['id']), row }));
}

/** What stands for "false, unless people sign in to the server themselves": only the live server may tell. */
export const unlessOauth = 'unless-oauth';

/** What a portal says about one of its servers, in the document's words. */
export type LinkState = {
  readonly default?: 'enabled' | 'disabled';
  readonly on_behalf?: boolean | typeof unlessOauth;
  readonly tools?: Overrides;
  readonly prompts?: Overrides;
};

/** The link of an answer. Rows come under other names than they were sent (Q3). */
export const linkFromRow = (row: Plain): Required<LinkState> => ({
  default: isHidden(row) ? 'disabled' : 'enabled',
  on_behalf: row['on_behalf'] !== false,
  tools: overridesFromApi(row['updated_tools'], portalMembers),
  prompts: overridesFromApi(row['updated_prompts'], portalMembers),
});

const isHidden = (row: Plain): boolean => row['default_disabled'] === true;

/** The link of a request. `on_behalf` is always said: left out it would become true (Q11). */
export function linkToApi(id: string, link: LinkState): Plain {
  const isEnabled = link.default !== 'disabled';
  return {
    server_id: id,
    default_disabled: !isEnabled,
    on_behalf: link.on_behalf ?? true,
    updated_tools: overridesToApi(link.tools, isEnabled),
    updated_prompts: overridesToApi(link.prompts, isEnabled),
  };
}

/**
 * The declared link beside the live one: rows that say nothing are dropped, and what the entry leaves
 * to the server is decided as the server will be after the run.
 */
export function settleLink(id: string, { link, live }: { readonly link: LinkState; readonly live: LinkState | undefined }, peers: Peers): LinkState {
  const isEnabled = (link.default ?? live?.default ?? 'enabled') === 'enabled';
  const settle = (list: 'tools' | 'prompts'): Overrides | undefined => {
    const declared = link[list];
    if (declared === undefined) return undefined;
    const isOn = defaultsOf(serverRows(id, list, peers), isEnabled);
    const rows = live === undefined ? declared : withoutIdle(declared, live[list], isOn);
    // A new row that does not say `enabled` must not turn on what the server turns off for all portals.
    const said = Object.entries(rows).map(([name, row]) => [name, live?.[list]?.[name] === undefined && isOn(name) !== isEnabled ? { enabled: isOn(name), ...row } : row] as const);
    return Object.fromEntries(said);
  };
  const onBehalf = link.on_behalf === unlessOauth ? (signsInThemselves(id, peers) ? undefined : false) : link.on_behalf;
  const { on_behalf: _marked, ...plain } = link;
  return withoutUndefined({ ...plain, on_behalf: onBehalf, tools: settle('tools'), prompts: settle('prompts') });
}

/** What a server says about its tools for all portals, as it will be after the run. */
function serverRows(id: string, list: 'tools' | 'prompts', { desired, live }: Peers): Overrides {
  const declared = desired('server').find((resource) => resource.key === id)?.state[list];
  // Declared rows have passed the section's schema.
  if (isPlain(declared)) return declared as Overrides;
  const registration = live(`server:${id}`)?.live;
  return isPlain(registration) ? overridesFromApi(registration[`updated_${list}`], serverMembers) : {};
}

function signsInThemselves(id: string, { desired, live }: Peers): boolean {
  const declared = desired('server').find((resource) => resource.key === id)?.state['auth'];
  const registration = live(`server:${id}`)?.live;
  return (declared ?? (isPlain(registration) ? registration['auth_type'] : undefined)) === 'oauth';
}

const defaultsOf =
  (rows: Overrides, isEnabled: boolean): Defaults =>
  (name) =>
    rows[name]?.enabled ?? isEnabled;

/** What tells a portal's own override rows from those that it shows because of the server. */
export type Beside = {
  /** Live server objects. */
  readonly registrations: readonly Plain[];
  /** The document's portals, by id. */
  readonly declared: readonly { readonly key: string; readonly state: { readonly servers?: unknown } }[];
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
  rowsOf(portal).some(({ id, row }) => (['tools', 'prompts'] as const).some((list) => overrideRows(row, list).some((each) => isUnclear(each, { portal, id, row, list }, beside))));

type Spot = { readonly portal: Portal; readonly id: string; readonly row: Plain; readonly list: 'tools' | 'prompts' };

function ownRows(spot: Spot, beside: Beside): readonly Plain[] {
  const registration = beside.registrations.find((candidate) => candidate['id'] === spot.id);
  const isOn = defaultsOf(overridesFromApi(registration?.[`updated_${spot.list}`], serverMembers), !isHidden(spot.row));
  return overrideRows(spot.row, spot.list).filter((each) => {
    return !isUnclear(each, spot, beside) || (typeof each['enabled'] === 'boolean' && each['enabled'] !== isOn(String(each['name'])));
  });
}

const overrideRows = (row: Plain, list: 'tools' | 'prompts'): readonly Plain[] => {
  const rows = row[`updated_${list}`];
  return Array.isArray(rows) ? rows.filter(isPlain) : [];
};

/** A row that has nothing of the portal's own but, maybe, `enabled`. */
function isUnclear(each: Plain, { portal, id, list }: Spot, { declared }: Beside): boolean {
  const { alias, description } = overridesFromApi([each], portalMembers)[String(each['name'])] ?? {};
  if (alias !== undefined || description !== undefined) return false;
  const links = declared.find((resource) => resource.key === portal.id)?.state.servers;
  const link = isPlain(links) ? links[id] : undefined;
  const rows = isPlain(link) ? link[list] : undefined;
  return !(isPlain(rows) && String(each['name']) in rows);
}
