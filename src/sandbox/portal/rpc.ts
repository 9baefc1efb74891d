import { isObject, type Json, type JsonObject } from '../json.ts';
import { json } from './visit.ts';

/** A call as JSON-RPC has it; without an id it is a notification. `era` is that of the protocol version it was sent in. */
export type RpcCall = {
  readonly id: Json | undefined;
  readonly method: string;
  readonly params: JsonObject;
  readonly era: 'legacy' | 'modern';
};

export const modernVersion = '2026-07-28';
const legacyVersions = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'];
const metaVersion = 'io.modelcontextprotocol/protocolVersion';

/** Throws nothing: what is no call is answered at once. */
export const readCall = async (request: Request): Promise<RpcCall | Response> => {
  if (request.method !== 'POST') return json(405, rpcError(null, -32000, 'Method not allowed.'), { allow: 'POST' });
  const body: unknown = await request.json().catch(() => undefined);
  if (body === undefined) return json(400, rpcError(null, -32700, 'Parse error'));
  if (!isObject(body) || typeof body['method'] !== 'string') {
    // Answers to requests of ours: there are none.
    return isObject(body) && ('result' in body || 'error' in body)
      ? accepted()
      : json(400, rpcError(null, -32600, 'Invalid Request'));
  }
  const { id, method, params } = body;
  const call = { id, method, params: isObject(params) ? params : {} };
  const trouble = versionTrouble(request.headers, call);
  return trouble ?? { ...call, era: isModern(request.headers, call) ? 'modern' : 'legacy' };
};

type Said = Pick<RpcCall, 'id' | 'method' | 'params'>;

const metaOf = ({ params }: Said): string | undefined => {
  const meta = params['_meta'];
  const version = isObject(meta) ? meta[metaVersion] : undefined;
  return typeof version === 'string' ? version : undefined;
};

const isModern = (headers: Headers, call: Said): boolean =>
  headers.get('mcp-protocol-version') === modernVersion || metaOf(call) !== undefined;

/** The two places that name the version must agree, and the method must be the one that the header names. */
const versionTrouble = (headers: Headers, call: Said): Response | undefined => {
  const header = headers.get('mcp-protocol-version');
  const id = call.id ?? null;
  if (isModern(headers, call)) {
    const version = metaOf(call) ?? header;
    if (version !== modernVersion) {
      const data = { supported: [modernVersion], requested: version };
      const error = { code: -32022, message: `Unsupported protocol version: ${version}`, data };
      return json(400, { jsonrpc: '2.0', id, error });
    }
    const isSame = header === metaOf(call) && headers.get('mcp-method') === call.method;
    return isSame ? undefined : json(400, rpcError(id, -32020, 'Header mismatch: the headers do not say what the body says'));
  }
  if (header === null || legacyVersions.includes(header)) return undefined;
  return json(400, rpcError(id, -32000, `Bad Request: Unsupported protocol version (supported: ${legacyVersions.join(', ')})`));
};

/** The version of a handshake of the older era. */
export const agreedVersion = (asked: Json | undefined): string =>
  legacyVersions.find((version) => version === asked) ?? legacyVersions[0] ?? '';

export const accepted = (): Response => new Response(null, { status: 202 });

export const rpcError = (id: Json, code: number, message: string): JsonObject => ({
  jsonrpc: '2.0',
  id,
  error: { code, message },
});

/** A result in the form of the era: the newer one says that it is whole, and how long a list stays true. */
export const rpcResult = ({ id, era, method }: RpcCall, result: JsonObject): Response => {
  const isListed = method.endsWith('/list') || method === 'server/discover';
  const modern = era === 'modern' ? { resultType: 'complete', ...(isListed ? { ttlMs: 0, cacheScope: 'private' } : {}) } : {};
  return json(200, { jsonrpc: '2.0', id, result: { ...result, ...modern } });
};
