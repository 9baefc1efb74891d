import { digestOfEntry, keyEntries, knownKey, type KnownKey } from '../../src/guard/keys.ts';

let known: { readonly text: string; readonly keys: Promise<readonly KnownKey[] | undefined> } | undefined;

/** The keys as digests, made once for each start of the Worker; undefined where there are none. */
export async function knownKeys(text: string): Promise<readonly KnownKey[] | undefined> {
  if (known?.text !== text) known = { text, keys: readKeys(text) };
  return await known.keys;
}

async function readKeys(text: string): Promise<readonly KnownKey[] | undefined> {
  const digests = await Promise.all(keyEntries(text).map(async (entry) => digestOfEntry(entry) ?? (await sha256(entry))));
  const keys = digests.flatMap((digest) => (digest === 'malformed' ? [] : [knownKey(digest)]));
  return keys.length === 0 || keys.length < digests.length ? undefined : keys;
}

export const sha256 = async (text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
