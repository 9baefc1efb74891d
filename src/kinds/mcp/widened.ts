import type { Existing, Finding, Peers, Place } from '../../engine/kind.ts';
import { memberOf, type Plain } from '../../engine/values.ts';
import { lists, type List } from '../../exposure/items.ts';
import { isVisible, linksOf, nameOf, type Link, type Settings } from '../../exposure/visible.ts';
import { overridesFromApi, serverMember } from './overrides.ts';
import { namesIn } from './synced.ts';

type Widening = {
  readonly key: string;
  readonly place: Place | undefined;
  /** The portal's state now, undefined where there is none, and after the run. */
  readonly before: Plain | undefined;
  readonly after: Plain;
};

const mostNames = 12;

/**
 * A note of which tools and prompts a portal shows after the run and does not show now, be it by its
 * own links or by what its servers say. Of servers that Cloudflare has not read, nothing is known.
 */
export function widenedExposure({ key, place, before, after }: Widening, peers: Peers): readonly Finding[] {
  const servers = new Map(peers.existing('server').map((server) => [server.id, server]));
  const declared = new Map(peers.desired('server').map((server) => [server.key, server.state]));
  const live = (id: string): Settings => liveSettings(servers.get(id));
  const soon = (id: string): Settings => ({ ...live(id), ...settingsIn(declared.get(id)) });
  const shown = (links: readonly Link[], list: List): readonly (readonly [string, string])[] =>
    links.flatMap((link) =>
      namesIn(servers.get(link.server)?.live, list)
        .filter((own) => isVisible(own, list, link))
        .map((own) => [`${link.server}_${own}`, nameOf(own, list, link)] as const),
    );
  return lists.flatMap((list) => {
    const former = new Set(shown(linksOf(before ?? {}, live), list).map(([own]) => own));
    const names = shown(linksOf(after, soon), list).flatMap(([own, name]) => (former.has(own) ? [] : [name]));
    return names.length === 0 ? [] : [note({ key, place, list, names })];
  });
}

type Shown = Pick<Widening, 'key' | 'place'> & { readonly list: List; readonly names: readonly string[] };

function note({ key, place, list, names }: Shown): Finding {
  const count = names.length;
  const what = count === 1 ? `1 ${list.slice(0, -1)} becomes` : `${count} ${list} become`;
  const some = names.slice(0, mostNames).join(', ');
  const more = count > mostNames ? ` and ${count - mostNames} more` : '';
  return { severity: 'info', code: 'MCP213', message: `${what} visible in portal ${key}: ${some}${more}`, place };
}

/** What a live server says about its tools and prompts for all portals. */
export const liveSettings = (server: Existing | undefined): Settings => ({
  tools: overridesFromApi(memberOf(server?.live, 'updated_tools'), serverMember),
  prompts: overridesFromApi(memberOf(server?.live, 'updated_prompts'), serverMember),
});

/** Only what the document says: the rest stays as it is. */
const settingsIn = (state: Plain | undefined): Settings =>
  Object.fromEntries(lists.flatMap((list) => (state?.[list] === undefined ? [] : [[list, state[list]]])));
