import type { ClientRequest, IncomingMessage } from 'node:http';
import { asString, hasBody } from './body.ts';
import { refuse, type Exchange } from './exchange.ts';
import type { KeepAlive } from './keep-alive.ts';
import { headersForUpstream } from './raw-headers.ts';
import { refusals } from './refusals.ts';
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
  const timer = setTimeout(() => fail(exchange, request, 'tooSlow'), timeoutMs);
  let answer: IncomingMessage | undefined;
  request.on('response', (response) => {
    clearTimeout(timer);
    answer = response;
    try {
      relay(exchange, response, { upstreamOrigin: upstream.origin, keepAlive });
    } catch {
      // A head that Node can read and must not write, such as one with control characters.
      fail(exchange, request, 'unreachable');
    }
  });
  request.on('error', () => fail(exchange, request, 'unreachable'));
  outgoing.on('close', () => {
    clearTimeout(timer);
    if (answer?.complete !== true) request.destroy();
  });
  const text = asString(body);
  if (text === undefined) request.end(body);
  else request.end(text, 'latin1');
}

function fail(exchange: Exchange, request: ClientRequest, refusal: 'tooSlow' | 'unreachable'): void {
  refuse(exchange, refusals[refusal]);
  request.destroy();
}
