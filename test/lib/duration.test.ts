import { describe, expect, it } from 'vitest';
import { canonicalDuration, parseDuration, parseSpan } from '../../src/lib/duration.ts';

const second = 1_000_000_000n;

describe('parseDuration', () => {
  it.each<[string, bigint]>([
    ['24h', 24n * 3600n * second],
    ['1h30m', 5400n * second],
    ['8760h0m0s', 8760n * 3600n * second],
    ['1.5h', 5400n * second],
    ['.5s', second / 2n],
    ['1.s', second],
    ['300ms', 300_000_000n],
    ['7us', 7_000n],
    ['7µs', 7_000n],
    ['7ns', 7n],
    ['0', 0n],
    ['-1m', -60n * second],
    ['+1m', 60n * second],
    ['30m1h', 5400n * second],
  ])('reads %s', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each(['', '-', '24', '1d', 'h', '.h', '1h 30m', 'forever', '1h30', '1..5h', '9999999999h', '1hx'])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('canonicalDuration', () => {
  it.each([
    ['24h', '24h'],
    ['24h0m0s', '24h'],
    ['90m', '1h30m'],
    ['1.5h', '1h30m'],
    ['3600s', '1h'],
    ['1h0m5s', '1h5s'],
    ['1500ms', '1.5s'],
    ['61500ms', '1m1.5s'],
    ['1500us', '1.5ms'],
    ['1500ns', '1.5µs'],
    ['15ns', '15ns'],
    ['0', '0s'],
    ['-90m', '-1h30m'],
    ['forever', 'forever'],
    ['', ''],
  ])('spells %j as %j', (text, expected) => {
    expect(canonicalDuration(text)).toBe(expected);
  });
});

describe('parseSpan', () => {
  const hour = 3_600_000_000_000n;

  it.each([
    ['30d', 720n * hour],
    ['2w', 336n * hour],
    ['1d12h', 36n * hour],
    ['1w1d', 192n * hour],
    ['24h', 24n * hour],
    ['0', 0n],
  ])('reads %j, with days and weeks', (text, expected) => {
    expect(parseSpan(text)).toBe(expected);
  });

  it.each(['', 'd', '1.5d', '-1d', '-5h', '30', '30days', '1y', '1 d', 'forever'])('knows that %j is none', (text) => {
    expect(parseSpan(text)).toBeUndefined();
  });
});
