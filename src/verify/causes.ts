import type { Cause } from './check.ts';
import { answerCauses } from './causes/answers.ts';
import { connectionCauses } from './causes/connection.ts';
import type { When, Where } from './causes/row.ts';
import { statusCauses } from './causes/statuses.ts';
import { bodyKind, isStream, typeOf, type Exchange } from './exchange.ts';

/** The first row that fits counts. */
const rows = [...connectionCauses, ...answerCauses, ...statusCauses];

const unknown: Cause = { cause: 'The answer is none that an MCP client can use.', fix: 'Look at what answers at {url}' };

export type Asked = { readonly where: Where; readonly id: string };

/** The cause of an exchange that failed, and the step that mends it. */
export function causeOf(exchange: Exchange, { where, id }: Asked): Cause {
  const row = rows.find(([when]) => fits(exchange, where, when));
  const url = URL.canParse(exchange.url) ? new URL(exchange.url) : undefined;
  const { cause, fix } = row === undefined ? unknown : { cause: row[1], fix: row[2] };
  const words: Readonly<Record<string, string>> = {
    id,
    host: url?.hostname ?? '',
    url: url === undefined ? '' : `${url.origin}${url.pathname}`,
  };
  const filled = (text: string): string => text.replaceAll(/\{(id|host|url)\}/g, (_, word: string) => words[word] ?? '');
  return { cause: filled(cause), fix: filled(fix) };
}

function fits(exchange: Exchange, where: Where, when: When): boolean {
  const { status, headers, body, error, signedIn } = exchange;
  const of = (pattern: RegExp | undefined, text: string): boolean => pattern === undefined || pattern.test(text);
  return (
    (when.where === undefined || when.where === where) &&
    (when.status === undefined || [when.status].flat().some((each) => each === status)) &&
    (when.code === undefined || (error !== undefined && when.code.test(error.code))) &&
    of(when.location, headers['location'] ?? '') &&
    of(when.body, body) &&
    (when.location === undefined || headers['location'] !== undefined) &&
    (when.header === undefined || headers[when.header] !== undefined) &&
    (when.kind === undefined || bodyKind(exchange) === when.kind) &&
    (when.signedIn === undefined || when.signedIn === signedIn)
  );
}

/** The cause of a status that Cloudflare keeps of its own last look: nothing but the number is known. */
export function causeOfStatus(status: number, url: string, asked: Asked): Cause {
  return causeOf(
    { method: 'POST', url, signedIn: false, status, headers: {}, body: '', comments: 0, ended: true, ms: 0, error: undefined },
    asked,
  );
}

/** What keeps an event stream from being one, where that can be seen. */
export function streamTrouble(exchange: Exchange): Cause | undefined {
  if (!isStream(exchange) || typeOf(exchange) === '') return undefined;
  if ((exchange.headers['content-encoding'] ?? 'identity') === 'identity') return undefined;
  return {
    cause: 'The event stream is compressed: what compresses it also holds it back, so messages come late or never.',
    fix: 'Turn compression off for text/event-stream in the proxy before the server (Cache-Control: no-transform helps)',
  };
}
