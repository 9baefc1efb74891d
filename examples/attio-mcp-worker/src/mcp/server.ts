import { McpServer } from '@modelcontextprotocol/server';
import type { Attio } from '../attio/client.ts';
import { tools } from '../tools/index.ts';

export const serverInfo = { name: 'attio-mcp-server', title: 'Attio', version: '1.0.0' } as const;

/** The MCP server for one request: what it does, it does with this person's access. */
export function attioServer(attio: Attio): McpServer {
  const server = new McpServer(serverInfo, {
    instructions:
      'Works with the CRM Attio as the person who signed in. Look attributes up with records_discover_attributes before you write records.',
  });
  for (const tool of tools) tool.register(server, attio);
  return server;
}
