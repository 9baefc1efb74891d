import type { World } from '../world.ts';
import { realFiles } from './files.ts';
import { programRunner } from './programs.ts';
import { standardInput } from './standard-input.ts';
import { standardStream } from './streams.ts';

/** The world of a process: its environment, streams, files and clock. `signal` is its interruption. */
export function realWorld(signal: AbortSignal): World {
  const cwd = process.cwd();
  return {
    env: process.env,
    cwd,
    stdin: standardInput(signal),
    stdout: standardStream(1),
    stderr: standardStream(2),
    files: realFiles(cwd),
    now: () => new Date(),
    sleep: (ms, other) => sleepUntil(ms, other === undefined ? signal : AbortSignal.any([signal, other])),
    run: programRunner(cwd, signal),
    signal,
  };
}

/** Ends early, and without an error, when `signal` aborts. */
async function sleepUntil(ms: number, signal: AbortSignal): Promise<void> {
  const { setTimeout: wait } = await import('node:timers/promises');
  await wait(ms, undefined, { signal }).catch(() => {});
}
