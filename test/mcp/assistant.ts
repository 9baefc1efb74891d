import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createMcpHandler, InMemoryTransport } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { onTestFinished } from 'vitest';
import { parseCommandLine } from '../../src/cli/parse.ts';
import { commandGroups } from '../../src/commands/index.ts';
import { assistantFor, type Given } from '../../src/commands/steps/mcp-assistant.ts';
import { openAccount, type AccountOptions, type SandboxAccount } from '../../src/sandbox/account.ts';
import { realFiles } from '../../src/system/files.ts';
import { programRunner } from '../../src/system/programs.ts';
import { createOutput } from '../../src/terminal/output.ts';
import type { World } from '../../src/world.ts';

export type Era = 'legacy' | 'modern';

export type AssistantOptions = {
  readonly flags?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly account?: AccountOptions;
  readonly era?: Era;
  /** Over HTTP, where every request is served by itself. */
  readonly http?: boolean;
  /** How the person answers; without it the client cannot ask. */
  readonly person?: (message: string) => 'accept' | 'decline' | 'cancel' | Promise<'accept' | 'decline' | 'cancel'>;
};

// oxlint-disable-next-line typescript/no-explicit-any -- results have every shape
type Anything = any;

export type Called = {
  readonly isError: boolean;
  /** The structured result. */
  readonly value: Anything;
  readonly text: string;
  /** The whole answer as it travelled. */
  readonly raw: string;
};

export type Assistant = {
  readonly client: Client;
  readonly account: SandboxAccount;
  readonly cwd: string;
  readonly journal: () => readonly Anything[];
  readonly questions: readonly string[];
  call(name: string, args?: Readonly<Record<string, unknown>>, options?: Anything): Promise<Called>;
  writes(): readonly string[];
  reads(): number;
  read(path: string): string;
  mode(path: string): number;
  /** A second client of the same process. */
  another(): Promise<Client>;
  send(method: string, path: string, body?: unknown): Promise<Anything>;
  /** Moves the clock. */
  pass(ms: number): void;
};

const fail = (): never => {
  throw new Error('standard output was written');
};

/** The server and the official client in one process, the simulator behind the network, and a real folder. */
export async function assistant(options: AssistantOptions = {}): Promise<Assistant> {
  const cwd = mkdtempSync(join(tmpdir(), 'mcp-portal-mcp-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(options.files ?? {})) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  let clock = Date.parse('2026-01-02T03:04:05Z');
  const now = (): Date => new Date(clock);
  const account = openAccount({ now, connect: false, zones: ['example.com', 'chitty.cc'], ...options.account });
  const signal = new AbortController().signal;
  const world: World = {
    env: { PATH: process.env['PATH'], HOME: cwd, CLOUDFLARE_API_TOKEN: 'tok-0123456789abcdef', ...options.env },
    cwd,
    stdin: { isTTY: false, text: async () => Promise.reject(new Error('standard input was read')) },
    stdout: { isTTY: false, write: fail },
    stderr: { isTTY: false, write: () => true },
    files: realFiles(cwd),
    now,
    sleep: async (ms) => {
      clock += ms;
    },
    run: programRunner(cwd, signal),
    signal,
    fetch: account.fetch,
  };
  const line = parseCommandLine(
    ['mcp', '--journal', 'journal.jsonl', ...(options.flags ?? '').split(' ').filter(Boolean)],
    commandGroups,
    '0',
  );
  if (line.is !== 'command') throw new Error('no command');
  const given = {
    world,
    global: line.global,
    options: line.options,
    output: await createOutput(world, line.global),
  } as unknown as Given;
  const { factory } = await assistantFor(given, commandGroups);
  const questions: string[] = [];
  const handler = createMcpHandler(factory);
  const overHttp = () =>
    new StreamableHTTPClientTransport(new URL('http://127.0.0.1/mcp'), {
      fetch: (url, init) => handler.fetch(new Request(url, init)),
    });
  const connect = async (): Promise<Client> => {
    const [near, far] = options.http === true ? [overHttp(), undefined] : InMemoryTransport.createLinkedPair();
    const handle = far === undefined ? undefined : serveStdio(factory, { transport: far });
    const client = new Client(
      { name: 'tests', version: '1' },
      {
        capabilities: options.person === undefined ? {} : { elicitation: { form: {} } },
        versionNegotiation: { mode: options.era === 'modern' ? { pin: '2026-07-28' } : 'legacy' },
      },
    );
    if (options.person !== undefined) {
      const { person } = options;
      client.setRequestHandler('elicitation/create', async ({ params }) => {
        questions.push(params.message);
        const action = await person(params.message);
        return { action, ...(action === 'accept' ? { content: {} } : {}) };
      });
    }
    await client.connect(near);
    onTestFinished(() => handle?.close());
    return client;
  };
  const client = await connect();
  const below = (path: string): string => path.replace(`/accounts/${account.accountId}`, '');
  return {
    client,
    account,
    cwd,
    questions,
    another: connect,
    journal: () =>
      readFileSync(join(cwd, 'journal.jsonl'), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((text) => JSON.parse(text)),
    async call(name, args = {}, callOptions = {}) {
      const result: Anything = await client.callTool({ name, arguments: { ...args } }, callOptions);
      const text = result.content.map((part: Anything) => part.text).join('\n');
      return { isError: result.isError === true, value: result.structuredContent, text, raw: JSON.stringify(result) };
    },
    writes: () => account.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${below(path)}`),
    reads: () => account.requests.filter(({ method }) => method === 'GET').length,
    read: (path) => readFileSync(join(cwd, path), 'utf8'),
    mode: (path) => statSync(join(cwd, path)).mode & 0o777,
    pass: (ms) => {
      clock += ms;
    },
    async send(method, path, body) {
      const url = `https://api.cloudflare.com/client/v4${path.replace(/^~/, `/accounts/${account.accountId}`)}`;
      const headers = { authorization: 'Bearer somebody-else', 'content-type': 'application/json' };
      const response = await account.fetch(
        new Request(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }),
      );
      const answer: Anything = await response.json();
      if (!response.ok) throw new Error(JSON.stringify(answer.errors));
      return answer.result;
    },
  };
}
