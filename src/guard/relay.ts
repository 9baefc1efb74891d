import type { IncomingMessage } from 'node:http';
import { eventStream } from './event-stream.ts';
import type { Exchange } from './exchange.ts';
import { isEventStream } from './headers.ts';
import type { KeepAlive, OpenStream } from './keep-alive.ts';
import { headersForCaller } from './raw-headers.ts';

export type RelayOptions = { readonly upstreamOrigin: string; readonly keepAlive: KeepAlive };

/**
 * Passes an answer on as it comes, at the pace at which the caller reads it. An answer that the upstream breaks off is
 * broken off, so that nobody takes a part for the whole.
 */
export function relay(exchange: Exchange, response: IncomingMessage, { upstreamOrigin, keepAlive }: RelayOptions): void {
  const { incoming, outgoing } = exchange;
  const { statusCode = 502, statusMessage, rawHeaders, headers } = response;
  const isStream = isEventStream(headers['content-type']);
  const stream = isStream ? openStream(exchange, response) : undefined;
  outgoing.writeHead(statusCode, statusMessage, headersForCaller(rawHeaders, { upstreamOrigin, isStream }));
  if (stream !== undefined && incoming.method !== 'HEAD') keepAlive.streams.add(stream);
  response.on('data', (chunk: Buffer) => {
    if (stream === undefined) return send(exchange, response, chunk);
    stream.lastSent = performance.now();
    send(exchange, response, stream.events.push(chunk));
  });
  response.on('end', () => {
    if (stream !== undefined) send(exchange, response, stream.events.end());
    if (response.rawTrailers.length > 0) outgoing.addTrailers(pairs(response.rawTrailers));
    outgoing.end();
  });
  response.on('error', () => {});
  response.on('close', () => {
    if (stream !== undefined) keepAlive.streams.delete(stream);
    if (response.complete) return;
    exchange.reason ??= outgoing.destroyed ? 'client_closed' : 'upstream_closed';
    outgoing.destroy();
  });
  // A body of known length follows at once, and the head travels with it. A stream may be silent: its head must not wait.
  if (headers['content-length'] === undefined) setImmediate(() => exchange.bytesOut === 0 && flushHead(exchange));
}

function send(exchange: Exchange, response: IncomingMessage, bytes: Uint8Array): void {
  if (bytes.length === 0) return;
  const { outgoing } = exchange;
  exchange.bytesOut += bytes.length;
  if (outgoing.write(bytes)) return;
  response.pause();
  outgoing.once('drain', () => response.resume());
}

function flushHead({ outgoing }: Exchange): void {
  if (!outgoing.writableEnded && !outgoing.destroyed) outgoing.flushHeaders();
}

/** A stream that may be changed: not one whose length is fixed, or whose bytes are compressed all the same. */
function openStream({ incoming, outgoing }: Exchange, { headers }: IncomingMessage): OpenStream | undefined {
  if (headers['content-length'] !== undefined || headers['content-encoding'] !== undefined) return undefined;
  const events = eventStream({ rewriteEndpoint: incoming.method === 'GET' });
  return { outgoing, events, lastSent: performance.now() };
}

const pairs = (raw: readonly string[]): [string, string][] =>
  raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? ''] satisfies [string, string]] : []));
