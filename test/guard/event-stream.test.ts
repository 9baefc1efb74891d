import { describe, expect, it } from 'vitest';
import { eventStream } from '../../src/guard/event-stream.ts';

const encoder = new TextEncoder();
const endpoint = (url: string, end = '\n'): string => `event: endpoint${end}data: ${url}${end}${end}`;

/** What comes out of a stream that arrives in pieces of `size` bytes. */
function through(text: string, size: number, rewriteEndpoint = true): string {
  const stream = eventStream({ rewriteEndpoint });
  const bytes = encoder.encode(text);
  const out: number[] = [];
  for (let at = 0; at < bytes.length; at += size) out.push(...stream.push(bytes.slice(at, at + size)));
  out.push(...stream.end());
  return new TextDecoder().decode(Uint8Array.from(out));
}

const rest = 'event: message\ndata: {"text":"grüße"}\n\n: comment\n\nid: 1\ndata: http://127.0.0.1:1/x\n\n';

describe.each([1, 2, 3, 7, 10_000])('an event stream in pieces of %i bytes', (size) => {
  it.each(['\n', '\r\n', '\r'])('has a whole URL in its endpoint event as a path (line end %j)', (end) => {
    const url = 'http://127.0.0.1:3001/mcp/messages?sessionId=é-1';
    expect(through(endpoint(url, end) + rest, size)).toBe(endpoint('/mcp/messages?sessionId=%C3%A9-1', end) + rest);
  });

  it('finds that event behind comments', () => {
    const before = ': hello\n\nretry: 3000\n\n';
    expect(through(before + endpoint('https://a.example/m') + rest, size)).toBe(before + endpoint('/m') + rest);
  });

  it.each([
    ['a path', endpoint('/messages?sessionId=1') + rest],
    ['another event first', rest + endpoint('http://127.0.0.1:1/m')],
    ['no end', 'event: endpoint\ndata: http://127.0.0.1:1/m'],
    ['no URL', endpoint('http://') + rest],
    ['nothing', ''],
  ])('passes unchanged with %s', (_, text) => {
    expect(through(text, size)).toBe(text);
  });

  it('is left alone where it is no stream of the legacy transport', () => {
    expect(through(endpoint('http://127.0.0.1:1/m'), size, false)).toBe(endpoint('http://127.0.0.1:1/m'));
  });
});

it('does not wait for ever for the end of a first event', () => {
  const text = `event: endpoint\ndata: http://a/${'x'.repeat(9000)}\n\n${rest}`;
  expect(through(text, 1000) === text).toBe(true);
});

it('never lets the path of an endpoint name another host', () => {
  expect(through(endpoint('http://127.0.0.1:1//evil.example/m'), 100)).toBe(endpoint('/.//evil.example/m'));
});

it('says where a comment may stand', () => {
  const stream = eventStream({ rewriteEndpoint: false });
  const after = (text: string): boolean => {
    stream.push(encoder.encode(text));
    return stream.isBetweenEvents;
  };
  expect(stream.isBetweenEvents).toBe(true);
  expect(['data: 1', '\n', '\n', 'data: 2\r\n', '\r', '\n', 'data: 3\r', '\r', 'x'].map(after)).toEqual([
    false,
    false,
    true,
    false,
    false,
    true,
    false,
    true,
    false,
  ]);
});

it('sends what is there at once, save for a first event that is not whole', () => {
  const stream = eventStream({ rewriteEndpoint: true });
  expect(stream.push(encoder.encode(': hello\n\nevent: end')).length).toBe(9);
  expect(stream.isBetweenEvents).toBe(true);
  expect(stream.push(encoder.encode('point\ndata: /m\n\ndata: half')).length).toBe(36);
  expect(stream.push(encoder.encode(' an event')).length).toBe(9);
});
