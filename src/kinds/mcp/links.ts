import { isPlain, type Plain } from '../../engine/values.ts';
import { anyPortalMember, overridesFromApi, overridesToApi, type Overrides } from './overrides.ts';

/** A portal as the API gives it. Its `servers` are whole server objects with the link's settings among them. */
export type Portal = Plain & { readonly id: string; readonly name: string; readonly hostname: string };

/** The rows of a portal: the server's id stands under `server_id`, in older answers only under `id` (Q2). */
export function rowsOf(portal: Plain): readonly { readonly id: string; readonly row: Plain }[] {
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

/** The two lists of overrides that a server and a link have. */
export type OverrideList = 'tools' | 'prompts';

/** True when a row hides every tool that is not enabled by name. */
export const isHiding = (row: Plain): boolean => row['default_disabled'] === true;

/** The link of an answer. Rows come under other names than they were sent (Q3). */
export const linkFromRow = (row: Plain): Required<LinkState> => ({
  default: isHiding(row) ? 'disabled' : 'enabled',
  on_behalf: row['on_behalf'] !== false,
  tools: overridesFromApi(row['updated_tools'], anyPortalMember),
  prompts: overridesFromApi(row['updated_prompts'], anyPortalMember),
});

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
