// Calls over plain sockets, so that what is measured is the server and not its client.
import { connect } from 'node:net';

/** A connection that sends one request after the other; `call` resolves with the milliseconds that the answer took. */
export async function openCaller(port, text) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  let received = '';
  let done;
  socket.setEncoding('latin1').on('data', (chunk) => {
    received += chunk;
    if (!isWhole(received)) return;
    const [answer, settle] = [received, done];
    received = '';
    if (answer.startsWith('HTTP/1.1 200 ')) settle.resolve();
    else settle.reject(new Error(answer.slice(0, 500)));
  });
  socket.on('close', () => done?.reject(new Error('the connection was closed')));
  const call = async () => {
    const started = performance.now();
    await new Promise((resolve, reject) => {
      done = { resolve, reject };
      socket.write(text);
    });
    return performance.now() - started;
  };
  const close = () => {
    done = undefined;
    socket.destroy();
  };
  return { call, close };
}

/** Sends one request, and resolves with all that comes until the connection is closed. */
export const openReader = (port, text) =>
  new Promise((resolve, reject) => {
    let received = '';
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(text));
    socket.setEncoding('utf8').on('data', (chunk) => (received += chunk));
    socket.on('end', () => resolve(received)).on('error', reject);
  });

function isWhole(answer) {
  const head = answer.indexOf('\r\n\r\n');
  if (head === -1) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(answer.slice(0, head))?.[1];
  return length === undefined ? answer.endsWith('\r\n0\r\n\r\n') : answer.length >= head + 4 + Number(length);
}

export const requestText = (body, headers) =>
  [
    'POST /mcp HTTP/1.1',
    'Host: localhost',
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    ...headers,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
