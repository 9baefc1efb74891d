import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { createBrotliDecompress, createUnzip } from 'node:zlib';
import { isStream, longestBody, type Exchange } from './exchange.ts';

/** An exchange while it goes on. */
export type Note = { -readonly [Key in keyof Exchange]: Exchange[Key] };

/** `explain` gives the reason behind a broken body: that time was up, say; undefined where we broke it off ourselves. */
type Reading = { readonly secrets: readonly string[]; explain(error: unknown): unknown };

/** Longer answers are cut off: no list of tools that a client could use is as long. */
const mostBytes = 10_000_000;

/** The answer for the MCP client. What of it is noted never has one of `secrets` in it: some servers repeat what they were sent. */
export function responseOf(incoming: IncomingMessage, note: Note, reading: Reading): Response {
  const status = incoming.statusCode ?? 0;
  // Whoever stops listening must not be told by a crash that the rest was cut off.
  incoming.on('error', () => {});
  if (status < 200 || status > 599) throw new Error(`the status ${status} is none of HTTP`);
  const isEmpty = [202, 204, 205, 304].includes(status) || note.headers['content-length'] === '0';
  if (isEmpty) incoming.resume();
  else if (isStream(note))
    return new Response(Readable.toWeb(noted(decoded(incoming, note), note, reading)), { status, headers: plain(note.headers) });
  return wholeResponse(incoming, note, { ...reading, isEmpty });
}

/** A body that comes at once needs no web stream, which costs more than all else of an answer. */
function wholeResponse(
  incoming: IncomingMessage,
  note: Note,
  { isEmpty, ...reading }: Reading & { readonly isEmpty: boolean },
): Response {
  const status = incoming.statusCode ?? 0;
  let reads: Promise<string> | undefined;
  const text = (): Promise<string> =>
    (reads ??= isEmpty ? Promise.resolve('') : collected(read(decoded(incoming, note), note, reading)));
  const response = {
    status,
    ok: status < 300,
    statusText: incoming.statusMessage ?? '',
    headers: new Headers(plain(note.headers)),
    url: '',
    type: 'default',
    redirected: false,
    body: isEmpty ? null : { cancel: async () => void incoming.destroy() },
    text,
    json: async (): Promise<unknown> => JSON.parse(await text()),
    clone: () => response,
  };
  // All that the client uses of a response.
  return response as unknown as Response;
}

async function collected(chunks: AsyncIterable<Buffer>): Promise<string> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString();
}

const plain = ({
  'content-encoding': _encoding,
  'content-length': _length,
  ...rest
}: Readonly<Record<string, string>>): Record<string, string> => rest;

function decoded(incoming: IncomingMessage, { headers }: Note): Readable {
  const encoding = headers['content-encoding'] ?? '';
  const decoder =
    encoding === 'br' ? createBrotliDecompress() : /^(x-)?gzip$|^deflate$/.test(encoding) ? createUnzip() : undefined;
  if (decoder === undefined) return incoming;
  incoming.on('error', (error) => decoder.destroy(error));
  return incoming.pipe(decoder);
}

/** The body on its way, cut off where it gets too long. */
function noted(body: Readable, note: Note, reading: Reading): Readable {
  return Readable.from(read(body, note, reading), { objectMode: false });
}

async function* read(body: Readable, note: Note, { secrets, explain }: Reading): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    for await (const chunk of body) {
      const piece = Buffer.from(chunk);
      bytes += piece.length;
      if (bytes > mostBytes)
        throw Object.assign(new Error(`the answer is longer than ${mostBytes / 1_000_000} MB`), { code: 'TOO_LONG' });
      if (note.body.length < longestBody)
        note.body = without(secrets, `${note.body}${piece.toString('utf8')}`).slice(0, longestBody);
      if (isStream(note) && /(^|\n):/.test(piece.toString('latin1'))) note.comments += 1;
      yield piece;
    }
    note.ended = true;
  } catch (error) {
    const reason = explain(error);
    if (reason !== undefined) note.error ??= errorOf(reason);
    throw error;
  }
}

const without = (secrets: readonly string[], text: string): string =>
  secrets.reduce((shown, secret) => shown.replaceAll(secret.replace(/^Bearer /i, ''), '(secret)'), text);

export function newNote(url: string, init: RequestInit | undefined): Note {
  const method = init?.method ?? 'GET';
  return {
    method,
    url,
    signedIn: false,
    status: undefined,
    headers: {},
    body: '',
    comments: 0,
    ended: false,
    ms: 0,
    error: undefined,
  };
}

export function errorOf(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  return { code: 'code' in error && typeof error.code === 'string' ? error.code : error.name, message: error.message };
}
