import type { Client } from '../mcp-client/sdk.ts';
import { attemptsFor, leadsOn, type Attempt } from '../mcp-client/attempts.ts';
import { connectTo } from '../mcp-client/connect.ts';
import { isStream, type Exchange } from './exchange.ts';
import type { Line } from './wire.ts';

/** What a server of MCP said of itself. Names are as the server sent them: anything may stand in them. */
export type Greeted = {
  readonly ok: true;
  readonly transport: Attempt['transport'];
  readonly era: string;
  readonly version: string;
  /** Undefined where it says that it has none of the kind. */
  readonly tools: readonly string[] | undefined;
  readonly prompts: readonly string[] | undefined;
  readonly resources: number | undefined;
  readonly ms: number;
  /** Still connected. */
  readonly client: Client;
};
export type Refused = {
  readonly ok: false;
  /** What the client says. */
  readonly message: string;
  /** The exchange that tells most. */
  readonly exchange: Exchange | undefined;
  /** The stream of the older transport opened, and what was sent beside it did not arrive. */
  readonly lostMessages: boolean;
  readonly transport: Attempt['transport'];
};

export type HandshakeOptions = {
  readonly line: Line;
  readonly timeoutMs: number;
  /** Called when the server has answered, while its lists are asked for. */
  connected?(): void;
};

/** Connects as a client would, Streamable HTTP first where the address leaves it open, and reads the lists. */
export async function handshake(url: string, options: HandshakeOptions): Promise<Greeted | Refused> {
  let refused: Refused | undefined;
  for (const attempt of attemptsFor(url)) {
    const result = await greeted(attempt, options);
    if (result.ok || !leadsOn(result.exchange?.status)) return result;
    refused ??= result;
  }
  return refused ?? { ok: false, message: 'no way to connect', exchange: undefined, lostMessages: false, transport: 'http' };
}

async function greeted(attempt: Attempt, { line, timeoutMs, connected }: HandshakeOptions): Promise<Greeted | Refused> {
  const [from, started] = [line.exchanges.length, performance.now()];
  let client: Client | undefined;
  try {
    const { fetch } = line;
    // Each request has its own limit, and tells more when it is reached than the client does.
    const patience = timeoutMs * 1.5 + 500;
    client = await connectTo(attempt, { name: 'mcp-portal', headers: {}, timeoutMs: patience, fetch });
    connected?.();
    const lists = await listed(client, patience);
    const [era, version] = [client.getProtocolEra() ?? 'legacy', client.getNegotiatedProtocolVersion() ?? ''];
    return { ok: true, transport: attempt.transport, era, version, ...lists, ms: performance.now() - started, client };
  } catch (error) {
    const exchanges = line.exchanges.slice(from);
    const told = failing(exchanges);
    await client?.close();
    const opened = exchanges.some((each) => each.method === 'GET' && each.status === 200 && isStream(each));
    const lostMessages = attempt.transport === 'sse' && opened && told?.method === 'POST';
    return { ok: false, message: textOf(error), exchange: told, lostMessages, transport: attempt.transport };
  }
}

async function listed(client: Client, timeout: number): Promise<Pick<Greeted, 'tools' | 'prompts' | 'resources'>> {
  const { tools, prompts, resources } = client.getServerCapabilities() ?? {};
  const [ownTools, ownPrompts, ownResources] = await Promise.all([
    tools === undefined ? undefined : client.listTools(undefined, { timeout }),
    prompts === undefined ? undefined : client.listPrompts(undefined, { timeout }),
    resources === undefined ? undefined : client.listResources(undefined, { timeout }),
  ]);
  return {
    tools: ownTools?.tools.map(({ name }) => name),
    prompts: ownPrompts?.prompts.map(({ name }) => name),
    resources: ownResources?.resources.length,
  };
}

/** A refusal tells more than an answer, and the last one more than those before it, which only asked for the era. */
function failing(exchanges: readonly Exchange[]): Exchange | undefined {
  const isRefusal = ({ status, method, error }: Exchange): boolean =>
    status === undefined || error !== undefined || (status >= 300 && !(method === 'GET' && status === 405));
  return exchanges.findLast(isRefusal) ?? exchanges.at(-1);
}

function textOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.length <= 200 ? message : `${message.slice(0, 200)}…`;
}
