import { LATEST_PROTOCOL_VERSION } from '@modelcontextprotocol/server';
import { serverInfo } from './mcp/server.ts';

/** `GET /` and `HEAD /`: some clients look here whether there is an MCP server at all. */
export function welcome(request: Request): Response {
  const headers = { 'MCP-Protocol-Version': LATEST_PROTOCOL_VERSION };
  if (request.method === 'HEAD') return new Response(null, { headers });
  return Response.json({ ...serverInfo, mcp: `${new URL(request.url).origin}/mcp` }, { headers });
}
