import { keepAliveComment, type EventStream } from '../../src/guard/event-stream.ts';

const idleMs = 15_000;

type Passed = { readonly bytesOut: number; readonly reason?: string };

/** Copies a body at the pace of its reader; between events that are far apart, comments keep the connection alive. */
export function passedOn(body: ReadableStream<Uint8Array>, events: EventStream | undefined) {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  let bytesOut = 0;
  let lastSent = Date.now();
  const send = async (bytes: Uint8Array): Promise<void> => {
    lastSent = Date.now();
    bytesOut += bytes.length;
    if (bytes.length > 0) await writer.write(bytes);
  };
  const comment = (): void => {
    if (events?.isBetweenEvents !== true || Date.now() - lastSent < idleMs) return;
    lastSent = Date.now();
    // A reader that is gone is noticed by the copying.
    writer.write(new TextEncoder().encode(keepAliveComment)).catch(() => {});
  };
  const copy = async (): Promise<Passed> => {
    const timer = events === undefined ? undefined : setInterval(comment, idleMs / 3);
    const reader = body.getReader();
    // Noticed also while the upstream says nothing.
    writer.closed.catch((error: unknown) => reader.cancel(error));
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read())
        await send(events?.push(part.value) ?? part.value);
      if (events !== undefined) await send(events.end());
      await writer.close();
      return { bytesOut };
    } catch (error) {
      await Promise.allSettled([reader.cancel(error), writer.abort(error)]);
      return { bytesOut, reason: 'broken_off' };
    } finally {
      clearInterval(timer);
    }
  };
  return { readable, done: copy() };
}
