import { createLimit } from '../lib/limit.ts';

/** What all requests of a run share. */
export type Rate = {
  /** Runs a task when there is room and nobody was told to wait. */
  run<T>(task: () => Promise<T>): Promise<T>;
  /** Sends nothing new until `pause` is over: over the limit, Cloudflare refuses every request alike. */
  holdWhile(pause: Promise<void>): void;
};

/** At most `concurrency` requests in flight. */
export function createRate(concurrency: number): Rate {
  const limit = createLimit(concurrency);
  let held: Promise<unknown> = Promise.resolve();
  return {
    run: (task) =>
      limit(async () => {
        await held;
        return await task();
      }),
    holdWhile(pause) {
      held = Promise.allSettled([held, pause]);
    },
  };
}
