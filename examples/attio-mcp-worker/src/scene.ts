import type { OAuthAuthorizationServer, OAuthResourceServer } from '@cloudflare/workers-oauth-provider';
import type { Context, Env } from './env.ts';
import type { Settings } from './settings.ts';
import type { TokenStore } from './storage/tokens.ts';

/** What the routes work with, made for one request. The storage in `env` never fails silently. */
export type Scene = {
  readonly env: Env;
  readonly context: Context;
  readonly settings: Settings;
  readonly store: TokenStore;
  readonly authorization: OAuthAuthorizationServer<Env>;
  readonly resource: OAuthResourceServer<Env>;
};
