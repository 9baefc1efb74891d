import type { IncomingMessage } from 'node:http';
import { hasBody } from './body.ts';
import { refuse, type Exchange } from './exchange.ts';
import type { KeepAlive } from './keep-alive.ts';
import { headersForUpstream } from './raw-headers.ts';
import { refusals, type Refusal } from './refusals.ts';
import { relay } from './relay.ts';
import type { Upstream } from './upstream.ts';

export type Way = {
  readonly upstream: Upstream;
  /** How long the upstream may take to begin its answer. How long that goes on then is its own affair. */
  readonly timeoutMs: number;
  readonly keepAlive: KeepAlive;
};

/** Sends a request on, and its answer back. A caller that leaves ends the request at the upstream, too. */
export function forward(exchange: Exchange, body: Buffer, { upstream, timeoutMs, keepAlive }: Way): void {
  const { incoming, outgoing, target } = exchange;
  const length = hasBody(incoming) ? body.length : undefined;
  const headers = headersForUpstream(incoming.rawHeaders, upstream.host, length);
  const request = upstream.send({ method: incoming.method, path: target, headers });
  let answer: IncomingMessage | undefined;
  let isOver = false;
  // Once: to destroy a request is an error of that request in its turn.
  const fail = (refusal: Refusal): void => {
    if (!isOver) refuse(exchange, refusal);
    isOver = true;
    request.destroy();
  };
  const timer = setTimeout(() => fail(refusals.tooSlow), timeoutMs);
  request.on('response', (response) => {
    clearTimeout(timer);
    answer = response;
    try {
      relay(exchange, response, { upstreamOrigin: upstream.origin, keepAlive });
    } catch {
      // A head that Node can read and does not write, such as one with a status beyond 999.
      fail(refusals.unreachable);
    }
  });
  request.on('error', () => fail(refusals.unreachable));
  // Without an error where the upstream wants to change to another protocol.
  request.on('close', () => answer === undefined && fail(refusals.unreachable));
  outgoing.on('close', () => {
    clearTimeout(timer);
    isOver = true;
    if (answer?.complete !== true) request.destroy();
  });
  request.end(body);
}
