import { looksPrivate } from '../kinds/document/network.ts';
import type { Secret } from '../secrets/secret.ts';
import { causeOf, streamTrouble } from './causes.ts';
import { judge, type Cause, type Check, type Judge } from './check.ts';
import { isStream, seen, type Exchange } from './exchange.ts';
import { handshake, type Greeted, type Refused } from './handshake.ts';
import { newNote } from './response.ts';
import { isLoopback, type Line, type Wire } from './wire.ts';

/** A server as it is registered, and what it is asked with. */
export type OriginSubject = {
  readonly id: string;
  readonly url: string;
  readonly auth: string;
  readonly gateway: boolean;
  /** The headers that the document names; none are known of what Cloudflare alone holds. */
  readonly headers: Readonly<Record<string, Secret>> | undefined;
};

export type Probing = { readonly wire: Wire; readonly timeoutMs: number };

/** Speaks to a server as Cloudflare does, without Cloudflare. */
export async function checkOrigin(server: OriginSubject, { wire, timeoutMs }: Probing): Promise<readonly Check[]> {
  const of = judge('origin', server.id);
  if (!URL.canParse(server.url)) {
    const fix = `Correct servers.${server.id}.url, then: mcp-portal apply`;
    return [
      of.failed({
        name: 'address',
        detail: `${server.url} is no URL`,
        cause: 'The server is registered with something else.',
        fix,
      }),
    ];
  }
  const { host } = new URL(server.url);
  const signIn = server.headers === undefined ? undefined : { host, headers: server.headers };
  const line = wire.line(signIn);
  let health: Promise<readonly Check[]> | undefined;
  const lookAtHealth = () => (health ??= checkHealth(server, wire.line(signIn), of));
  const result = await handshake(server.url, { line, timeoutMs, connected: () => void lookAtHealth() });
  if (!result.ok && isOutOfReach(server, result)) {
    return [of.skipped({ name: 'handshake', detail: 'only Cloudflare reaches this private address' })];
  }
  const isThere = result.ok || result.exchange?.status !== undefined;
  const further = isThere ? await lookAtHealth() : [];
  if (!result.ok) return [refusal(server, result, of), ...further];
  const checks = [greeting(result, of), ...toolsCheck(server, result, of), ...streams(line, result, of)];
  await result.client.close();
  return [...checks, ...further];
}

const isOutOfReach = ({ url, gateway }: OriginSubject, { exchange }: Refused): boolean => {
  const { hostname } = new URL(url);
  return exchange?.status === undefined && !isLoopback(hostname) && (gateway || looksPrivate(hostname));
};

const count = (list: readonly unknown[] | number | undefined, word: string): readonly string[] => {
  if (list === undefined) return [];
  const number = typeof list === 'number' ? list : list.length;
  return [`${number} ${number === 1 ? word : `${word}s`}`];
};

/** A handshake in one line. */
export const greetingText = ({ transport, version, era, tools, prompts, resources, ms }: Greeted): string =>
  [
    `${transport === 'sse' ? 'SSE' : 'Streamable HTTP'}, protocol ${version} (${era})`,
    ...count(tools, 'tool'),
    ...count(prompts, 'prompt'),
    ...count(resources, 'resource'),
    `${Math.round(ms)} ms`,
  ].join(', ');

const greeting = (greeted: Greeted, of: Judge): Check => of.passed({ name: 'handshake', detail: greetingText(greeted) });

