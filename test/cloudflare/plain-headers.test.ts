import { expect, it } from 'vitest';
import { PlainHeaders } from '../../src/cloudflare/plain-headers.ts';

it('answers as the global Headers does for what the SDK asks', () => {
  const outcome = (headers: Headers | PlainHeaders): unknown => {
    headers.append('Accept', 'application/json');
    headers.append('X-One', 'a');
    headers.append('x-one', 'b');
    headers.append('X-Gone', 'c');
    headers.delete('x-gone');
    return [
      [...headers],
      [...headers.entries()],
      headers.get('X-ONE'),
      headers.get('X-Gone'),
      headers.has('accept'),
      headers.has('x-gone'),
    ];
  };
  expect(outcome(new PlainHeaders())).toEqual(outcome(new Headers()));
});
