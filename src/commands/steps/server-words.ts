import type { OptionValues } from '../../cli/options.ts';
import { UsageError } from '../../lib/errors.ts';
import type { ServerWords } from '../../verbs/servers.ts';
import type { serverOptions } from '../table/servers.ts';

const ways = ['none', 'oauth', 'bearer', 'headers'];

/** The options of `add-server` and `update-server` as the verb takes them. */
export function serverWords(options: OptionValues<typeof serverOptions>): Omit<ServerWords, 'id'> {
  const { url, name, description, auth } = options;
  if (auth !== undefined && !ways.includes(auth)) throw new UsageError(`--auth must be one of ${ways.join(', ')}, not "${auth}"`);
  return { url, name, description, auth, authSecrets: options['auth-secret'], portals: options.portal, policies: options.policy };
}
