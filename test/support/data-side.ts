import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import type { SandboxAccount } from '../../src/sandbox/account.ts';
import { type DataSide, openDataSide } from '../../src/sandbox/portal/answer.ts';
import { servePortals, type ServedPortals } from '../../src/sandbox/server.ts';

/** A request that reached an upstream. */
export type Reached = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};

export type Upstream = { readonly origin: string; readonly url: string; readonly port: number; readonly reached: Reached[] };

type Listener = (request: IncomingMessage & { readonly text: string }, response: ServerResponse) => unknown;

/** An HTTP server of the test on loopback, with a note of what reached it. */
export async function listening(listener: Listener): Promise<Upstream> {
  const reached: Reached[] = [];
  const http = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    reached.push({ method: incoming.method ?? '', url: incoming.url ?? '', headers: incoming.headers, body: text });
    await listener(Object.assign(incoming, { text }), outgoing);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    http.close();
    http.closeAllConnections();
  });
  const { port } = http.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  return { origin, url: `${origin}/mcp`, port, reached };
}

export type UpstreamOptions = {
  readonly tools?: readonly string[];
  /** Headers that a request needs, or gets a 401. */
  readonly needs?: Readonly<Record<string, string>>;
};

/** An MCP server of both eras below `/mcp`. Each tool answers with its name and what it was given. */
export async function mcpServer({ tools = ['search'], needs = {} }: UpstreamOptions = {}): Promise<Upstream> {
  const handler = createMcpHandler(() => {
    const mcp = new McpServer({ name: 'upstream', version: '1' });
    for (const name of tools) {
      mcp.registerTool(
        name,
        { description: `Does ${name}`, inputSchema: z.object({ text: z.string().optional() }) },
        ({ text }) => ({
          content: [{ type: 'text', text: `${name}:${text ?? ''}` }],
        }),
      );
    }
    mcp.registerPrompt('greet', { description: 'Greets' }, () => ({
      messages: [{ role: 'user', content: { type: 'text', text: 'hello' } }],
    }));
    return mcp;
  });
  return listening(async (incoming, outgoing) => {
    if (incoming.url !== '/mcp') return outgoing.writeHead(404, { 'content-type': 'application/json' }).end('{}');
    if (Object.entries(needs).some(([name, value]) => incoming.headers[name] !== value)) return outgoing.writeHead(401).end();
    const headers = Object.entries(incoming.headers).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' ? [[name, value]] : [],
    );
    const response = await handler.fetch(
      new Request(`http://127.0.0.1/mcp`, {
        method: incoming.method ?? 'GET',
        headers,
        body: incoming.text === '' ? null : incoming.text,
      }),
    );
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    return outgoing.end(Buffer.from(await response.arrayBuffer()));
  });
}

export type Served = { readonly data: DataSide; readonly portals: ServedPortals; url(portal: string): string };

/** The portals of an account at local ports. */
export async function served(account: SandboxAccount): Promise<Served> {
  const data = openDataSide(account.state);
  const portals = servePortals(account, data);
  await portals.follow();
  onTestFinished(async () => {
    await portals.close();
    await data.close();
  });
  return { data, portals, url: (id) => portals.urls.get(id) ?? '' };
}
