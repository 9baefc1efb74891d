import crypto from 'node:crypto';
import type { Sha256 } from './keys.ts';

const oneShot: typeof crypto.hash | undefined = crypto.hash;

/**
 * The SHA-256 of a key. Header values reach Node as one character for each byte, so this is also the digest of the
 * bytes that were sent.
 */
export const sha256: Sha256<Uint8Array> = (text) => {
  const bytes = Buffer.from(text, 'latin1');
  // Faster, and not there before Node 20.12.
  return oneShot === undefined ? crypto.createHash('sha256').update(bytes).digest() : oneShot('sha256', bytes, 'buffer');
};

/** A new key: 256 random bits behind a prefix by which scanners for leaked secrets can tell it. */
export const newKey = (): string => `mcpk_${crypto.randomBytes(32).toString('base64url')}`;
