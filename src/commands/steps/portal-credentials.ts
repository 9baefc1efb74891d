import type { Invocation } from '../../cli/command.ts';
import { UsageError } from '../../lib/errors.ts';
import { readSecret } from '../../secrets/sources.ts';
import type { Secret } from '../../secrets/secret.ts';
import type { verifyOptions } from '../table/verify.ts';

/** The credentials of a service token. The client id finds the token in the account. */
export type PortalCredentials = { readonly clientId: Secret; readonly headers: Readonly<Record<string, Secret>> };

const variables = { id: 'CF_ACCESS_CLIENT_ID', secret: 'CF_ACCESS_CLIENT_SECRET' } as const;

/** From the options, else from the environment; undefined where neither says anything. Half of them is a `UsageError`. */
export async function portalCredentials({
  world,
  options,
}: Invocation<typeof verifyOptions>): Promise<PortalCredentials | undefined> {
  const isSet = (name: string): string | undefined => ((world.env[name] ?? '') === '' ? undefined : `env:${name}`);
  const [idFrom, secretFrom] = [
    options['client-id-from'] ?? isSet(variables.id),
    options['client-secret-from'] ?? isSet(variables.secret),
  ];
  if (idFrom === undefined && secretFrom === undefined) return undefined;
  if (idFrom === undefined || secretFrom === undefined) {
    throw new UsageError(
      `the service token has a ${idFrom === undefined ? 'secret and no client id' : 'client id and no secret'}`,
      {
        hint: `Give both: --client-id-from and --client-secret-from, or ${variables.id} and ${variables.secret}.`,
      },
    );
  }
  const { askSecret } = await import('../../terminal/prompts.ts');
  const read = (ref: string, purpose: string) =>
    readSecret(ref, { world, baseDir: world.cwd, ask: (message) => askSecret(message, world), purpose, inHeader: true });
  const id = await read(idFrom, 'the client id');
  const secret = await read(secretFrom, 'the client secret');
  return { clientId: id, headers: { 'cf-access-client-id': id, 'cf-access-client-secret': secret } };
}
