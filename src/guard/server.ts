import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { UserError } from '../lib/errors.ts';
import { admit, type Rules } from './admit.ts';
import { auditLine } from './audit-line.ts';
import { auditEntry, openExchange, refuse, type Exchange } from './exchange.ts';
import { forward, type Way } from './forward.ts';
import { keepAlive } from './keep-alive.ts';
import { refusals } from './refusals.ts';
import { openUpstream } from './upstream.ts';

export type GuardOptions = Rules & {
  readonly upstream: URL;
  readonly listen: { readonly host: string; readonly port: number };
  /** How long the upstream may take to begin an answer. */
  readonly timeoutMs: number;
  /** How long nothing may be sent on an event stream before a comment is; 15 s when left out. */
  readonly idleMs?: number;
  readonly now: () => Date;
  /** Takes the audit line of each request when it is over; with `auditArguments`, what tools were called with is in it. */
  readonly audit?: ((line: string) => void) | undefined;
  readonly auditArguments?: boolean;
};

export type Guard = {
  /** `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Takes no more connections, and ends when the last answer has been sent, or after `graceMs`. */
  close(graceMs: number): Promise<void>;
};

/** The limits that hold callers to sending what they began; none of them bounds an answer. */
const limits = {
  headersTimeout: 15_000,
  requestTimeout: 120_000,
  connectionsCheckingInterval: 5_000,
  // cloudflared keeps idle connections for 90 s: who closes first must not be the one that is written to.
  keepAliveTimeout: 100_000,
};
const mostConnections = 10_000;

/** Starts a guard. Throws a `UserError` where it cannot listen. */
export async function openGuard(options: GuardOptions): Promise<Guard> {
  const upstream = await openUpstream(options.upstream);
  const alive = keepAlive(options.idleMs ?? 15_000);
  const way: Way = { upstream, timeoutMs: options.timeoutMs, keepAlive: alive };
  let isClosing = false;
  let isOver = false;
  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const exchange = openExchange(incoming, outgoing, options.now());
    if (isClosing) outgoing.shouldKeepAlive = false;
    // What is written to a caller that has just left.
    outgoing.on('error', () => {});
    outgoing.on('close', () => {
      if (isOver && !outgoing.writableFinished) exchange.reason ??= 'shutdown';
      options.audit?.(auditLine(auditEntry(exchange, options.auditArguments === true)));
      if (isClosing) setImmediate(() => server.closeIdleConnections());
    });
    // One request that goes wrong in a way that nobody thought of must not end all others.
    answer(exchange, options, way).catch(() => refuse(exchange, refusals.failed));
  };
  const server = createServer(limits, onRequest).on('checkContinue', onRequest);
  server.maxConnections = mostConnections;
  await listening(server, options.listen);
  return {
    url: urlOf(server, options.listen.host),
    async close(graceMs) {
      isClosing = true;
      const timer = setTimeout(() => {
        isOver = true;
        server.closeAllConnections();
      }, graceMs);
      await new Promise<void>((resolve) => server.close(() => resolve()));
      clearTimeout(timer);
      // A connection that is cut off tells its answer at the end of a turn of the event loop: the next one is after that.
      for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      alive.stop();
      upstream.close();
    },
  };
}

async function answer(exchange: Exchange, rules: Rules, way: Way): Promise<void> {
  const admission = await admit(exchange, rules);
  switch (admission.is) {
    case 'admitted':
      // Nobody waits any more.
      if (!exchange.outgoing.destroyed) forward(exchange, admission.body, way);
      return;
    case 'refused': {
      const { refusal, retryAfter } = admission;
      return refuse(exchange, refusal, retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) });
    }
    case 'gone':
      exchange.reason = 'client_closed';
  }
}

type Server = ReturnType<typeof createServer>;

const listening = (server: Server, { host, port }: GuardOptions['listen']): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(error, `${host}:${port}`)));
    server.listen(port, host, resolve);
  });

const cannotListen = (error: NodeJS.ErrnoException, where: string): UserError =>
  new UserError(`cannot listen on ${where}: ${error.message}`, {
    hint: error.code === 'EADDRINUSE' ? 'Another program has this port: choose another one with --listen.' : undefined,
    cause: error,
  });

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
