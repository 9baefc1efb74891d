import { resolveCredentials } from '../cloudflare/account.ts';
import { type Check, failedBy, passed } from './check.ts';
import { UserError } from '../lib/errors.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Which of the two forms the environment holds. Where it holds both, the token is what is used. */
export function checkCredentials(env: Env): Check {
  try {
    const isToken = 'token' in resolveCredentials(env);
    if (!isToken) return passed(name, 'a global API key, from CLOUDFLARE_API_KEY and CLOUDFLARE_EMAIL');
    const unused = ['CLOUDFLARE_API_KEY', 'CLOUDFLARE_EMAIL'].filter((other) => (env[other] ?? '').trim() !== '');
    const beside =
      unused.length === 0 ? '' : `; the token goes first, so ${unused.join(' and ')} beside it ${verb(unused)} not used`;
    return passed(name, `an API token, from CLOUDFLARE_API_TOKEN${beside}`);
  } catch (error) {
    if (error instanceof UserError) return failedBy(name, error);
    throw error;
  }
}

const name = 'credentials';
const verb = (names: readonly string[]): string => (names.length === 1 ? 'is' : 'are');
