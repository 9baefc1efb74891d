/** A limit of time for one request, which others may break off as well. */
export type Deadline = {
  readonly signal: AbortSignal;
  /** Time was up. */
  isOver(): boolean;
  breakOff(): void;
  end(): void;
};

/** By hand, because combined signals cost a run of many requests more than the requests. */
export function deadline(ms: number, other: AbortSignal | null | undefined): Deadline {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    stop();
  }, ms);
  if (other?.aborted === true) stop();
  else other?.addEventListener('abort', stop, { once: true });
  return {
    signal: controller.signal,
    isOver: () => isOver,
    breakOff: stop,
    end() {
      clearTimeout(timer);
      other?.removeEventListener('abort', stop);
    },
  };
}
