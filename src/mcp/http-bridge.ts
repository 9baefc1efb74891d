import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';

/** A request as the web knows it. Its signal is aborted when the caller goes away before the answer is complete. */
export function requestFrom(incoming: IncomingMessage, outgoing: ServerResponse): Request {
  const controller = new AbortController();
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) controller.abort();
  });
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) for (const one of [value ?? []].flat()) headers.append(name, one);
  const { method = 'GET', url = '/' } = incoming;
  const init = { method, headers, signal: controller.signal };
  const address = new URL(url, 'http://127.0.0.1');
  if (method === 'GET' || method === 'HEAD') return new Request(address, init);
  return new Request(address, { ...init, body: Readable.toWeb(incoming), duplex: 'half' });
}

/** Sends an answer as it comes. */
export async function sendResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  const reader = response.body?.getReader();
  if (reader === undefined) return void outgoing.end();
  outgoing.on('close', () => void reader.cancel().catch(() => {}));
  for (let part = await reader.read(); !part.done && !outgoing.destroyed; part = await reader.read())
    if (!outgoing.write(part.value)) await drained(outgoing);
  outgoing.end();
}

const drained = (outgoing: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    outgoing.once('drain', resolve);
    outgoing.once('close', resolve);
  });
