import { pathOfUrl } from './headers.ts';

/** What stands between an upstream's event stream and its reader. Bytes are passed on as they come. */
export type EventStream = {
  /** What to send on for bytes that came. Only the first event may wait until it is whole. */
  push(bytes: Uint8Array): Uint8Array;
  /** What is left when the upstream ends. */
  end(): Uint8Array;
  /** Whether what was sent so far ends with a whole event: only there may a comment stand. */
  readonly isBetweenEvents: boolean;
};

/** A comment that readers skip: it shows that the connection is alive. */
export const keepAliveComment = ': keep-alive\n\n';

/** A first event that is longer is not the one that names an endpoint. */
const longestEndpointEvent = 8192;

const nothing = new Uint8Array(0);
// Each byte becomes one character, so that places in the text are places in the bytes.
const bytewise = new TextDecoder('latin1');
const utf8 = new TextDecoder();
const encoder = new TextEncoder();

/**
 * Follows an event stream. The legacy transport begins with an `endpoint` event that says where to send messages; a
 * server that writes a whole URL there names itself, which the caller cannot reach: with `rewriteEndpoint` it becomes
 * a path, which the caller reads relative to the URL that it knows.
 */
export function eventStream({ rewriteEndpoint }: { readonly rewriteEndpoint: boolean }): EventStream {
  let held: Uint8Array | undefined = rewriteEndpoint ? nothing : undefined;
  // The last four bytes that were sent, as one number.
  let tail = 0x0a0a;
  const sent = (bytes: Uint8Array): Uint8Array => {
    for (const byte of bytes.subarray(-4)) tail = ((tail << 8) | byte) >>> 0;
    return bytes;
  };
  return {
    push(bytes) {
      if (held === undefined) return sent(bytes);
      const { ready, rest } = splitBeginning(held.length === 0 ? bytes : joined([held, bytes]));
      held = rest;
      return sent(ready);
    },
    end() {
      const rest = held ?? nothing;
      held = undefined;
      return sent(rest);
    },
    get isBetweenEvents() {
      // LF LF, CR LF CR LF, CR CR
      return (tail & 0xffff) === 0x0a0a || (tail & 0xffffff) === 0x0a0d0a || (tail & 0xffff) === 0x0d0d;
    },
  };
}

type Beginning = { readonly ready: Uint8Array; readonly rest: Uint8Array | undefined };

/** The events up to the first that is more than a comment; `rest` is what waits, undefined once that one has passed. */
function splitBeginning(bytes: Uint8Array): Beginning {
  const text = bytewise.decode(bytes);
  const blank = /\r\n\r\n|\n\n|\r\r/g;
  let from = 0;
  for (let end = blank.exec(text); end !== null; end = blank.exec(text)) {
    const next = end.index + end[0].length;
    if (!isOnlyComments(text.slice(from, next))) {
      const event = endpointAsPath(utf8.decode(bytes.subarray(from, next)));
      if (event === undefined) return { ready: bytes, rest: undefined };
      return { ready: joined([bytes.subarray(0, from), encoder.encode(event), bytes.subarray(next)]), rest: undefined };
    }
    from = next;
  }
  if (bytes.length - from > longestEndpointEvent) return { ready: bytes, rest: undefined };
  return { ready: bytes.subarray(0, from), rest: bytes.slice(from) };
}

const isOnlyComments = (event: string): boolean =>
  event.split(/[\r\n]+/).every((line) => line === '' || line.startsWith(':') || /^(?:retry|id):/.test(line));

/** The event with the URL in its data cut to a path; undefined where nothing is to be changed. */
function endpointAsPath(event: string): string | undefined {
  if (!/^event: ?endpoint$/m.test(event.replaceAll('\r', '\n'))) return undefined;
  const [, before = '', url = ''] = /^([^]*?(?:^|[\r\n])data: ?)(https?:\/\/[^\r\n]+)/.exec(event) ?? [];
  const path = url === '' ? undefined : pathOfUrl(url);
  return path === undefined ? undefined : before + path + event.slice(before.length + url.length);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
