import type { YieldedSecret } from '../../engine/kind.ts';
import { UserError } from '../../lib/errors.ts';

/** A secret's value under the name that programs look for. */
export type Variable = { readonly name: string; readonly value: string };

const variableNames: Readonly<Record<string, string>> = {
  client_id: 'CF_ACCESS_CLIENT_ID',
  client_secret: 'CF_ACCESS_CLIENT_SECRET',
  token: 'TUNNEL_TOKEN',
};

/** The other way round: the fields of a secret, from the variables that are known. */
export const fieldsOf = (variables: ReadonlyMap<string, string>): { readonly [field: string]: string | undefined } =>
  Object.fromEntries(Object.entries(variableNames).map(([field, name]) => [field, variables.get(name)]));

/** What of a secret goes into variables; what only describes it, such as its expiry, does not. */
export function variablesOf(secret: YieldedSecret): readonly Variable[] {
  const variables = Object.entries(secret.values).flatMap(([field, value]) => {
    // A key is what its variable is called.
    const name = field === 'key' ? secret.name : variableNames[field];
    return name === undefined ? [] : [{ name, value }];
  });
  if (variables.length === 0) throw new UserError(`no variable is known for the secret ${secret.name}`, { code: 'sink_failed' });
  return variables;
}
