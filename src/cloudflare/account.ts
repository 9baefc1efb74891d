import type { Api } from '../engine/api.ts';
import { AuthError, UserError } from '../lib/errors.ts';
import { Secret } from '../secrets/secret.ts';
import { isFields } from './envelope.ts';

/** An API token, or a user's global key with its email: never both. */
export type Credentials = { readonly token: Secret } | { readonly key: Secret; readonly email: string };
type Env = Readonly<Record<string, string | undefined>>;

const bothForms = 'Set CLOUDFLARE_API_TOKEN, or CLOUDFLARE_API_KEY together with CLOUDFLARE_EMAIL.';

/** The credentials in the environment; the token goes first. Throws an `AuthError` that names both forms. */
export function resolveCredentials(env: Env): Credentials {
  const token = valueOf(env, 'CLOUDFLARE_API_TOKEN');
  if (token !== undefined) return { token: Secret.of('env:CLOUDFLARE_API_TOKEN', token) };
  const key = valueOf(env, 'CLOUDFLARE_API_KEY');
  const email = valueOf(env, 'CLOUDFLARE_EMAIL');
  if (key !== undefined && email !== undefined) return { key: Secret.of('env:CLOUDFLARE_API_KEY', key), email };
  if (key !== undefined) throw new AuthError('CLOUDFLARE_API_KEY is set, but CLOUDFLARE_EMAIL is not.', { hint: bothForms });
  throw new AuthError(`There are no Cloudflare credentials. ${bothForms}`, {
    hint: 'Tokens are made at https://dash.cloudflare.com/profile/api-tokens.',
  });
}

/** Trimmed, because pasted values end in newlines; one that no HTTP header can carry is refused here. */
function valueOf(env: Env, name: string): string | undefined {
  const value = env[name]?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw new AuthError(`${name} contains a space, a line break or a character outside ASCII.`, {
    hint: 'Copy the value again.',
  });
}

/** The id of the only account that the credentials see. Throws a `UserError` when there is not exactly one. */
export async function discoverAccount(api: Pick<Api, 'list'>): Promise<string> {
  const listed = await api.list('/accounts', { perPage: 50 });
  const accounts = listed
    .filter(isFields)
    .map(({ id, name }) => ({ id: String(id), name: typeof name === 'string' ? name : '' }));
  const [only, ...others] = accounts;
  const hint = 'Say which one: --account ID, `account:` in the document, or CLOUDFLARE_ACCOUNT_ID.';
  if (only === undefined) throw new UserError('The credentials see no account.', { hint });
  if (others.length === 0) return only.id;
  const shown = accounts.slice(0, 20).map(({ id, name }) => `${name} (${id})`);
  const rest = accounts.length > shown.length ? `, and ${accounts.length - shown.length} more` : '';
  throw new UserError(`The credentials see ${accounts.length} accounts: ${shown.join(', ')}${rest}.`, { hint });
}
