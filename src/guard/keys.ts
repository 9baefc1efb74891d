/** A key that opens the guard. Only its SHA-256 is kept. */
export type KnownKey = {
  readonly digest: Uint8Array;
  /** The digest in hexadecimal: the name of the key's bucket. */
  readonly hex: string;
  /** Its first eight digits: what logs show. */
  readonly id: string;
};

/** SHA-256 of a text: synchronous in Node, a promise in a Worker. */
export type Sha256<Digest extends Uint8Array | Promise<Uint8Array>> = (text: string) => Digest;

/** The headers that may carry a key, in the order in which they are tried. */
export const keyHeaders = ['x-api-key', 'authorization', 'x-auth-token'] as const;

/** No key is longer; what is longer is not even hashed. */
const longestKey = 1024;

/**
 * The entries of a list of keys: parted by commas and line breaks, with `#` lines as comments. An entry
 * is a key, or the digest of one as `sha256:HEX`.
 */
export const keyEntries = (text: string): readonly string[] =>
  text
    .split(/\r?\n/)
    .filter((line) => !line.trimStart().startsWith('#'))
    .flatMap((line) => line.split(','))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/** The digest that an entry gives as `sha256:HEX`; undefined for a key, `'malformed'` for a digest that is none. */
export function digestOfEntry(entry: string): Uint8Array | 'malformed' | undefined {
  if (!entry.startsWith('sha256:')) return undefined;
  const hex = entry.slice('sha256:'.length).toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(hex)) return 'malformed';
  return Uint8Array.from({ length: 32 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));
}

export function knownKey(digest: Uint8Array): KnownKey {
  const hex = hexOf(digest);
  return { digest, hex, id: hex.slice(0, 8) };
}

export const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** What a request presents as keys, at most one for each header. */
export function presentedKeys(header: (name: string) => string | null | undefined): readonly string[] {
  const presented: string[] = [];
  for (const name of keyHeaders) {
    const value = header(name) ?? '';
    const key = name === 'authorization' ? (/^bearer +(\S+)$/i.exec(value)?.[1] ?? '') : value;
    if (key !== '' && key.length <= longestKey) presented.push(key);
  }
  return presented;
}

/**
 * The key with this digest. Every known digest is compared, and all of its bytes, so that the time
 * says nothing about how close a guess came.
 */
export function findKey(keys: readonly KnownKey[], digest: Uint8Array): KnownKey | undefined {
  let found: KnownKey | undefined;
  for (const key of keys) {
    if (differenceOf(key.digest, digest) === 0) found = key;
  }
  return found;
}

function differenceOf(one: Uint8Array, other: Uint8Array): number {
  let difference = one.length ^ other.length;
  for (let at = 0; at < one.length; at++) difference |= (one[at] ?? 0) ^ (other[at] ?? 0);
  return difference;
}