/** Being asked for credentials that only Cloudflare has is how it should be. */
function refusal(server: OriginSubject, { exchange, message, lostMessages }: Refused, of: Judge): Check {
  const name = 'handshake';
  if (exchange === undefined)
    return of.failed({
      name,
      detail: message,
      ...causeOf(newNote(server.url, { method: 'POST' }), { where: 'origin', id: server.id }),
    });
  const { status, headers } = exchange;
  if (lostMessages) return of.failed({ name, detail: `the stream opened; messages: ${seen(exchange)}`, ...lost(exchange) });
  const isAsking = status === 401 || (status === 403 && seen(exchange).includes('JSON'));
  if (!isAsking || server.auth === 'none' || server.headers !== undefined) {
    const detail = (status ?? 0) < 300 && status !== undefined ? `${seen(exchange)}; ${message}` : seen(exchange);
    return of.failed({ name, detail, ...causeOf(exchange, { where: 'origin', id: server.id }) });
  }
  if (server.auth === 'oauth' && headers['www-authenticate'] === undefined) {
    const fix = 'Let the server answer 401 with WWW-Authenticate: Bearer resource_metadata="…"';
    return of.warned({ name, detail: 'HTTP 401 without WWW-Authenticate', cause: 'Clients cannot find where to sign in.', fix });
  }
  return of.passed({ name, detail: `asks for credentials (HTTP ${status}), which Cloudflare holds: not looked further` });
}

/** The older transport sends beside its stream, to an address that the stream names. */
const lost = ({ url }: Exchange): Cause => ({
  cause: `The event stream answers 200, and the messages beside it do not arrive at ${new URL(url).pathname}: a proxy passes on only one of the two paths, or the server names the wrong one.`,
  fix: 'Pass both paths on to the server (such as /sse and /messages), or use Streamable HTTP at /mcp',
});

function toolsCheck({ id }: OriginSubject, { tools }: Greeted, of: Judge): readonly Check[] {
  if (tools === undefined || tools.length > 0) return [];
  const cause =
    'The server is up and offers nothing: mostly it cannot sign in to what is behind it, or a setting switches its tools off.';
  return [
    of.failed({
      name: 'tools',
      detail: 'tools: []',
      cause,
      fix: `Look at the log and the settings of the server, then: mcp-portal sync-server ${id}`,
    }),
  ];
}

function streams({ exchanges }: Line, { transport }: Greeted, of: Judge): readonly Check[] {
  const stream = exchanges.find(isStream);
  if (stream === undefined) return [];
  const trouble = exchanges.map(streamTrouble).find((each) => each !== undefined);
  const encoding = stream.headers['content-encoding'] ?? '';
  const flow =
    trouble === undefined
      ? of.passed({ name: 'streaming', detail: 'events arrive as they are sent' })
      : of.failed({ name: 'streaming', detail: `content-encoding: ${encoding} on an event stream`, ...trouble });
  return transport === 'sse' ? [flow, keepAlive(exchanges, of)] : [flow];
}

/** The stream of the older transport stays open for as long as the client is there. */
function keepAlive(exchanges: readonly Exchange[], of: Judge): Check {
  const open = exchanges.find((each) => each.method === 'GET' && isStream(each));
  const name = 'keep-alive';
  if (open?.ended === true) {
    const fix = 'Raise the idle timeout of the proxy, and let the server send a comment line every 15 s';
    return of.failed({
      name,
      detail: 'the stream ended while it was in use',
      cause: 'Something between closes streams that should stay open.',
      fix,
    });
  }
  if ((open?.comments ?? 0) > 0) return of.passed({ name, detail: 'the stream is kept alive' });
  return of.skipped({
    name,
    detail: 'no comment line came in this short look; a stream that is silent for 100 s is cut by Cloudflare',
  });
}

/** Where there is a /health it has to be well; where there is none, nothing is said. */
async function checkHealth(server: OriginSubject, line: Line, of: Judge): Promise<readonly Check[]> {
  const exchange = await line.ask(new URL('/health', server.url).href, { headers: { accept: 'application/json' } });
  const { status } = exchange;
  if (status === 200) return [of.passed({ name: 'health', detail: '/health answers 200' })];
  if (status === undefined || status < 500) return [];
  return [
    of.failed({ name: 'health', detail: `/health: ${seen(exchange)}`, ...causeOf(exchange, { where: 'origin', id: server.id }) }),
  ];
}
