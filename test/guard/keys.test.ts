import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newKey, sha256 } from '../../src/guard/digest.ts';
import { digestOfEntry, findKey, keyEntries, knownKey, presentedKeys } from '../../src/guard/keys.ts';

const hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const known = ['dev-abc123', 'dev-def456'].map((key) => knownKey(sha256(key)));
const presented = (headers: Record<string, string>): readonly string[] => presentedKeys((name) => headers[name]);

describe('a list of keys', () => {
  it('is parted by commas and lines, with comments', () => {
    expect(keyEntries(' a, b ,,\r\n# c, d\n  # e\nf\n')).toEqual(['a', 'b', 'f']);
    expect(keyEntries(' ,\n# only comments\n')).toEqual([]);
  });

  it('may hold digests in place of keys', () => {
    expect(digestOfEntry(`sha256:${hex('k').toUpperCase()}`)).toEqual(Uint8Array.from(Buffer.from(hex('k'), 'hex')));
    expect(digestOfEntry('k')).toBeUndefined();
    expect(digestOfEntry('sha256:abc')).toBe('malformed');
  });
});

describe('a request', () => {
  it('presents keys in three headers', () => {
    expect(presented({ 'x-api-key': 'a', authorization: 'bearer  b', 'x-auth-token': 'c' })).toEqual(['a', 'b', 'c']);
  });

  it('presents nothing with other schemes, empty headers, or without end', () => {
    expect(presented({ authorization: 'Basic YTpi', 'x-api-key': '', 'x-auth-token': 'x'.repeat(1025) })).toEqual([]);
    expect(presented({ authorization: 'Bearer' })).toEqual([]);
  });
});

describe('a key', () => {
  it('is known by its digest, and named by eight digits of it', () => {
    const found = findKey(known, sha256('dev-def456'));
    expect(found).toMatchObject({ hex: hex('dev-def456'), id: hex('dev-def456').slice(0, 8) });
    expect(JSON.stringify(known)).not.toContain('dev-');
  });

  it.each(['', 'dev-abc12', 'dev-abc1234', 'DEV-ABC123', hex('dev-abc123')])('is not opened by %j', (guess) => {
    expect(findKey(known, sha256(guess))).toBeUndefined();
  });

  it('is never known by a part of its digest', () => {
    const [first] = known;
    expect(findKey(known, (first?.digest ?? new Uint8Array(0)).slice(0, 31))).toBeUndefined();
    expect(findKey(known, new Uint8Array(0))).toBeUndefined();
  });

  it('is made anew each time, of characters that need no quoting', () => {
    expect(newKey()).toMatch(/^mcpk_[\w-]{43}$/);
    expect(newKey()).not.toBe(newKey());
  });
});
