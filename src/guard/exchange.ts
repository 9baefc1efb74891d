import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuditEntry } from './audit-line.ts';
import { discardBody } from './body.ts';
import type { KnownKey } from './keys.ts';
import { refusalBody, type Refusal } from './refusals.ts';
import { otherRequest, type Rpc } from './rpc.ts';

/** One request and its answer. What is learned on the way is filled in for the audit line. */
export type Exchange = {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly time: Date;
  readonly started: number;
  /** The request target, and its path alone. */
  readonly target: string;
  readonly path: string;
  /** The address at the other end of the connection: unknown once that is closed. */
  readonly peer: string | undefined;
  /** What it presented as keys. */
  presented: readonly string[];
  key: KnownKey | undefined;
  rpc: Rpc;
  bytesIn: number;
  bytesOut: number;
  reason: string | undefined;
};

export function openExchange(incoming: IncomingMessage, outgoing: ServerResponse, time: Date): Exchange {
  const target = incoming.url ?? '/';
  const query = target.indexOf('?');
  return {
    incoming,
    outgoing,
    time,
    started: performance.now(),
    target,
    path: query === -1 ? target : target.slice(0, query),
    peer: incoming.socket.remoteAddress,
    presented: [],
    key: undefined,
    rpc: otherRequest,
    bytesIn: 0,
    bytesOut: 0,
    reason: undefined,
  };
}

/** Answers with one of the guard's own answers, unless one has begun or nobody waits for it. */
export function refuse(exchange: Exchange, refusal: Refusal, headers: Readonly<Record<string, string>> = {}): void {
  const { incoming, outgoing } = exchange;
  exchange.reason ??= refusal.type;
  if (outgoing.headersSent || outgoing.destroyed) {
    outgoing.destroy();
    return;
  }
  const body = refusalBody(refusal);
  exchange.bytesOut = body.length;
  // A caller that was not told to go on may or may not send its body: what comes next could be either.
  if (incoming.headers.expect !== undefined) outgoing.shouldKeepAlive = false;
  outgoing.writeHead(refusal.status, {
    'Content-Type': 'application/json',
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    ...headers,
  });
  outgoing.end(body);
  discardBody(incoming);
}

/** What the audit line says of an exchange that is over. `withArguments` also shows what tools were called with. */
export function auditEntry(exchange: Exchange, withArguments: boolean): AuditEntry {
  const { incoming, outgoing, time, started, path, peer, key, rpc, bytesIn, bytesOut, reason } = exchange;
  return {
    time,
    key,
    httpMethod: incoming.method ?? '',
    path,
    rpc,
    status: outgoing.headersSent ? outgoing.statusCode : 0,
    durationMs: performance.now() - started,
    bytesIn,
    bytesOut,
    ray: textOf(incoming.headers['cf-ray']),
    client: textOf(incoming.headers['cf-connecting-ip']) ?? peer,
    reason: reason ?? (outgoing.writableFinished ? undefined : 'client_closed'),
    secrets: withArguments ? exchange.presented : undefined,
  };
}

export const textOf = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : header?.join(', ');
