import type { Api } from '../../engine/kind.ts';
import { isPlain, type Plain } from '../../engine/values.ts';
import { overridesFromApi, overridesToApi, portalMembers, serverMembers, withoutIdle, type Overrides } from './overrides.ts';
import { withoutUndefined } from './section.ts';

/** A portal as the API gives it. Its `servers` are whole server objects with the link's settings among them. */
export type Portal = Plain & { readonly id: string; readonly name: string; readonly hostname: string };

/** The rows of a portal: the server's id stands under `server_id`, in older answers only under `id` (Q2). */
export function rowsOf(portal: Portal): readonly { readonly id: string; readonly row: Plain }[] {
  const rows = Array.isArray(portal['servers']) ? portal['servers'].filter(isPlain) : [];
  return rows.map((row) => ({ id: String(row['server_id'] ?? row['id']), row }));
}

/** What a portal says about one of its servers, in the document's words. */
export type LinkState = {
  readonly default?: 'enabled' | 'disabled';
  readonly on_behalf?: boolean;
  readonly tools?: Overrides;
  readonly prompts?: Overrides;
};

/** The link of an answer. Rows come under other names than they were sent (Q3). */
export function linkFromRow(row: Plain): Required<LinkState> {
  const isDisabled = row['default_disabled'] === true;
  return {
    default: isDisabled ? 'disabled' : 'enabled',
    on_behalf: row['on_behalf'] !== false,
    tools: overridesFromApi(row['updated_tools'], portalMembers, !isDisabled),
    prompts: overridesFromApi(row['updated_prompts'], portalMembers, !isDisabled),
  };
}

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
 * The declared link beside the live one: rows that say nothing are dropped, and rows that are there
 * only because the server itself turns a tool off are not taken for the portal's.
 */
export function settleLink(link: LinkState, live: LinkState | undefined, registration: unknown): LinkState {
  const isEnabled = (link.default ?? live?.default ?? 'enabled') === 'enabled';
  const settle = (declared: Overrides | undefined, shown: Overrides | undefined, rows: unknown) =>
    declared === undefined ? undefined : { ...inherited(shown, rows), ...withoutIdle(declared, shown, isEnabled) };
  const own = isPlain(registration) ? registration : {};
  return withoutUndefined({
    ...link,
    tools: settle(link.tools, live?.tools, own['updated_tools']),
    prompts: settle(link.prompts, live?.prompts, own['updated_prompts']),
  });
}

/** Rows of a portal that only repeat what the server says for all portals. */
function inherited(shown: Overrides | undefined, rows: unknown): Overrides {
  const own = overridesFromApi(rows, serverMembers, true);
  const repeats = Object.entries(shown ?? {}).filter(([name, row]) => {
    return own[name]?.enabled === false && row.enabled === false && row.alias === undefined && row.description === undefined;
  });
  return Object.fromEntries(repeats);
}

/** The links of a portal, ready to be sent again: `servers` in a PUT is a full replacement (Q12). */
export const linksOf = (portal: Portal): readonly Plain[] => rowsOf(portal).map(({ id, row }) => linkToApi(id, linkFromRow(row)));

export const putLinks = (api: Api, path: string, servers: readonly Plain[]): Promise<unknown> => api.put(path, { servers });
