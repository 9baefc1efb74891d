import { text } from '../check.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { callBuiltin, isBuiltin, viewFor } from './builtin-tools.ts';
import { shownOf, shownServers, type Shown } from './catalogue.ts';
import type { Identity } from './identity.ts';
import { accepted, agreedVersion, modernVersion, readCall, type RpcCall, rpcError, rpcResult } from './rpc.ts';
import { json, type Visit } from './visit.ts';

type Here = { readonly visit: Visit; readonly who: Identity; readonly call: RpcCall };
type Method = (here: Here) => Response | Promise<Response>;

/** The portal's MCP endpoint, stateless in both eras of the protocol: it answers each call by itself. */
export const endpointAnswer = async (visit: Visit, who: Identity): Promise<Response> => {
  const call = await readCall(visit.request);
  if (call instanceof Response) return call;
  if (call.id === undefined) return accepted();
  const method = Object.hasOwn(methods, call.method) ? methods[call.method] : undefined;
  if (method !== undefined) return method({ visit, who, call });
  return json(call.era === 'modern' ? 404 : 200, rpcError(call.id, -32601, 'Method not found'));
};

const capabilities: JsonObject = { tools: {}, prompts: {} };
const serverInfo = ({ portal }: Visit): JsonObject => ({ name: text(portal.body['name'], portal.id), version: '1.0.0' });

const methods: Readonly<Record<string, Method>> = {
  initialize: ({ visit, call }) =>
    rpcResult(call, {
      protocolVersion: agreedVersion(call.params['protocolVersion']),
      capabilities,
      serverInfo: serverInfo(visit),
    }),
  'server/discover': ({ visit, call }) =>
    rpcResult(call, {
      supportedVersions: [modernVersion],
      capabilities,
      _meta: { 'io.modelcontextprotocol/serverInfo': serverInfo(visit) },
    }),
  ping: ({ call }) => rpcResult(call, {}),
  'tools/list': (here) => toolsList(here),
  'tools/call': (here) => toolsCall(here),
  'prompts/list': (here) => rpcResult(here.call, { prompts: shown(here, 'prompts').map(({ definition }) => definition) }),
  'prompts/get': (here) => promptsGet(here),
};

const serversFor = ({ visit, who }: Here) => shownServers(visit.state, visit.portal, who);
const viewOf = ({ visit }: Here) => viewFor(text(visit.portal.body['code_mode']), visit.url);

/** Who has switched what off: everybody for themselves. */
const switchKey = ({ visit, who }: Here): string => `${visit.portal.id}/${who.is === 'token' ? who.tokenId : who.email}`;
const switchedOff = (here: Here): ReadonlySet<string> => here.visit.sessions.toggledOff.get(switchKey(here)) ?? new Set();

const shown = (here: Here, list: 'tools' | 'prompts'): readonly Shown[] =>
  serversFor(here)
    .filter(({ server }) => !switchedOff(here).has(server.id))
    .flatMap((each) => shownOf(each, list));

const toolsList = (here: Here): Response => {
  const { call } = here;
  if (serversFor(here).length === 0) {
    return json(200, rpcError(call.id ?? null, -32000, 'No allowed servers available, check your Zero Trust Policies'));
  }
  const { builtin, showsTools, isMinimal } = viewOf(here);
  const own = showsTools ? shown(here, 'tools').map(({ definition }) => definition) : [];
  const minimal = ({ name }: JsonObject): JsonObject => ({ name, inputSchema: { type: 'object' } });
  return rpcResult(call, { tools: [...builtin, ...(isMinimal ? own.map(minimal) : own)] });
};

const toolsCall = (here: Here): Response | Promise<Response> => {
  const { visit, call } = here;
  const name = text(call.params['name']);
  const given = isObject(call.params['arguments']) ? call.params['arguments'] : {};
  if (name === 'portal_execute')
    return forwarded(here, text(given['name']), isObject(given['arguments']) ? given['arguments'] : {});
  if (!isBuiltin(name)) return forwarded(here, name, given);
  const tools = shown(here, 'tools');
  const answer = callBuiltin(name, given, { servers: serversFor(here), tools, off: switchedOff(here) });
  if (answer.off !== undefined) visit.sessions.toggledOff.set(switchKey(here), answer.off);
  return rpcResult(call, toolText(answer.text, answer.isError === true));
};

const toolText = (said: string, isError: boolean): JsonObject => ({
  content: [{ type: 'text', text: said }],
  ...(isError ? { isError } : {}),
});

/** A call goes to the server that has the tool, under the tool's own name. What comes back is passed on as it is. */
const forwarded = async (here: Here, name: string, given: JsonObject): Promise<Response> => {
  const { visit, call } = here;
  const tool = shown(here, 'tools').find((each) => each.name === name);
  if (tool === undefined) return json(200, rpcError(call.id ?? null, -32602, `Unknown tool: ${name}`));
  try {
    const result = await visit.upstreams.use(tool.server, (client) =>
      client.callTool({ name: tool.original, arguments: { ...given } }),
    );
    return rpcResult(call, asJson(result));
  } catch (error) {
    return rpcResult(call, toolText(`${tool.server.id}: ${messageOf(error)}`, true));
  }
};

const promptsGet = async (here: Here): Promise<Response> => {
  const { visit, call } = here;
  const name = text(call.params['name']);
  const prompt = shown(here, 'prompts').find((each) => each.name === name);
  if (prompt === undefined) return json(200, rpcError(call.id ?? null, -32602, `Unknown prompt: ${name}`));
  const given = isObject(call.params['arguments']) ? call.params['arguments'] : {};
  const spelled = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, text(value)]));
  try {
    const result = await visit.upstreams.use(prompt.server, (client) =>
      client.getPrompt({ name: prompt.original, arguments: spelled }),
    );
    return rpcResult(call, asJson(result));
  } catch (error) {
    return json(200, rpcError(call.id ?? null, -32603, `${prompt.server.id}: ${messageOf(error)}`));
  }
};

const asJson = (value: object): { readonly [key: string]: Json } => JSON.parse(JSON.stringify(value));
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
