/**
 * Gives requests a signal that follows `source` only while they run: a listener per request on a
 * signal that lives as long as the process would pile up.
 */
export function createCutOff(source: AbortSignal): <T>(task: (signal: AbortSignal) => Promise<T>) => Promise<T> {
  const running = new Set<AbortController>();
  const stop = (): void => running.forEach((controller) => controller.abort());

  return async (task) => {
    const controller = new AbortController();
    if (source.aborted) controller.abort();
    if (running.size === 0) source.addEventListener('abort', stop);
    running.add(controller);
    try {
      return await task(controller.signal);
    } finally {
      running.delete(controller);
      if (running.size === 0) source.removeEventListener('abort', stop);
    }
  };
}
