import { randomBytes } from 'node:crypto';

/** A sign-in that a client has begun: its code is good for one exchange. */
export type Grant = {
  readonly client: string;
  readonly redirect: string;
  readonly challenge: string;
  readonly email: string;
  readonly portal: string;
  readonly until: number;
};
export type Session = { readonly email: string; readonly portal: string; readonly until: number };

/** Who has registered and signed in. Kept as long as the simulator runs, and in no file. */
export type Sessions = {
  /** Redirect addresses by client id. */
  readonly clients: Map<string, readonly string[]>;
  readonly codes: Map<string, Grant>;
  readonly tokens: Map<string, Session>;
  readonly refreshTokens: Map<string, Session & { readonly client: string }>;
  /** Servers that somebody has switched off for themselves, by portal and identity. */
  readonly toggledOff: Map<string, ReadonlySet<string>>;
};

export const newSessions = (): Sessions => ({
  clients: new Map(),
  codes: new Map(),
  tokens: new Map(),
  refreshTokens: new Map(),
  toggledOff: new Map(),
});

export const randomText = (): string => randomBytes(24).toString('base64url');
