import { isPlain } from '../../engine/values.ts';
import { tokenToSend } from '../../kinds/mcp/credentials.ts';
import { Cancelled, UserError } from '../../lib/errors.ts';
import { bearerOf } from '../../secrets/bearer.ts';
import { Secret } from '../../secrets/secret.ts';
import { readSecret } from '../../secrets/sources.ts';
import type { Account } from '../../verify/account.ts';
import { firstText, type ServerSubject } from '../../verify/subjects.ts';
import type { World } from '../../world.ts';
import { folderOf } from './secrets.ts';

type Headers = Readonly<Record<string, Secret>>;

/**
 * What the document signs in to a server with, for the server itself. Undefined where it says nothing, where its
 * references cannot be read here, and where the live server is another host than the document's.
 */
export function originHeaders(world: World): (server: ServerSubject, account: Account) => Promise<Headers | undefined> {
  const known = new Map<string, Promise<Secret>>();
  return async ({ id, desired, url }, { peers }) => {
    if (desired === undefined || hostOf(firstText(desired.state['url'])) !== hostOf(url)) return undefined;
    const { 'auth.bearer': bearer, 'auth.headers': headers, 'auth.service_token': token } = desired.state;
    const baseDir = folderOf(world, desired.place?.file);
    const read = async ({ source }: Secret): Promise<Secret> => {
      // Standard input gives one secret, once, and not for a look.
      if (source === '-') throw new UserError('standard input is not read for a look');
      const name = `${baseDir}\n${source}`;
      const reading = known.get(name) ?? readSecret(source, { world, baseDir, purpose: `server:${id}`, inHeader: true });
      known.set(name, reading);
      return reading;
    };
    try {
      if (bearer instanceof Secret) return { authorization: bearerOf(await read(bearer)) };
      if (isPlain(headers)) return await eachRead(headers, read);
      const sent = typeof token === 'string' ? tokenToSend(token, peers) : undefined;
      return typeof sent === 'object' ? sent : undefined;
    } catch (error) {
      if (!(error instanceof UserError) || error instanceof Cancelled) throw error;
      return undefined;
    }
  };
}

const hostOf = (url: string): string | undefined => (URL.canParse(url) ? new URL(url).host : undefined);

async function eachRead(headers: Readonly<Record<string, unknown>>, read: (secret: Secret) => Promise<Secret>): Promise<Headers> {
  const entries = Object.entries(headers).flatMap(([name, secret]) =>
    secret instanceof Secret ? [[name, secret] as const] : [],
  );
  return Object.fromEntries(await Promise.all(entries.map(async ([name, secret]) => [name, await read(secret)] as const)));
}
