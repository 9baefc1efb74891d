import type { Who } from '../../access/who.ts';
import type { OptionValues } from '../../cli/options.ts';
import { isIP } from '../../kinds/document/network.ts';
import { UsageError } from '../../lib/errors.ts';
import type { whoCanOptions } from '../table/access.ts';

const bot = 'token:';

/** The person or bot of a command line. Throws a `UsageError` for what is neither. */
export function whoOf(name: string | undefined, options: OptionValues<typeof whoCanOptions>): Who {
  const { ip, country, group, 'login-method': loginMethod } = options;
  if (ip !== undefined && isIP(ip) === 0)
    throw new UsageError(`--ip: ${ip} is no address`, { hint: 'write it as 203.0.113.7 or 2001:db8::7' });
  const code = country?.toUpperCase();
  if (code !== undefined && !/^[A-Z][A-Z0-9]$/.test(code))
    throw new UsageError(`--country: ${country} is no country code`, { hint: 'write two letters, such as NL' });
  const request = { ip, country: code };
  if (name?.startsWith(bot) === true) return { is: 'bot', token: name.slice(bot.length), ...request };
  if (name === undefined && ip === undefined)
    throw new UsageError('who-can needs somebody to ask about', { hint: 'give an EMAIL, token:NAME, or an --ip alone' });
  if (name !== undefined && !/^[^\s@]+@[^\s@]+$/.test(name))
    throw new UsageError(`${name} is no email address`, { hint: `a service token is written ${bot}${name}` });
  return { is: 'person', email: name, groups: group.length === 0 ? undefined : group, loginMethod, ...request };
}
