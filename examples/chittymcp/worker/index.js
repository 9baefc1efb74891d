// An MCP server in one file, without libraries: two tools over a KV namespace. Whoever calls it has to
// know CHITTY_ID_TOKEN; the portal does, because the server's entry in the document sends it.

const tools = {
  remember: {
    description: 'Keep a short note under a name.',
    inputSchema: object({ name: { type: 'string' }, note: { type: 'string', maxLength: 2000 } }),
    run: async ({ name, note }, { KV }) => {
      await KV.put(`note:${name}`, note);
      return `Kept under ${name}.`;
    },
  },
  recall: {
    description: 'Read the note that was kept under a name.',
    inputSchema: object({ name: { type: 'string' } }),
    run: async ({ name }, { KV }) => (await KV.get(`note:${name}`)) ?? `There is no note under ${name}.`,
  },
};

const methods = {
  initialize: ({ protocolVersion = '2025-06-18' }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'chittymcp-worker', version: '1.0.0' },
  }),
  ping: () => ({}),
  'tools/list': () => ({
    tools: Object.entries(tools).map(([name, { description, inputSchema }]) => ({ name, description, inputSchema })),
  }),
  'tools/call': async ({ name, arguments: given = {} }, env) => {
    const tool = Object.hasOwn(tools, name) ? tools[name] : undefined;
    if (tool === undefined) throw new RpcError(-32602, `there is no tool ${name}`);
    const missing = tool.inputSchema.required.find((key) => typeof given[key] !== 'string' || given[key] === '');
    if (missing !== undefined) return content(`${missing} is missing`, true);
    return content(await tool.run(given, env));
  },
};

// oxlint-disable-next-line import/no-default-export -- the runtime calls the default export
export default {
  async fetch(request, env) {
    if (new URL(request.url).pathname !== '/mcp') return new Response('Not found', { status: 404 });
    if (!(await isKnown(request.headers.get('authorization'), env.CHITTY_ID_TOKEN)))
      return new Response('Unauthorized', { status: 401, headers: { 'www-authenticate': 'Bearer' } });
    if (request.method !== 'POST') return new Response(null, { status: 405, headers: { allow: 'POST' } });
    const message = await request.json().catch(() => undefined);
    if (typeof message !== 'object' || message === null)
      return answer({ id: null, error: { code: -32700, message: 'one JSON object is expected' } }, 400);
    // Notifications and responses want no answer.
    if (message.id === undefined || message.method === undefined) return new Response(null, { status: 202 });
    return answer({ id: message.id, ...(await handled(message, env)) });
  },
};

async function handled({ method, params = {} }, env) {
  try {
    const run = Object.hasOwn(methods, method) ? methods[method] : undefined;
    if (run === undefined) throw new RpcError(-32601, `there is no method ${method}`);
    return { result: await run(params, env) };
  } catch (error) {
    if (!(error instanceof RpcError)) return { error: { code: -32603, message: 'the tool failed' } };
    return { error: { code: error.code, message: error.message } };
  }
}

class RpcError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** Digests are compared, in constant time: a comparison of texts tells how much of a guess was right. */
async function isKnown(header, token) {
  if (header === null || !token) return false;
  const digest = async (text) => new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  const [given, right] = await Promise.all([digest(header), digest(`Bearer ${token}`)]);
  return given.reduce((difference, byte, at) => difference | (byte ^ right[at]), 0) === 0;
}

function object(properties) {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

const content = (text, isError = false) => ({ content: [{ type: 'text', text }], isError });
const answer = (message, status = 200) => Response.json({ jsonrpc: '2.0', ...message }, { status });
