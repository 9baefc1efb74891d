// Named re-exports, so that the bundle holds these parts and not the whole library: one chunk for all who connect.
export { Client, SSEClientTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
