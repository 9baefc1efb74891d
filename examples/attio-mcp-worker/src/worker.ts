import type { Context, Env } from './env.ts';
import { health } from './health.ts';
import { received } from './http/body.ts';
import { preflight, withCors } from './http/cors.ts';
import { oauthError } from './http/responses.ts';
import { protectedResource } from './mcp/endpoint.ts';
import { authorizationServer } from './oauth/authorization-server.ts';
import { routes, type Route } from './routes.ts';
import type { Scene } from './scene.ts';
import { readSettings, SettingsError, type Settings } from './settings.ts';
import { guardedKv, StorageError } from './storage/kv.ts';
import { tokenStore } from './storage/tokens.ts';
import { welcome } from './welcome.ts';

async function serve(request: Request, env: Env, context: Context): Promise<Response> {
  const { pathname } = new URL(request.url);
  const tokens = guardedKv(env.TOKEN_STORE, 'TOKEN_STORE');
  const oauth = guardedKv(env.OAUTH_KV, 'OAUTH_KV');
  const isLook = request.method === 'GET' || request.method === 'HEAD';
  if (pathname === '/' && isLook) return welcome(request);
  if (pathname === '/ping' && isLook) return new Response('pong');
  if (pathname === '/health' && isLook) return health(env, { requestUrl: request.url, tokens, oauth });
  const route = Object.hasOwn(routes, pathname) ? routes[pathname] : undefined;
  if (route === undefined)
    return oauthError(404, { error: 'not_found', description: 'There is nothing here. The MCP endpoint is /mcp.' });
  try {
    const settings = readSettings(env, request.url);
    const store = tokenStore(tokens, settings.keys);
    const authorization = authorizationServer(settings, store);
    const scene = { env: { ...env, OAUTH_KV: oauth }, context, settings, store, authorization };
    return await answered(request, route, { ...scene, resource: protectedResource(scene) });
  } catch (error) {
    return failure(error, route);
  }
}

/** The answer of a route, within its bounds: method, transport, size, and who may read it. */
async function answered(request: Request, route: Route, scene: Scene): Promise<Response> {
  const { settings } = scene;
  const url = new URL(request.url);
  const response =
    request.method === 'OPTIONS' && route.readers !== 'nobody'
      ? preflight()
      : (refusedEarly(request, { route, settings }) ?? (await handled(request, route, { scene, url })));
  if (route.readers === 'nobody') return response;
  return withCors(response, request, route.readers === 'anybody' ? 'anyOrigin' : settings);
}

function refusedEarly(
  request: Request,
  { route, settings }: { readonly route: Route; readonly settings: Settings },
): Response | undefined {
  const url = new URL(request.url);
  const own = new URL(settings.origin);
  if (url.host === own.host && url.protocol !== own.protocol)
    return route.refuse(403, { error: 'invalid_request', description: `This server is at ${settings.origin} only` });
  if (route.methods.includes(request.method)) return undefined;
  const headers = { Allow: [...route.methods, ...(route.readers === 'nobody' ? [] : ['OPTIONS'])].join(', ') };
  return route.refuse(405, { error: 'invalid_request', description: 'Method not allowed', headers });
}

/** The server has one name, whatever hostname it was reached by: issuer and audience never vary. */
async function handled(
  request: Request,
  route: Route,
  { scene, url }: { readonly scene: Scene; readonly url: URL },
): Promise<Response> {
  const canonical = `${scene.settings.origin}${route.path ?? url.pathname}${url.search}`;
  const whole = await received(request, { url: canonical, maxBytes: route.maxBytes });
  if (whole === undefined)
    return route.refuse(413, { error: 'invalid_request', description: `The body is larger than ${route.maxBytes} bytes` });
  return route.answer(whole, scene);
}

/** What callers may know of a failure. The rest goes to the log, which `wrangler tail` shows. */
function failure(error: unknown, route: Route): Response {
  if (error instanceof SettingsError || error instanceof StorageError)
    return route.refuse(503, { error: 'temporarily_unavailable', description: error.message, headers: { 'Retry-After': '5' } });
  // oxlint-disable-next-line no-console -- a Worker has no other log
  console.error(error);
  return route.refuse(500, { error: 'server_error', description: 'Something went wrong in this server' });
}

// oxlint-disable-next-line import/no-default-export -- the runtime calls the default export
export default { fetch: serve };
