import { exitCodes } from '../lib/errors.ts';

/**
 * Aborted by the first Ctrl-C (or SIGTERM), so that what runs can end in order. The second one ends
 * the process at once.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return controller.signal;
}
