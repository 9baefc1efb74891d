import { expect, it } from 'vitest';
import { lifeUntil, timeOf } from '../../src/doctor/dates.ts';

const now = new Date('2026-01-02T03:04:05Z');

it.each([
  ['2026-01-02T03:04:05Z', { is: 'over', words: 'expired on 2026-01-02' }],
  ['2026-01-02T23:00:00Z', { is: 'near', words: 'expires in less than a day (2026-01-02)' }],
  ['2026-01-03T04:00:00Z', { is: 'near', words: 'expires in 1 day (2026-01-03)' }],
  ['2026-02-01T03:04:05Z', { is: 'near', words: 'expires in 30 days (2026-02-01)' }],
  ['2026-02-01T03:04:06Z', { is: 'far', words: 'expires on 2026-02-01' }],
  ['never', undefined],
  [undefined, undefined],
])('an end at %s is told from now', (end, told) => {
  expect(lifeUntil(end, now)).toEqual(told);
});

it('a time without a zone is UTC', () => {
  expect(timeOf('2026-01-02 03:04:05')).toBe(now.getTime());
});
