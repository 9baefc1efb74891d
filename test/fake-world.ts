import { resolve } from 'node:path';
import type { RunOptions, RunResult, World } from '../src/world.ts';

/** What a test sets up; everything else is empty, and what it does not expect fails. */
export type FakeWorldOptions = {
  readonly env?: Readonly<Record<string, string>>;
  /** Files by path; relative ones lie in `/work`, the working directory. */
  readonly files?: Readonly<Record<string, string>>;
  /** The text on standard input; a terminal where left out. */
  readonly stdin?: string;
  readonly isTTY?: boolean;
  readonly now?: Date;
  readonly fetch?: World['fetch'];
  readonly signal?: AbortSignal;
  run?(command: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
};

export type FakeWorld = {
  readonly world: World;
  /** What was written so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly files: ReadonlyMap<string, { readonly text: string; readonly mode: number | undefined }>;
  /** The milliseconds of each sleep; none of them takes time. */
  readonly sleeps: readonly number[];
};

/** A world in memory. */
export function fakeWorld(options: FakeWorldOptions = {}): FakeWorld {
  const stdout = recorder(options.isTTY === true);
  const stderr = recorder(options.isTTY === true);
  const { files, access } = memoryFiles(options.files ?? {});
  const sleeps: number[] = [];
  const world: World = {
    env: options.env ?? {},
    cwd,
    stdin: { isTTY: options.isTTY === true, text: async () => options.stdin ?? '' },
    stdout: stdout.stream,
    stderr: stderr.stream,
    files: access,
    now: () => options.now ?? new Date('2026-01-02T03:04:05Z'),
    sleep: async (ms) => void sleeps.push(ms),
    run: options.run ?? (async (command) => Promise.reject(new Error(`unexpected program: ${command}`))),
    signal: options.signal ?? new AbortController().signal,
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  };
  return { world, stdout: stdout.text, stderr: stderr.text, files, sleeps };
}

const cwd = '/work';

function recorder(isTTY: boolean): { readonly stream: World['stdout']; text(): string } {
  let written = '';
  const write = (text: string): boolean => {
    written += text;
    return true;
  };
  return { stream: { isTTY, columns: 100, write }, text: () => written };
}

type Stored = Map<string, { readonly text: string; readonly mode: number | undefined }>;

function memoryFiles(initial: Readonly<Record<string, string>>): { readonly files: Stored; readonly access: World['files'] } {
  const files: Stored = new Map(Object.entries(initial).map(([path, text]) => [resolve(cwd, path), { text, mode: undefined }]));
  const access: World['files'] = {
    async read(path) {
      const found = files.get(resolve(cwd, path));
      if (found === undefined) throw missing(path);
      return found.text;
    },
    exists: async (path) => files.has(resolve(cwd, path)),
    write: async (path, text, { mode } = {}) => void files.set(resolve(cwd, path), { text, mode }),
    async copy(path, to) {
      const found = files.get(resolve(cwd, path));
      if (found === undefined) throw missing(path);
      if (files.has(resolve(cwd, to))) return false;
      files.set(resolve(cwd, to), found);
      return true;
    },
    async append(path, text, { mode } = {}) {
      const before = files.get(resolve(cwd, path));
      files.set(resolve(cwd, path), { text: `${before?.text ?? ''}${text}`, mode: mode ?? before?.mode });
    },
  };
  return { files, access };
}

const missing = (path: string): Error =>
  Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: 'ENOENT', syscall: 'open', path });
