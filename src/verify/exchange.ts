/** One request and what came of it. Never holds what was sent. */
export type Exchange = {
  readonly method: string;
  readonly url: string;
  /** The request carried credentials. */
  readonly signedIn: boolean;
  /** Undefined: there was no answer. */
  readonly status: number | undefined;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The first characters of the body. It grows while the body arrives. */
  readonly body: string;
  /** Of an event stream: comment lines that came, and whether it ended by itself. */
  readonly comments: number;
  readonly ended: boolean;
  readonly ms: number;
  readonly error: { readonly code: string; readonly message: string } | undefined;
};

export const longestBody = 4096;

export const typeOf = ({ headers }: Exchange): string =>
  (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
export const isStream = (exchange: Exchange): boolean => typeOf(exchange) === 'text/event-stream';

/** What sort of body came: the word for it in a sentence. */
export function bodyKind(exchange: Exchange): string {
  const { body } = exchange;
  if (isStream(exchange)) return 'an event stream';
  if (/^\s*<(!doctype|html|head|body)/i.test(body) || typeOf(exchange) === 'text/html') return 'HTML';
  if (/^\s*[[{]/.test(body)) return 'JSON';
  return body.trim() === '' ? 'no body' : 'text';
}

const mostShown = 120;

/** What was seen, in one line: status, the header that tells most, and the body or its kind. */
export function seen(exchange: Exchange): string {
  const { status, headers, body, error } = exchange;
  if (status === undefined) return error?.message ?? 'no answer';
  const kind = bodyKind(exchange);
  const parts = [`HTTP ${status}`, headers['location'] === undefined ? kind : `to ${withoutQuery(headers['location'])}`];
  const text = kind === 'JSON' || kind === 'text' ? `: ${cut(body.replaceAll(/\s+/g, ' ').trim())}` : '';
  return `${parts.join(', ')}${text}${error === undefined ? '' : `; ${error.message}`}`;
}

export const cut = (text: string): string => (text.length <= mostShown ? text : `${text.slice(0, mostShown)}…`);

/** A login page's address has state in its query that means nothing to a reader. */
const withoutQuery = (location: string): string => cut(location.split('?')[0] ?? '');
