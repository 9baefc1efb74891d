import { createHash } from 'node:crypto';
import type { Row, SandboxState } from '../../src/sandbox/state.ts';
import type { Cli } from '../runs/cli.ts';

/** What is different in every run, and says nothing about what was provisioned. */
const volatile = new Set(
  `created_at updated_at expires_at comment_modified_on last_synced last_successful_sync aud client_id secret
   secret_hash former_hash version number etag tag client_secret_version clientSecretVersion previous_client_secret_expires_at connections modified_on`.split(
    /\s+/,
  ),
);

type Any = Readonly<Record<string, unknown>>;
const isAny = (value: unknown): value is Any => typeof value === 'object' && value !== null && !Array.isArray(value);
const isRow = (value: unknown): value is Row => isAny(value) && typeof value['id'] === 'string';

/** The rows of an account that are there, by list. */
const rowsOf = (state: SandboxState): readonly (readonly [string, readonly Row[]])[] =>
  Object.entries(state).flatMap(([list, value]) =>
    Array.isArray(value) && list !== 'zones' && list !== 'identity_providers'
      ? [[list, value.filter(isRow).filter((row) => ((row as Any)['deleted_at'] ?? null) === null)] as const]
      : [],
  );

/** What people know an object by: equal for the objects that two runs make of one document. */
function labelOf(list: string, row: Row): string {
  const { body } = row;
  const words = ['type', 'name', 'title', 'domain', 'hostname', 'pattern', 'service', 'content'].map((member) => body[member]);
  const target = JSON.stringify(body['destinations'] ?? '');
  const own = /^[0-9a-f-]{32,36}$/.test(row.id) ? '' : row.id;
  return [list, own, ...words, target].flatMap((word) => (typeof word === 'string' && word !== '' ? [word] : [])).join(' ');
}

/** The secrets in the sinks of a run, by client id, the latest of each. */
export function secretsOf(one: Cli): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (one.exists('secrets.json'))
    for (const line of one.read('secrets.json').split('\n').filter(Boolean)) {
      const { client_id: id, client_secret: secret } = JSON.parse(line) as { client_id: string; client_secret: string };
      found.set(id, secret);
    }
  if (one.exists('.env')) {
    const text = one.read('.env');
    const value = (name: string): string | undefined => new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm').exec(text)?.[1];
    const [id, secret] = [value('CF_ACCESS_CLIENT_ID'), value('CF_ACCESS_CLIENT_SECRET')];
    if (id !== undefined && secret !== undefined) found.set(id, secret);
  }
  return found;
}

/**
 * An account as text in which two runs of one document are equal: ids are exchanged for labels, secrets
 * of tokens for their token's label, and what always differs is left out. A duplicate is two lines.
 */
export function picture(one: Cli): readonly string[] {
  const { state } = one.account;
  const rows = rowsOf(state);
  const names = rows.flatMap(([list, objects]) => objects.map((row) => [row.id, `<${labelOf(list, row)}>`] as const));
  const ids = names.filter(([id]) => /^[0-9a-f-]{32,36}$/.test(id));
  const secrets = secretsOf(one);
  const tokens = state.service_tokens.flatMap(({ client_id: id, body }) => [
    [id, `<client id of ${nameIn(body)}>`] as const,
    ...(secrets.has(id) ? [[secrets.get(id) ?? '', `<secret of ${nameIn(body)}>`] as const] : []),
  ]);
  const replace = (text: string): string => [...ids, ...tokens].reduce((so, [from, to]) => so.replaceAll(from, to), text);
  return rows.flatMap(([list, objects]) => objects.map((row) => replace(`${list} ${stable(row)}`))).toSorted();
}

const stable = (value: unknown): string =>
  JSON.stringify(value, (key, inner: unknown) => {
    if (volatile.has(key)) return undefined;
    if (!isAny(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });

/** The names of the tokens whose present secret no sink has. Those of `others` do not count. */
export function lostSecrets(one: Cli, others: SandboxState): readonly string[] {
  const foreign = new Set(others.service_tokens.map(({ id }) => id));
  const secrets = secretsOf(one);
  return one.account.state.service_tokens
    .filter(({ id }) => !foreign.has(id))
    .filter(({ client_id: id, secret_hash: hash }) => secretHash(secrets.get(id) ?? '') !== hash)
    .map(({ body }) => nameIn(body));
}

/** What a row's body says as its name. */
export const nameIn = (body: Any): string => (typeof body['name'] === 'string' ? body['name'] : '');

const secretHash = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** The objects of `before` that are not exactly as they were. */
export function touched(one: Cli, before: SandboxState): readonly string[] {
  const now = new Map(rowsOf(one.account.state).map(([list, rows]) => [list, rows]));
  return rowsOf(before).flatMap(([list, rows]) =>
    rows
      .filter((row) => JSON.stringify(now.get(list)?.find(({ id }) => id === row.id)) !== JSON.stringify(row))
      .map((row) => labelOf(list, row)),
  );
}
