/**
 * Everything outside the program: environment, streams, files, clock, child processes, the network.
 * Commands get it as an argument, so a test replaces what it needs and nothing else.
 */
export type World = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: { readonly isTTY: boolean; text(): Promise<string> };
  readonly stdout: Output;
  readonly stderr: Output;
  readonly files: Files;
  now(): Date;
  /** Ends early, without an error, when `signal` or Ctrl-C aborts: look at the signal afterwards. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Runs a program to its end. Never through a shell unless `shell` says so; throws Node's system error when it cannot start. */
  run(command: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Answers API requests instead of the network: the simulator in process, or a test. */
  readonly fetch?: (request: Request) => Promise<Response>;
};
export type Output = {
  readonly isTTY: boolean;
  readonly columns?: number | undefined;
  /** False where it did not arrive: the reader is gone. Throws a `UserError` the first time that the system refuses it. */
  write(text: string): boolean;
};
export type Files = {
  /** Throws Node's system error (`ENOENT`) for a file that is missing or cannot be read. Relative paths start at `cwd`. */
  read(path: string): Promise<string>;
  exists(path: string): Promise<boolean>;
  /** Writes the whole file or nothing: to a neighbour first, then renamed over it. `parents` makes the folders that are missing. Throws a `UserError`. */
  write(path: string, text: string, options?: { readonly mode?: number; readonly parents?: true }): Promise<void>;
  /** Copies a file with its mode, byte for byte. False where something has the new name already. Throws a `UserError`. */
  copy(path: string, to: string): Promise<boolean>;
  append(path: string, text: string, options?: { readonly mode?: number }): Promise<void>;
};
export type RunOptions = { readonly input?: string; readonly shell?: boolean; readonly timeoutMs?: number };
export type RunResult = { readonly code: number; readonly stdout: string; readonly stderr: string };
