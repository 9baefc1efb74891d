import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { run } from '../../src/main.ts';
import { type AccountOptions, openAccount, type SandboxAccount } from '../../src/sandbox/account.ts';
import type { Found } from '../../src/sandbox/discover.ts';
import { realFiles } from '../../src/system/files.ts';
import { programRunner } from '../../src/system/programs.ts';
import type { World } from '../../src/world.ts';

export type CliOptions = {
  /** Files of the working directory. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly account?: AccountOptions;
};

export type RunOptions = {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string;
  /** Somebody sits at a terminal. */
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** Standard output has lost its reader. */
  readonly closedStdout?: boolean;
  /** A folder below the working directory to run in. */
  readonly folder?: string;
  readonly signal?: AbortSignal;
  readonly fetch?: World['fetch'];
};

export type Ran = {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as the one JSON document that it has to be. */
  // oxlint-disable-next-line typescript/no-explicit-any -- documents of every shape
  readonly json: any;
};

export type Cli = {
  readonly cwd: string;
  readonly account: SandboxAccount;
  /** What a look at a server finds, by URL; without an entry, a catalogue without tools. */
  readonly upstreams: Map<string, () => Found>;
  /** The milliseconds of each pause. None of them takes time; the clock moves on all the same. */
  readonly sleeps: number[];
  run(line: string | readonly string[], options?: RunOptions): Promise<Ran>;
  write(path: string, text: string, mode?: number): void;
  read(path: string): string;
  exists(path: string): boolean;
  mode(path: string): number;
  /** What reached the account and was no reading: `POST /access/policies`. */
  writes(): readonly string[];
  /** Speaks to the API as somebody else would. Paths that start with `~` are below the account. */
  // oxlint-disable-next-line typescript/no-explicit-any -- answers have every shape
  send(method: string, path: string, body?: unknown): Promise<any>;
};

export const token = 'tok-0123456789abcdef';

/** Whole command lines in process: a real folder, real programs, and the simulator behind the network. */
export function cli(options: CliOptions = {}): Cli {
  const cwd = mkdtempSync(join(tmpdir(), 'mcp-portal-run-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  let clock = Date.parse('2026-01-02T03:04:05Z');
  const upstreams = new Map<string, () => Found>();
  const discover = async ({ url }: { readonly url: string }): Promise<Found> =>
    upstreams.get(url)?.() ?? { is: 'ready', tools: [], prompts: [] };
  const account = openAccount({ now: () => new Date(clock), discover, ...options.account });
  const sleeps: number[] = [];
  const path = (name: string): string => join(cwd, name);
  const write = (name: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
    chmodSync(path(name), mode);
  };
  for (const [name, text] of Object.entries(options.files ?? {})) write(name, text);

  return {
    cwd,
    account,
    upstreams,
    sleeps,
    write,
    read: (name) => readFileSync(path(name), 'utf8'),
    exists: (name) => existsSync(path(name)),
    mode: (name) => statSync(path(name)).mode & 0o777,
    writes: () =>
      account.requests
        .filter(({ method }) => method !== 'GET')
        .map(({ method, path: at }) => `${method} ${at.replace(`/accounts/${account.accountId}`, '')}`),
    async run(line, ran = {}) {
      const stdout = recorder(ran, ran.closedStdout);
      const stderr = recorder(ran);
      const signal = ran.signal ?? new AbortController().signal;
      const folder = join(cwd, ran.folder ?? '.');
      const world: World = {
        env: { PATH: process.env['PATH'], CLOUDFLARE_API_TOKEN: token, ...options.env, ...ran.env },
        cwd: folder,
        stdin: { isTTY: ran.isTTY === true, text: async () => ran.stdin ?? '' },
        stdout: stdout.stream,
        stderr: stderr.stream,
        files: realFiles(folder),
        now: () => new Date(clock),
        sleep: async (ms) => {
          sleeps.push(ms);
          clock += ms;
        },
        run: programRunner(folder, signal),
        signal,
        fetch: ran.fetch ?? account.fetch,
      };
      const code = await run(typeof line === 'string' ? line.split(' ').filter(Boolean) : line, world);
      const text = stdout.text();
      return {
        code,
        stdout: text,
        stderr: stderr.text(),
        get json() {
          return JSON.parse(text);
        },
      };
    },
    async send(method, below, body) {
      const url = `https://api.cloudflare.com/client/v4${below.replace(/^~/, `/accounts/${account.accountId}`)}`;
      const headers = { authorization: 'Bearer somebody-else', 'content-type': 'application/json' };
      const content = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await account.fetch(new Request(url, { method, headers, ...content }));
      const answer = JSON.parse(await response.text());
      if (!response.ok) throw new Error(`${method} ${below}: ${response.status} ${JSON.stringify(answer.errors)}`);
      return answer.result;
    },
  };
}

function recorder(
  { isTTY = false, columns = 100 }: RunOptions,
  closed = false,
): { readonly stream: World['stdout']; text(): string } {
  let written = '';
  const write = (text: string): boolean => {
    if (!closed) written += text;
    return !closed;
  };
  return { stream: { isTTY, columns, write }, text: () => written };
}

/** One server behind one portal, and no secrets. */
export const portal = `version: 1
policies:
  people: { decision: allow, include: [{ email: user@example.com }] }
servers:
  notes: { url: https://notes.example.com/mcp, access: { policies: [people] } }
portals:
  tools: { hostname: tools.example.com, servers: [notes], access: { policies: [people] } }
`;

/** The same with a service token, whose secret needs a place. */
export const portalWithToken = `${portal.trimEnd()}
service_tokens:
  ci: {}
`;
