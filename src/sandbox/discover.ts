import { attemptsFor, leadsOn, type Attempt } from '../mcp-client/attempts.ts';
import { connectTo } from '../mcp-client/connect.ts';
import type { Json, JsonObject } from './json.ts';

type Upstream = { readonly url: string; readonly headers: Readonly<Record<string, string>> };

/** What an MCP server offers, or why it could not be asked. */
export type Found =
  | { readonly is: 'ready'; readonly tools: readonly Json[]; readonly prompts: readonly Json[] }
  | { readonly is: 'error'; readonly error: string; readonly details: JsonObject };
export type Discover = (upstream: Upstream) => Promise<Found>;

/** Does not look: every server is there and offers nothing. */
export const emptyCatalogue: Discover = async () => ({ is: 'ready', tools: [], prompts: [] });

const timeoutMs = 5000;

/** Connects to the server with the official MCP client and lists what it offers. The URL decides the transports. */
export const discoverUpstream: Discover = async (upstream) => {
  let last: Found = failed('No transport is left to try', undefined, undefined);
  for (const attempt of attemptsFor(upstream.url)) {
    const { found, status } = await tried(attempt, upstream.headers);
    last = found;
    if (found.is === 'ready' || !leadsOn(status)) return found;
  }
  return last;
};

type Tried = { readonly found: Found; readonly status: number | undefined };

const tried = async (attempt: Attempt, headers: Upstream['headers']): Promise<Tried> => {
  const cancel = AbortSignal.timeout(timeoutMs);
  let status: number | undefined;
  const watched = async (input: string | URL, init?: RequestInit): Promise<Response> => {
    const signal = init?.signal ? AbortSignal.any([init.signal, cancel]) : cancel;
    const response = await fetch(input, { ...init, signal });
    status = response.ok ? undefined : response.status;
    return response;
  };
  try {
    const client = await connectTo(attempt, { name: 'cloudflare-sandbox', headers, timeoutMs, fetch: watched });
    try {
      return { found: await catalogue(client), status: undefined };
    } finally {
      await client.close();
    }
  } catch (error) {
    return { found: failed(reason(error), status, mcpCode(error)), status };
  }
};

type Asked = {
  getServerCapabilities(): { readonly tools?: unknown; readonly prompts?: unknown } | undefined;
  listTools(): Promise<{ readonly tools: unknown }>;
  listPrompts(): Promise<{ readonly prompts: unknown }>;
};

const catalogue = async (client: Asked): Promise<Found> => {
  const offers = client.getServerCapabilities();
  const tools = offers?.tools === undefined ? [] : (await client.listTools()).tools;
  const prompts = offers?.prompts === undefined ? [] : (await client.listPrompts()).prompts;
  return { is: 'ready', tools: asJson(tools), prompts: asJson(prompts) };
};

const asJson = (value: unknown): readonly Json[] => JSON.parse(JSON.stringify(value));

/** Server errors, throttling and a server that does not answer may pass; being refused does not. */
const failed = (error: string, status: number | undefined, mcp: number | undefined): Found => ({
  is: 'error',
  error,
  details: {
    status_code: status ?? null,
    mcp_code: mcp ?? null,
    retryable: status === undefined ? mcp === undefined : status >= 500 || status === 429 || status === 408,
    is_upstream: true,
    cause: error,
  },
});

const mcpCode = (error: unknown): number | undefined => {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'number' && error.code < 0 ? error.code : undefined;
};

const reason = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? reason(error.cause) : '';
  return cause === '' || error.message.includes(cause) ? error.message : `${error.message}: ${cause}`;
};
