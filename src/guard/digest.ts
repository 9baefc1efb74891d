import { createHash, randomBytes } from 'node:crypto';
import type { Sha256 } from './keys.ts';

/**
 * The SHA-256 of a key. Header values reach Node as one character for each byte, so this is also the digest of the
 * bytes that were sent.
 */
export const sha256: Sha256<Uint8Array> = (text) => createHash('sha256').update(text, 'latin1').digest();

/** A new key: 256 random bits behind a prefix by which scanners for leaked secrets can tell it. */
export const newKey = (): string => `mcpk_${randomBytes(32).toString('base64url')}`;
