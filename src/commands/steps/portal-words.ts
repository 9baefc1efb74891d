import type { OptionValues } from '../../cli/options.ts';
import type { PortalWords } from '../../verbs/portals.ts';
import type { portalOptions } from '../table/portals.ts';

/** The options of `create-portal` and `update-portal` as the verb takes them. */
export function portalWords(options: OptionValues<typeof portalOptions>): Omit<PortalWords, 'id'> {
  const { hostname, name, description } = options;
  return { hostname, name, description, servers: options.server, policies: options.policy, noDns: options['no-dns'] };
}
