import { describe, expect, it } from 'vitest';
import { readRpc } from '../../src/guard/rpc.ts';

const read = (message: unknown) => readRpc(JSON.stringify(message));
const toolCall = (id: number, name: string) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: { id } },
});

describe('the body of a request', () => {
  it('names its method, its tool, and what the tool is called with', () => {
    expect(read(toolCall(7, 'search'))).toEqual({ method: 'tools/call', tool: 'search', cost: 1, arguments: { id: 7 } });
    expect(read({ id: 1, method: 'tools/list' })).toEqual({
      method: 'tools/list',
      tool: undefined,
      cost: 1,
      arguments: undefined,
    });
  });

  it.each([
    ['a notification', { method: 'notifications/initialized' }, 0],
    ['a ping', { id: 1, method: 'ping' }, 0],
    ['an answer to the server', { id: 1, result: { action: 'accept' } }, 0],
    ['an error for the server', { id: 1, error: { code: -1, message: 'no' } }, 0],
    ['a request in the clothes of a notification', { id: 1, method: 'notifications/x' }, 1],
    ['a request without an id', { method: 'tools/call' }, 1],
    ['an empty object', {}, 1],
    ['an empty batch', [], 1],
    ['a text', 'ping', 1],
    ['nothing', null, 1],
    ['a method that is no text', { id: 1, method: ['ping'] }, 1],
  ])('costs as it should: %s', (_, message, cost) => {
    expect(read(message).cost).toBe(cost);
  });

  it('is summed up where it is a batch', () => {
    const batch = [toolCall(1, 'a'), toolCall(2, 'b'), { id: 3, method: 'ping' }, toolCall(4, 'a'), 5];
    expect(read(batch)).toEqual({
      method: 'tools/call,ping',
      tool: 'a,b',
      cost: 4,
      arguments: [{ id: 1 }, { id: 2 }, { id: 4 }],
    });
  });

  it.each(['', '{', 'hello', '\u0000', '\uFEFF{}'])('may be anything: %j', (body) => {
    expect(readRpc(body)).toEqual({ method: undefined, tool: undefined, cost: 1, arguments: undefined });
  });
});
