import * as z from 'zod';
import type { Kv } from '../env.ts';
import { DecryptionError, seal, unseal } from './encryption.ts';

/** What Attio gave for one sign-in. `expiresAt` is in seconds since 1970; without it the token does not expire. */
export type AttioToken = {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  readonly expiresAt?: number | undefined;
};

const tokenSchema = z.object({
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  expiresAt: z.number().optional(),
});

/** The Attio tokens at rest: encrypted, each under a name of its own, gone when they are of no more use. */
export type TokenStore = {
  /** Throws a `StorageError`. */
  save(name: string, token: AttioToken): Promise<void>;
  /** Undefined where there is none. Throws a `StorageError` or a `DecryptionError`. */
  load(name: string): Promise<AttioToken | undefined>;
  /** The same in two steps: begins to read at once, and decrypts when it is called. Nothing is thrown before that. */
  begin(name: string): () => Promise<AttioToken | undefined>;
  /** Throws a `StorageError`. */
  remove(name: string): Promise<void>;
};

export function tokenStore(kv: Kv, keys: readonly string[]): TokenStore {
  const opened = async (stored: unknown, name: string): Promise<AttioToken | undefined> => {
    if (typeof stored !== 'string') return undefined;
    const token = tokenSchema.safeParse(JSON.parse(await unseal(stored, name, keys)));
    if (!token.success) throw new DecryptionError('the stored value is no token');
    return token.data;
  };
  return {
    save: async (name, token) =>
      kv.put(name, await seal(JSON.stringify(token), name, keys), { expirationTtl: lifetime(token) + SLACK_S }),
    load: async (name) => opened(await kv.get(name), name),
    begin: (name) => {
      const reading = kv.get(name);
      // Whoever never asks for the token has no use for the failure either.
      reading.catch(() => {});
      return async () => opened(await reading, name);
    },
    remove: (name) => kv.delete(name),
  };
}

/** The record of a sign-in. */
export const tokenName = (user: string): string => `attio-token:${user}`;

/** A session that nobody uses for this long ends. */
export const SESSION_S = 30 * 24 * 3600;
const SLACK_S = 300;

/** Seconds that the token, or what it can be refreshed into, is of use. Never under 60, the least that KV takes. */
export function lifetime({ refreshToken, expiresAt }: AttioToken): number {
  if (refreshToken !== undefined || expiresAt === undefined) return SESSION_S;
  return Math.min(SESSION_S, Math.max(60, secondsLeft(expiresAt)));
}

export const secondsLeft = (expiresAt: number): number => Math.floor(expiresAt - Date.now() / 1000);
