import type { Arguments, Tool, Tools } from './tools.ts';

type Message = { readonly id?: string | number; readonly method?: string; readonly params?: Readonly<Record<string, unknown>> };
type Outcome = { readonly result: unknown } | { readonly error: { readonly code: number; readonly message: string } };

const latest = '2025-06-18';

/** One JSON-RPC message over Streamable HTTP, answered as JSON: enough for tools without sessions. */
export async function answerTo(body: string, tools: Tools): Promise<Response> {
  const message = messageIn(body);
  if (message === undefined) return rpc(null, { error: { code: -32700, message: 'one JSON object is expected' } }, 400);
  // Notifications, and answers to nothing that was asked, want no answer.
  if (message.id === undefined || message.method === undefined) return new Response(undefined, { status: 202 });
  return rpc(message.id, await outcomeOf(message.method, message.params ?? {}, tools));
}

function messageIn(body: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

async function outcomeOf(method: string, params: Readonly<Record<string, unknown>>, tools: Tools): Promise<Outcome> {
  switch (method) {
    case 'initialize': {
      const protocolVersion = typeof params['protocolVersion'] === 'string' ? params['protocolVersion'] : latest;
      return {
        result: { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'presentation-mcp', version: '1.0.0' } },
      };
    }
    case 'ping':
      return { result: {} };
    case 'tools/list':
      return { result: { tools: [...tools].map(([name, tool]) => described(name, tool)) } };
    case 'tools/call':
      return called(String(params['name']), params['arguments'], tools);
    default:
      return { error: { code: -32601, message: 'there is no such method' } };
  }
}

const described = (name: string, { description, properties, annotations }: Tool) => ({
  name,
  description,
  annotations,
  inputSchema: { type: 'object', properties, required: Object.keys(properties), additionalProperties: false },
});

async function called(name: string, given: unknown, tools: Tools): Promise<Outcome> {
  const tool = tools.get(name);
  if (tool === undefined) return { error: { code: -32602, message: 'there is no such tool' } };
  const texts = textsIn(given);
  const missing = Object.keys(tool.properties).find((key) => (texts[key] ?? '') === '');
  if (missing !== undefined) return { result: content(`${missing} is missing`, true) };
  try {
    return { result: content(await tool.run(texts), false) };
  } catch (error) {
    return { result: content(error instanceof Error ? error.message : 'the tool failed', true) };
  }
}

const textsIn = (given: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(typeof given === 'object' && given !== null ? (given as Arguments) : {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );

const content = (text: string, isError: boolean) => ({ content: [{ type: 'text', text }], isError });

const rpc = (id: string | number | null, outcome: Outcome, status = 200): Response =>
  Response.json({ jsonrpc: '2.0', id, ...outcome }, { status });
