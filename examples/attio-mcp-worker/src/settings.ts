import type { Env } from './env.ts';

export type Settings = {
  /** The issuer, and the start of every URL of this server: no path, no trailing slash. */
  readonly origin: string;
  /** The MCP endpoint, which is also what tokens are made out for. */
  readonly resource: string;
  readonly attio: AttioApp;
  /** 64 hex digits each; the first one encrypts. */
  readonly keys: readonly [string, ...string[]];
  /** `ALLOWED_REDIRECT_URIS`. */
  readonly redirectUris: readonly string[];
};

/** The app at Attio that people sign in to. */
export type AttioApp = {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly apiUrl: string;
  readonly authUrl: string;
  /** Where Attio sends people back to: this Worker's `/oauth/callback`. */
  readonly callback: string;
};

/** Says which variables are missing or wrong. Never holds a value. */
export class SettingsError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`This server is not set up: ${problems.join('; ')}`);
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

/** Reads the variables and secrets. Throws a `SettingsError` that names all problems at once. */
export function readSettings(env: Env, requestUrl: string): Settings {
  const problems: string[] = [];
  const check = <Value>(value: Value | undefined, problem: string): Value | undefined => {
    if (value === undefined) problems.push(problem);
    return value;
  };
  const clientId = check(given(env.ATTIO_CLIENT_ID), 'ATTIO_CLIENT_ID is missing');
  const clientSecret = check(given(env.ATTIO_CLIENT_SECRET), 'ATTIO_CLIENT_SECRET is missing');
  const key = check(hexKey(env.TOKEN_ENCRYPTION_KEY), 'TOKEN_ENCRYPTION_KEY is not 64 hex digits');
  const oldKey = given(env.TOKEN_ENCRYPTION_KEY_OLD);
  if (oldKey !== undefined) check(hexKey(oldKey), 'TOKEN_ENCRYPTION_KEY_OLD is not 64 hex digits');
  const origin = check(
    originOf(given(env.WORKER_URL) ?? new URL(requestUrl).origin),
    'WORKER_URL is not an https URL without a path',
  );
  const apiUrl = check(baseUrl(given(env.ATTIO_API_URL) ?? 'https://api.attio.com'), 'ATTIO_API_URL is not an https URL');
  const authUrl = check(baseUrl(given(env.ATTIO_AUTH_URL) ?? 'https://app.attio.com'), 'ATTIO_AUTH_URL is not an https URL');
  if (!clientId || !clientSecret || !key || !origin || !apiUrl || !authUrl || problems.length > 0)
    throw new SettingsError(problems);
  return {
    origin,
    resource: `${origin}/mcp`,
    attio: { clientId, clientSecret, apiUrl, authUrl, callback: `${origin}/oauth/callback` },
    keys: oldKey === undefined ? [key] : [key, oldKey],
    redirectUris: listOf(env.ALLOWED_REDIRECT_URIS),
  };
}

/** Spaces around a value come from copying; an empty value is none. */
const given = (value: string | undefined): string | undefined => value?.trim() || undefined;

const hexKey = (value: string | undefined): string | undefined =>
  /^[0-9a-f]{64}$/i.test(value?.trim() ?? '') ? value?.trim() : undefined;

const listOf = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/** A trailing slash is forgiven; a path is not, since the documents under `/.well-known/` would move. */
function originOf(text: string): string | undefined {
  const url = secureUrl(text);
  return url !== undefined && url.pathname === '/' && url.search === '' ? url.origin : undefined;
}

const baseUrl = (text: string): string | undefined => secureUrl(text)?.href.replace(/\/+$/, '');

/** Plain HTTP only on this machine, for development. */
function secureUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isSecure = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  return isSecure && url.username === '' && url.password === '' && url.hash === '' ? url : undefined;
}

export const isLoopback = (hostname: string): boolean => /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
