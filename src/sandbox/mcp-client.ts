// Named re-exports, so that the bundle holds these parts and not the whole library.
export { Client, SSEClientTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
