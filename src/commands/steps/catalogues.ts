import type { Api } from '../../engine/api.ts';
import { memberOf, type Plain } from '../../engine/values.ts';
import { catalogueOf, type Catalogue } from '../../exposure/items.ts';
import { withItems } from '../../exposure/reduce.ts';
import { serversPath } from '../../kinds/mcp/registrations.ts';

/**
 * Lists the servers with what they offer, reduced page by page. Started before anything else reads the
 * servers it costs no request: a listing is fetched once per reading, and what it keeps here holds all
 * that the others look for.
 */
export const listCatalogues = (api: Api): Promise<readonly Plain[]> =>
  api.list<Plain>(serversPath(api), { perPage: 100, keep: withItems });

/** What live servers offer, by id; undefined for those that Cloudflare has not read. */
export const cataloguesOf = (servers: readonly unknown[]): ReadonlyMap<string, Catalogue | undefined> =>
  new Map(servers.map((server) => [String(memberOf(server, 'id')), catalogueOf(server)]));
