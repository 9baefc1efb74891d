import { describe, expect, it } from 'vitest';
import { createBuckets } from '../../src/guard/buckets.ts';

function bucketsAt(limit = { rps: 2, burst: 5 }) {
  let ms = 0;
  const buckets = createBuckets(limit, () => ms);
  return { take: buckets.take, after: (more: number) => void (ms += more) };
}

describe('a bucket', () => {
  it('gives its burst at once, then its rate, and says how long to wait', () => {
    const { take, after } = bucketsAt();
    expect(Array.from({ length: 6 }, () => take('a', 1))).toEqual([0, 0, 0, 0, 0, 1]);
    after(500);
    expect([take('a', 1), take('a', 1)]).toEqual([0, 1]);
    after(60_000);
    expect(Array.from({ length: 6 }, () => take('a', 1))).toEqual([0, 0, 0, 0, 0, 1]);
  });

  it('takes nothing where it refuses', () => {
    const { take, after } = bucketsAt({ rps: 1, burst: 3 });
    expect([take('a', 2), take('a', 3), take('a', 1)]).toEqual([0, 2, 0]);
    after(1000);
    expect(take('a', 1)).toBe(0);
  });

  it('is one for each key', () => {
    const { take } = bucketsAt({ rps: 2, burst: 1 });
    expect([take('a', 1), take('a', 1), take('b', 1)]).toEqual([0, 1, 0]);
  });

  it('lets a batch that is longer than the burst through when it is full', () => {
    const { take } = bucketsAt();
    expect([take('a', 50), take('a', 1)]).toEqual([0, 1]);
  });

  it('refills slowly below one request per second', () => {
    const { take, after } = bucketsAt({ rps: 0.1, burst: 1 });
    expect([take('a', 1), take('a', 1)]).toEqual([0, 10]);
    after(9_999);
    expect(take('a', 1)).toBe(1);
    after(1);
    expect(take('a', 1)).toBe(0);
  });

  it('has no bottom without a rate, and costs nothing for what is free', () => {
    const { take } = bucketsAt({ rps: 0, burst: 1 });
    expect(Array.from({ length: 99 }, () => take('a', 1)).every((wait) => wait === 0)).toBe(true);
    const limited = bucketsAt({ rps: 1, burst: 1 });
    expect([limited.take('a', 1), limited.take('a', 0)]).toEqual([0, 0]);
  });

  it('is forgotten when 10,000 others were used since', () => {
    const { take } = bucketsAt({ rps: 1, burst: 1 });
    take('a', 1);
    take('b', 1);
    for (let at = 0; at < 9_998; at += 1) take(`n${at}`, 1);
    expect(take('a', 1)).toBe(1);
    take('one more', 1);
    expect([take('a', 1), take('b', 1)]).toEqual([1, 0]);
  });
});
