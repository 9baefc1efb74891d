import { budgetOf, type Budget } from './budget.ts';
import { deltaOf, type Delta } from './delta.ts';
import type { Catalogue } from './items.ts';
import { problemsOf, type Problem } from './problems.ts';
import { offersOf, type Link, type Offer } from './visible.ts';

/** What a portal always has beside the tools of its servers. */
export const builtIn = ['portal_list_servers', 'portal_toggle_servers', 'portal_toggle_single_server'] as const;

/** A portal's links, as they are or as they will be. */
export type PortalView = {
  readonly id: string;
  readonly hostname: string;
  readonly codeMode: string;
  readonly links: readonly Link[];
  /** The portal as it is; undefined for one that is not there, and where nobody looked. */
  readonly live?: readonly Link[] | undefined;
};

/** What clients of a portal get to see. */
export type Preview = {
  readonly portal: PortalView;
  readonly offers: readonly Offer[];
  /** Servers whose tools nobody knows yet. */
  readonly unread: readonly string[];
  readonly problems: readonly Problem[];
  readonly budget: Budget;
  readonly delta: Delta | undefined;
};

type Looks = { catalogue(server: string): Catalogue | undefined; readonly compare: boolean };

export function previewOf(portal: PortalView, { catalogue, compare }: Looks): Preview {
  const offered = (links: readonly Link[]): readonly Offer[] =>
    links.flatMap((link) => {
      const found = catalogue(link.server);
      return found === undefined ? [] : offersOf(link, found);
    });
  const offers = offered(portal.links);
  return {
    portal,
    offers,
    unread: portal.links.map(({ server }) => server).filter((server) => catalogue(server) === undefined),
    problems: problemsOf(offers),
    budget: budgetOf(offers),
    delta: compare ? deltaOf(offered(portal.live ?? []), offers) : undefined,
  };
}
