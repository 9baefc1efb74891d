/** What the body of a request asks for, as far as it is JSON-RPC. */
export type Rpc = {
  /** The method; of a batch all its methods, parted by commas. */
  readonly method: string | undefined;
  /** The tools that `tools/call` names, in the same way. */
  readonly tool: string | undefined;
  /** What it takes from the caller's bucket: one for each request, nothing for notifications, pings and replies. */
  readonly cost: number;
  /** The arguments of the tools: of a batch a list. */
  readonly arguments: unknown;
};

/** A request that is no JSON-RPC: a stream that is opened, a session that is ended. */
export const otherRequest: Rpc = { method: undefined, tool: undefined, cost: 1, arguments: undefined };

/** Reads a body. What cannot be understood costs one, since the server will have to look at it. */
export function readRpc(body: string): Rpc {
  const message = parsed(body);
  if (!Array.isArray(message)) return summary(message);
  const parts = message.map(summary);
  const calls = parts.filter(({ tool }) => tool !== undefined);
  return {
    method: joined(parts.map(({ method }) => method)),
    tool: joined(calls.map(({ tool }) => tool)),
    cost: parts.length === 0 ? 1 : parts.reduce((sum, { cost }) => sum + cost, 0),
    arguments: calls.length === 0 ? undefined : calls.map((call) => call.arguments),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Fields = { readonly [name: string]: unknown };
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

function summary(message: unknown): Rpc {
  if (!isFields(message)) return otherRequest;
  const { method, params, id } = message;
  if (typeof method !== 'string') return isReply(message) ? { ...otherRequest, cost: 0 } : otherRequest;
  const free = method === 'ping' || (method.startsWith('notifications/') && id === undefined);
  const call = method === 'tools/call' && isFields(params) ? params : undefined;
  const tool = call?.['name'];
  return {
    method,
    tool: typeof tool === 'string' ? tool : undefined,
    cost: free ? 0 : 1,
    arguments: call?.['arguments'],
  };
}

/** The client's answer to a question of the server, such as an elicitation: refusing it would break the call that waits. */
const isReply = (message: Fields): boolean =>
  message['id'] !== undefined && (isFields(message['result']) || isFields(message['error']));

const joined = (words: readonly (string | undefined)[]): string | undefined =>
  [...new Set(words.filter((word) => word !== undefined))].join(',') || undefined;
