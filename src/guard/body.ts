import type { IncomingMessage, ServerResponse } from 'node:http';

export type Body = { readonly is: 'whole'; readonly bytes: Buffer } | { readonly is: 'too large' } | { readonly is: 'gone' };

const empty = Buffer.alloc(0);

export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;

/** Reads a body up to `limit` bytes. Never rejects: a caller that leaves in the middle is `gone`. */
export function readBody(incoming: IncomingMessage, outgoing: ServerResponse, limit: number): Promise<Body> {
  if (!hasBody(incoming)) return Promise.resolve({ is: 'whole', bytes: empty });
  if (Number(incoming.headers['content-length'] ?? 0) > limit) return Promise.resolve({ is: 'too large' });
  // The caller asked whether to send it.
  if (incoming.headers.expect !== undefined) outgoing.writeContinue();
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      length += chunk.length;
      if (length <= limit) return;
      incoming.off('data', onData);
      resolve({ is: 'too large' });
    };
    incoming.on('data', onData);
    incoming.on('end', () => resolve({ is: 'whole', bytes: chunks.length === 1 ? (chunks[0] ?? empty) : Buffer.concat(chunks) }));
    incoming.on('close', () => resolve({ is: 'gone' }));
  });
}

/** What a refused caller may still send: who does not stop is cut off. */
const mostDiscarded = 64 * 1024 * 1024;

/**
 * Lets the rest of a body run into nothing. A connection that is closed while the caller writes makes it see
 * a broken pipe in place of the answer.
 */
export function discardBody(incoming: IncomingMessage): void {
  if (incoming.complete) return;
  let length = 0;
  incoming.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > mostDiscarded) incoming.destroy();
  });
  incoming.on('error', () => {});
}
