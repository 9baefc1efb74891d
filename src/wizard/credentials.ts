import { permissionFor } from '../cloudflare/permissions.ts';
import type { Prompts } from './prompts.ts';

/** How the wizard reaches an account where there are no credentials: not at all is an answer, too. */
export type Way = 'token' | 'sandbox' | 'none';

/** What an apply of all that the wizard can write asks for. */
const requests = [
  ...['ai-controls/mcp/portals', 'apps', 'groups', 'service_tokens'].map((path) => ({
    method: 'POST',
    path: `/accounts/0/access/${path}`,
  })),
  { method: 'POST', path: '/zones/0/dns_records' },
  { method: 'GET', path: '/zones' },
];

/** Asked where the environment holds no credentials. */
export function askWay(prompts: Prompts): Promise<Way> {
  prompts.explain('Credentials: make an API token at https://dash.cloudflare.com/profile/api-tokens with these permissions:');
  prompts.explain(`  ${requests.map(permissionFor).join('; ')}`);
  return prompts.select<Way>({
    message: 'There are no Cloudflare credentials. How do you go on?',
    choices: [
      { value: 'token', name: 'With an API token, which is not stored' },
      { value: 'sandbox', name: 'With the built-in simulator (--sandbox)' },
      { value: 'none', name: 'Without an account: only write the file' },
    ],
  });
}

export const askToken = (prompts: Prompts): Promise<string> =>
  prompts.password({
    message: 'API token (it does not show):',
    check: (text) => (/^[\x21-\x7e]{8,}$/.test(text.trim()) ? undefined : 'this is no API token: copy it again'),
  });

/** What to do about something that is missing. */
export const askRetry = (prompts: Prompts, isFatal: boolean): Promise<'again' | 'token' | 'on'> =>
  prompts.select({
    message: 'Something is missing. How do you go on?',
    choices: [
      { value: 'again', name: 'Check again: it is mended now' },
      { value: 'token', name: 'With another API token' },
      { value: 'on', name: isFatal ? 'Without an account: only write the file' : 'With what there is' },
    ] as const,
  });

/** Which of several accounts. */
export const askAccount = (
  prompts: Prompts,
  accounts: readonly { readonly id: string; readonly name: string }[],
): Promise<string> =>
  prompts.select({
    message: 'Which account?',
    choices: accounts.map(({ id, name }) => ({ value: id, name: `${name} (${id})` })),
  });

/** Whether the environment holds credentials in one of their two forms; what they are good for is another matter. */
export const hasCredentials = (env: Readonly<Record<string, string | undefined>>): boolean =>
  ['CLOUDFLARE_API_TOKEN', 'CLOUDFLARE_API_KEY'].some((name) => (env[name] ?? '').trim() !== '');
