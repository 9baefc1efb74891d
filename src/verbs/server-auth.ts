import { UsageError } from '../lib/errors.ts';

export type AuthWords = { readonly auth?: string | undefined; readonly authSecrets: readonly string[] };

/** `--auth` and `--auth-secret` as the document says them. */
export function authFrom({ auth, authSecrets }: AuthWords): unknown {
  const [first, ...more] = authSecrets;
  if (auth === 'bearer') {
    if (first === undefined || more.length > 0) throw needsSecret('--auth bearer needs one --auth-secret REF');
    return { bearer: first };
  }
  if (auth === 'headers') {
    if (first === undefined) throw needsSecret("--auth headers needs --auth-secret 'Name=REF', once for each header");
    return { headers: Object.fromEntries(authSecrets.map(headerFrom)) };
  }
  if (first !== undefined) throw new UsageError('--auth-secret goes with --auth bearer or --auth headers');
  return auth;
}

const needsSecret = (message: string): UsageError =>
  new UsageError(message, { hint: 'a REF says where the secret is: env:NAME, file:PATH, cmd:COMMAND, or - for standard input' });

function headerFrom(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  // Not shown: it may be the secret itself.
  if (at < 1) throw needsSecret("--auth-secret for headers is written 'Name=REF'");
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
