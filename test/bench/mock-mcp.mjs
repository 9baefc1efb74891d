// MCP servers and portals with a latency, told apart by the Host header: portals ask who is there, servers have 20 tools.
import { createServer } from 'node:http';

const latency = Number(process.argv[2]);
const version = '2026-07-28';
const tools = Array.from({ length: 20 }, (_, index) => ({ name: `tool_${index}`, inputSchema: { type: 'object' } }));
const results = {
  'server/discover': {
    supportedVersions: [version],
    capabilities: { tools: {} },
    resultType: 'complete',
    ttlMs: 0,
    cacheScope: 'private',
  },
  'tools/list': { tools, resultType: 'complete', ttlMs: 0, cacheScope: 'private' },
};
const json = { 'content-type': 'application/json' };

function portal(url, origin) {
  if (url === '/resource') return [200, json, { resource: `${origin}/mcp`, authorization_servers: [origin] }];
  if (url === '/.well-known/oauth-authorization-server') {
    return [
      200,
      json,
      { issuer: origin, code_challenge_methods_supported: ['S256'], registration_endpoint: `${origin}/register` },
    ];
  }
  return [401, { ...json, 'www-authenticate': `Bearer resource_metadata="${origin}/resource"` }, {}];
}

const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  const host = request.headers.host ?? '';
  const { id, method } = text === '' ? {} : JSON.parse(text);
  const own = results[method] === undefined ? [404, json, {}] : [200, json, { jsonrpc: '2.0', id, result: results[method] }];
  const [status, headers, body] = host.startsWith('portal-') ? portal(request.url, `https://${host}`) : own;
  setTimeout(() => response.writeHead(status, headers).end(JSON.stringify(body)), latency);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
