import type { ChildProcess } from 'node:child_process';
import { Cancelled, UserError } from '../lib/errors.ts';
import type { RunResult, World } from '../world.ts';

/** Runs programs to their end; Ctrl-C and the timeout kill them. One that cannot start throws Node's system error. */
export function programRunner(cwd: string, interrupted: AbortSignal): World['run'] {
  return async (command, args, { input, shell = false, timeoutMs } = {}) => {
    if (interrupted.aborted) throw new Cancelled('Interrupted.');
    // Few runs need it, and all would wait for it to load.
    const { spawn } = await import('node:child_process');
    const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
    const signal = timeout === undefined ? interrupted : AbortSignal.any([interrupted, timeout]);
    const child = spawn(command, [...args], { cwd, shell, signal });
    try {
      return await resultOf(child, input ?? '');
    } catch (error) {
      if (interrupted.aborted) throw new Cancelled('Interrupted.', { cause: error });
      if (timeout?.aborted === true)
        throw new UserError(`${command} took longer than ${(timeoutMs ?? 0) / 1000} s`, { cause: error });
      throw error;
    }
  };
}

async function resultOf(child: ChildProcess, input: string): Promise<RunResult> {
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    // A program that a signal killed has no exit code.
    child.on('close', (code) => resolve(code ?? 1));
  });
  // A program may end without reading its input.
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  const [code, stdout, stderr] = await Promise.all([ended, textOf(child.stdout), textOf(child.stderr)]);
  return { code, stdout, stderr };
}

const textOf = async (stream: ChildProcess['stdout']): Promise<string> =>
  stream === null ? '' : (await import('node:stream/consumers')).text(stream);
