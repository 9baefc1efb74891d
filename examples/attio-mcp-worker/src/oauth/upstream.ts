import * as z from 'zod';
import type { AttioApp } from '../settings.ts';
import type { AttioToken } from '../storage/tokens.ts';

/** Attio's authorization server gave no token. `refused`: it said no, and asking again is no use. */
export class UpstreamError extends Error {
  readonly refused: boolean;
  constructor(message: string, { refused, cause }: { readonly refused: boolean; readonly cause?: unknown }) {
    super(message, { cause });
    this.name = 'UpstreamError';
    this.refused = refused;
  }
}

/** Where the browser goes to sign in at Attio. Which scopes the app has is set at Attio, and is no part of the URL. */
export function signInUrl({ authUrl, clientId, callback }: AttioApp, state: string): string {
  const url = new URL(`${authUrl}/authorize`);
  url.search = new URLSearchParams({ client_id: clientId, response_type: 'code', redirect_uri: callback, state }).toString();
  return url.href;
}

/** Throws an `UpstreamError`. */
export const exchangeCode = (app: AttioApp, code: string): Promise<AttioToken> =>
  requestToken(app, { grant_type: 'authorization_code', code, redirect_uri: app.callback });

/** A token that comes without a new refresh token keeps the old one. Throws an `UpstreamError`. */
export async function refreshToken(app: AttioApp, refresh: string): Promise<AttioToken> {
  const token = await requestToken(app, { grant_type: 'refresh_token', refresh_token: refresh });
  return { ...token, refreshToken: token.refreshToken ?? refresh };
}

const answerSchema = z.object({
  access_token: z.string().min(1),
  token_type: z
    .string()
    .regex(/^bearer$/i)
    .optional(),
  refresh_token: z.string().min(1).nullish(),
  expires_in: z.number().positive().nullish(),
});

async function requestToken(app: AttioApp, grant: Readonly<Record<string, string>>): Promise<AttioToken> {
  const body = new URLSearchParams({ client_id: app.clientId, client_secret: app.clientSecret, ...grant });
  const response = await post(`${app.authUrl}/oauth/token`, body);
  if (!response.ok) {
    await response.body?.cancel();
    const refused = response.status >= 400 && response.status < 500 && response.status !== 429;
    throw new UpstreamError(refused ? 'Attio refused the sign-in' : 'Attio cannot sign anybody in right now', { refused });
  }
  const answer = answerSchema.safeParse(await response.json().catch(() => undefined));
  if (!answer.success) throw new UpstreamError('Attio answered without a token', { refused: false });
  const { access_token: accessToken, refresh_token: refresh, expires_in: expiresIn } = answer.data;
  return {
    accessToken,
    refreshToken: refresh ?? undefined,
    expiresAt: typeof expiresIn === 'number' ? Math.floor(Date.now() / 1000 + expiresIn) : undefined,
  };
}

async function post(url: string, body: URLSearchParams): Promise<Response> {
  try {
    // A redirect would carry the client secret elsewhere.
    return await fetch(url, {
      method: 'POST',
      body,
      headers: { Accept: 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(10_000),
    });
  } catch (error) {
    throw new UpstreamError('Attio cannot be reached', { refused: false, cause: error });
  }
}
