import { createHash, randomBytes } from 'node:crypto';
import type { Worker } from './worker.ts';

/** Somebody's browser: it keeps cookies, and goes where it is sent. */
export type Browser = {
  readonly cookies: Map<string, string>;
  /** Goes to a URL once; redirects are answers. */
  visit(url: string | URL, init?: RequestInit): Promise<Response>;
};

export function browser(): Browser {
  const cookies = new Map<string, string>();
  return {
    cookies,
    visit: async (url, init = {}) => {
      const headers = new Headers(init.headers);
      headers.set('Cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
      const response = await fetch(url, { ...init, headers, redirect: 'manual' });
      for (const cookie of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        if (/max-age=0/i.test(cookie)) cookies.delete(name);
        else cookies.set(name, value);
      }
      return response;
    },
  };
}

/** What the page's form sends when this button is pressed. */
export function formOf(html: string, button: string): URLSearchParams {
  const [pressed = ''] = new RegExp(`<button[^>]*>${button}<`).exec(html) ?? [];
  const fields = [...html.matchAll(/<input[^>]*>/g), [pressed]].flatMap(([tag = '']) => {
    const [, name] = / name="([^"]*)"/.exec(tag) ?? [];
    const [, value = ''] = / value="([^"]*)"/.exec(tag) ?? [];
    return name === undefined ? [] : [[name, value] as [string, string]];
  });
  return new URLSearchParams(fields);
}

export const redirectUri = 'http://127.0.0.1:9/callback';

export type Client = { readonly client_id: string; readonly client_secret?: string };

export async function register(worker: Worker, metadata: Readonly<Record<string, unknown>> = {}): Promise<Client> {
  const body = { client_name: 'Test client', redirect_uris: [redirectUri], token_endpoint_auth_method: 'none', ...metadata };
  const response = await worker.fetch('/oauth/register', { method: 'POST', body: JSON.stringify(body) });
  if (response.status !== 201) throw new Error(`registration: ${response.status} ${await response.text()}`);
  return JSON.parse(await response.text());
}

export type Pkce = { readonly verifier: string; readonly challenge: string };

export function pkce(): Pkce {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** Where a client sends the browser; a parameter that is undefined is left out. */
export function authorizeUrl(worker: Worker, parameters: Readonly<Record<string, string | undefined>>): URL {
  const url = new URL('/oauth/authorize', worker.url);
  const all = {
    response_type: 'code',
    redirect_uri: redirectUri,
    code_challenge_method: 'S256',
    state: 'client-state',
    ...parameters,
  };
  for (const [name, value] of Object.entries(all)) if (value !== undefined) url.searchParams.set(name, value);
  return url;
}

/** Agrees on the consent page, signs in at Attio, and comes to the end: the URL of the client that the browser is sent to. */
export async function agree(url: string | URL, person: Browser = browser()): Promise<URL> {
  const consent = await person.visit(url);
  const html = await consent.text();
  if (consent.status !== 200) throw new Error(`consent page: ${consent.status} ${html}`);
  const sent = await person.visit(new URL('/oauth/authorize', url), { method: 'POST', body: formOf(html, 'Allow') });
  const atAttio = await person.visit(locationOf(sent));
  const back = await person.visit(locationOf(atAttio));
  return new URL(locationOf(back));
}

export function locationOf(response: Response): string {
  const location = response.headers.get('location');
  if (location === null) throw new Error(`no redirect: ${response.status}`);
  return location;
}

// oxlint-disable-next-line typescript/no-explicit-any -- answers of every shape
export type Json = any;

export async function postToken(
  worker: Worker,
  fields: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly body: Json }> {
  const response = await worker.fetch('/oauth/token', { method: 'POST', body: new URLSearchParams(fields) });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

export type Session = { readonly client: Client; readonly access: string; readonly refresh: string };

/** A whole sign-in without a library. */
export async function signIn(worker: Worker): Promise<Session> {
  const client = await register(worker);
  const { verifier, challenge } = pkce();
  const end = await agree(authorizeUrl(worker, { client_id: client.client_id, code_challenge: challenge }));
  const { status, body } = await postToken(worker, {
    grant_type: 'authorization_code',
    client_id: client.client_id,
    redirect_uri: redirectUri,
    code: end.searchParams.get('code') ?? '',
    code_verifier: verifier,
  });
  if (status !== 200) throw new Error(`token: ${status} ${JSON.stringify(body)}`);
  return { client, access: body.access_token, refresh: body.refresh_token };
}

export const refresh = (worker: Worker, { client, refresh: token }: Session) =>
  postToken(worker, { grant_type: 'refresh_token', client_id: client.client_id, refresh_token: token });

/** One JSON-RPC message to the MCP endpoint, in the older protocol. */
export const post = (worker: Worker, access: string | undefined, message: unknown, headers: Record<string, string> = {}) =>
  worker.fetch('/mcp', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(access === undefined ? {} : { authorization: `Bearer ${access}` }),
      ...headers,
    },
    body: typeof message === 'string' ? message : JSON.stringify(message),
  });

/** Calls a tool; the result, or the error, of the JSON-RPC answer. */
export async function callTool(worker: Worker, access: string, name: string, args: object = {}): Promise<Json> {
  const response = await post(worker, access, { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } });
  const text = await response.text();
  if (response.status !== 200) return { status: response.status, body: text };
  const answer = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text);
  return answer.result ?? answer;
}
