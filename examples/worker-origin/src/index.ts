import { isKnown, mayCall } from './callers.ts';
import { answerTo } from './mcp.ts';
import { toolsFor } from './tools.ts';

/** What portal.yaml binds. */
export type Env = {
  readonly API_URL: string;
  readonly ALLOWED_IPS?: string;
  readonly MCP_KEY: string;
  readonly LIMITER?: { limit(options: { readonly key: string }): Promise<{ readonly success: boolean }> };
};

async function serve(request: Request, env: Env): Promise<Response> {
  if (new URL(request.url).pathname !== '/mcp') return new Response('Not found', { status: 404 });
  const caller = request.headers.get('cf-connecting-ip') ?? '';
  if (!mayCall(caller, env.ALLOWED_IPS ?? '')) return refused(403, 'this address may not call');
  if (!(await isKnown(request.headers.get('authorization'), env.MCP_KEY))) return refused(401, 'missing or invalid key');
  const limited = await env.LIMITER?.limit({ key: caller });
  if (limited?.success === false) return refused(429, 'too many requests');
  // Streams and sessions have no use here: every request is answered by itself.
  if (request.method !== 'POST') return new Response(undefined, { status: 405, headers: { allow: 'POST' } });
  return answerTo(await request.text(), toolsFor(env.API_URL));
}

const refusalHeaders: Readonly<Record<number, Record<string, string>>> = {
  401: { 'www-authenticate': 'Bearer' },
  429: { 'retry-after': '60' },
};

const refused = (status: number, message: string): Response =>
  Response.json({ error: message }, { status, headers: refusalHeaders[status] ?? {} });

// oxlint-disable-next-line import/no-default-export -- the runtime calls the default export
export default { fetch: serve };
