import type { AccessChange } from './access-changes.ts';
import type { ToolView } from './tools.ts';
import { whoText, type Who } from './who.ts';
import type { PortalAccess } from './who-can.ts';

/** A comparison with an earlier version of the document. */
export type Compared = { readonly ref: string; readonly changes: readonly AccessChange[] };

export function whoCanJson(who: Who, portals: readonly PortalAccess[], compared: Compared | undefined) {
  return {
    schema_version: 1,
    ok: true,
    who: whoText(who),
    portals: portals.map(({ servers, ...portal }) => ({
      ...portal,
      servers: servers.map(({ prompts, ...server }) => ({ ...server, ...(isSilent(prompts) ? {} : { prompts }) })),
    })),
    ...(compared === undefined ? {} : { diff: compared }),
  };
}

/** True where the document says nothing of these tools or prompts, so that all that the server has are shown. */
export const isSilent = ({ default: standard, shown, hidden }: ToolView): boolean =>
  standard === 'enabled' && shown.length === 0 && hidden.length === 0;
