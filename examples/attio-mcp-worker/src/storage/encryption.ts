import * as z from 'zod';

/** A stored value that cannot be read: another key wrote it, or somebody changed it. */
export class DecryptionError extends Error {
  constructor(reason: string, cause?: unknown) {
    super(`Token decryption failed: ${reason}`, { cause });
    this.name = 'DecryptionError';
  }
}

/** `v` is the version of this format, `kid` names the key; `iv` and `data` are base64. */
const envelope = z.object({ v: z.literal(1), kid: z.string(), iv: z.base64(), data: z.base64() });

/**
 * Encrypts with AES-256-GCM under the first key. `name` is authenticated with the value: a record
 * that is moved to another name can no longer be read.
 */
export async function seal(text: string, name: string, keys: readonly string[]): Promise<string> {
  const [hex = ''] = keys;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const key = await importKey(hex);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: bytesOf(name) }, key, bytesOf(text));
  return JSON.stringify({ v: 1, kid: await keyId(hex), iv: toBase64(iv), data: toBase64(new Uint8Array(sealed)) });
}

/** Reads what `seal` wrote under any of the keys. Throws a `DecryptionError`. */
export async function unseal(stored: string, name: string, keys: readonly string[]): Promise<string> {
  const { kid, iv, data } = parsed(stored);
  const ids = await Promise.all(keys.map(keyId));
  const hex = keys[ids.indexOf(kid)];
  if (hex === undefined) throw new DecryptionError('TOKEN_ENCRYPTION_KEY is not the key that this token was stored with');
  try {
    const key = await importKey(hex);
    const algorithm = { name: 'AES-GCM', iv: fromBase64(iv), additionalData: bytesOf(name) };
    return new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, key, fromBase64(data)));
  } catch (error) {
    throw new DecryptionError('the stored value was changed', error);
  }
}

/** Names a key without telling anything about it: the start of its SHA-256. */
export async function keyId(hex: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', keyBytes(hex)));
  return Array.from(digest.slice(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function parsed(stored: string): z.infer<typeof envelope> {
  try {
    return envelope.parse(JSON.parse(stored));
  } catch (error) {
    throw new DecryptionError('the stored value is in no known format', error);
  }
}

const importKey = (hex: string) => crypto.subtle.importKey('raw', keyBytes(hex), 'AES-GCM', false, ['encrypt', 'decrypt']);

const keyBytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const bytesOf = (text: string) => new TextEncoder().encode(text);
const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
