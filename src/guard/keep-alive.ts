import type { ServerResponse } from 'node:http';
import { keepAliveComment, type EventStream } from './event-stream.ts';

export type OpenStream = {
  readonly outgoing: ServerResponse;
  readonly events: EventStream;
  /** When something was last sent, on the clock of `performance.now()`. */
  lastSent: number;
};

/**
 * Keeps event streams alive on which nothing happens: proxies and Cloudflare's edge close those on which they see
 * nothing for a while. One timer looks after all of them, so that a stream costs nothing.
 */
export type KeepAlive = { readonly streams: Set<OpenStream>; stop(): void };

export function keepAlive(idleMs: number): KeepAlive {
  const streams = new Set<OpenStream>();
  const look = (): void => {
    const now = performance.now();
    for (const stream of streams) if (now - stream.lastSent >= idleMs) comment(stream, now);
  };
  // With a look at each third, a comment comes at most a third too late.
  const timer = setInterval(look, idleMs / 3);
  timer.unref();
  return { streams, stop: () => clearInterval(timer) };
}

/** In the middle of an event, or where the caller does not even read what is there, there is no place for a comment. */
function comment(stream: OpenStream, now: number): void {
  if (!stream.events.isBetweenEvents || stream.outgoing.writableNeedDrain || stream.outgoing.destroyed) return;
  stream.outgoing.write(keepAliveComment);
  stream.lastSent = now;
}
