import { causeOf } from './causes.ts';
import { checkChallenge } from './challenge.ts';
import { excused, judge, type Check, type Judge } from './check.ts';
import { seen, type Exchange } from './exchange.ts';
import { handshake, type Greeted, type Refused } from './handshake.ts';
import { greetingText } from './origin.ts';
import { calledTool, type ToolCall } from './tool-call.ts';
import type { SignIn, Wire } from './wire.ts';

export type EndpointSubject = { readonly id: string; readonly hostname: string; readonly codeMode: string };
export type EndpointProbing = {
  readonly wire: Wire;
  readonly timeoutMs: number;
  /** The service token of this run, as headers. */
  readonly credentials: SignIn['headers'] | undefined;
  /** A tool to call, where this portal has it. */
  readonly call: ToolCall | undefined;
};

/** What was seen of a portal, to be judged beside what the earlier layers say. */
export type Probed = {
  /** Whether clients get through: an earlier layer may explain a failure. */
  readonly ways: readonly Check[];
  /** Whether others are kept out: nothing explains that away. */
  readonly guards: readonly Check[];
  /** What a service token is shown; undefined without one, or where it was not let in. */
  readonly greeted: Pick<Greeted, 'tools' | 'prompts'> | undefined;
};

const ping = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
const posting = (headers: Readonly<Record<string, string>> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
  body: ping,
});

const claude = 'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Claude-User/1.0; +Claude-User@anthropic.com)';
const madeUp = { 'cf-access-client-id': '00000000000000000000000000000000.access', 'cf-access-client-secret': 'not-a-secret' };

/** Speaks to a portal as clients do: without credentials, with wrong ones, and with those of this run. */
export async function probeEndpoint(portal: EndpointSubject, probing: EndpointProbing): Promise<Probed> {
  const { wire, timeoutMs, credentials, call } = probing;
  const of = judge('endpoint', portal.id);
  // Code mode would show a few tools in the place of all.
  const url = `https://${portal.hostname}/mcp${portal.codeMode === 'default_on' ? '?codemode=off' : ''}`;
  const line = wire.line();
  const bare = await line.ask(url, posting());
  if (bare.status === undefined) {
    const dead = of.failed({
      name: 'no credentials',
      detail: seen(bare),
      ...causeOf(bare, { where: 'endpoint', id: portal.id }),
    });
    return { ways: [dead], guards: [], greeted: undefined };
  }
  const own = credentials === undefined ? undefined : wire.line({ host: portal.hostname, headers: credentials });
  const [challenge, wrong, bot, result] = await Promise.all([
    checkChallenge(bare, { id: portal.id, url, of, line }),
    wire.line().ask(url, posting(madeUp)),
    wire.line().ask(url, posting({ 'user-agent': claude })),
    own === undefined ? undefined : handshake(url, { line: own, timeoutMs }),
  ]);
  const connector = claudeUser(bot, bare, { of, hostname: portal.hostname });
  const isOpen = bare.status < 300;
  const guards = isOpen ? challenge : [wrongToken(wrong, of, portal.id)];
  const ways = isOpen ? [connector] : [...challenge, connector];
  const { checks, greeted } = await signedIn(result, { call, of, timeoutMs, id: portal.id });
  return { ways: [...ways, ...checks], guards, greeted };
}

type SigningIn = Pick<EndpointProbing, 'call' | 'timeoutMs'> & { readonly of: Judge; readonly id: string };

async function signedIn(result: Greeted | Refused | undefined, { call, of, timeoutMs, id }: SigningIn) {
  if (result === undefined) {
    const detail =
      'give a service token to look further: CF_ACCESS_CLIENT_ID and CF_ACCESS_CLIENT_SECRET, or --client-id-from and --client-secret-from';
    return { checks: [of.skipped({ name: 'handshake', detail })], greeted: undefined };
  }
  if (!result.ok) return { checks: [refusal(result, of, id)], greeted: undefined };
  const called = call === undefined ? [] : [await calledTool(result, call, { of, timeoutMs })];
  const { tools, prompts, client } = result;
  await client.close();
  const greeting = of.passed({ name: 'handshake', detail: `with the service token: ${greetingText(result)}` });
  return { checks: [greeting, ...called], greeted: { tools, prompts } };
}

/** What an earlier layer explains is not held against the portal. */
export const afterLayers = ({ ways, guards }: Probed, before: string | undefined): readonly Check[] => [
  ...ways.map((check) => excused(check, before)),
  ...guards,
];

function refusal({ exchange, message }: Refused, of: Judge, id: string): Check {
  const name = 'handshake';
  if (exchange === undefined)
    return of.failed({
      name,
      detail: message,
      cause: 'The client cannot speak to the portal.',
      fix: `mcp-portal get-portal ${id}`,
    });
  const detail = exchange.status !== undefined && exchange.status < 300 ? message : seen(exchange);
  const known = /No allowed servers available/i.test(message) ? { ...exchange, body: message } : exchange;
  return of.failed({ name, detail: `with the service token: ${detail}`, ...causeOf(known, { where: 'endpoint', id }) });
}

function wrongToken(exchange: Exchange, of: Judge, id: string): Check {
  const [name, { status }] = ['wrong service token', exchange];
  if (status === undefined || status >= 500) return of.skipped({ name, detail: seen(exchange) });
  if (status >= 300) return of.passed({ name, detail: `refused (HTTP ${status})` });
  const cause = 'A bypass policy lets everybody in, whatever credentials they bring.';
  return of.failed({
    name,
    detail: `HTTP ${status}: a made-up token is let in`,
    cause,
    fix: `Remove the bypass policy from portals.${id}.access.policies, then: mcp-portal apply`,
  });
}

/** The cloud connector of Claude comes with a name that zones which block AI bots refuse. */
function claudeUser(
  exchange: Exchange,
  bare: Exchange,
  { of, hostname }: { readonly of: Judge; readonly hostname: string },
): Check {
  const [name, { status }] = ["Claude's connector", exchange];
  if (status === bare.status) return of.passed({ name, detail: 'its user agent is treated like any other' });
  if (status === undefined || ![403, 429, 503].includes(status)) return of.skipped({ name, detail: seen(exchange) });
  return of.failed({
    name,
    detail: `user agent Claude-User: ${seen(exchange)}; others: HTTP ${bare.status}`,
    cause: 'The zone blocks AI bots, and takes the cloud connector of Claude for one.',
    fix: `Zone of ${hostname} > AI Crawl Control: allow Claude-User, or Security > Settings > Block AI bots: off for this hostname`,
  });
}
