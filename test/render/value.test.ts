import { describe, expect, it } from 'vitest';
import { neutral, renderCut, renderPair, renderValue } from '../../src/render/value.ts';
import { Secret } from '../../src/secrets/secret.ts';

describe('renderValue', () => {
  it.each([
    ['Health ledger', 'Health ledger'],
    ['https://host.example.com:8443/mcp?a=b', 'https://host.example.com:8443/mcp?a=b'],
    ['Zoë’s 東京', 'Zoë’s 東京'],
    ['', '""'],
    ['true', '"true"'],
    ['42', '"42"'],
    ['null', '"null"'],
    [' padded', '" padded"'],
    ['padded ', '"padded "'],
    ['a: b', '"a: b"'],
    ['a, b', '"a, b"'],
    ['a\nb', '"a\\nb"'],
    ['(none)', '"(none)"'],
    ['(secret)', '(secret)'],
    ['(known after apply)', '(known after apply)'],
    [true, 'true'],
    [42, '42'],
    [null, '(none)'],
    [undefined, '(none)'],
    [[], '[]'],
    [['a', 'b c', null, ['d']], '[a, b c, null, [d]]'],
    [{}, '{}'],
    [{ alias: 'find', enabled: false, gone: undefined }, '{ alias: find, enabled: false }'],
    [Secret.of('env:T', 'canary-value'), '(secret)'],
    [{ headers: { 'X-Key': Secret.of('env:T', 'canary-value') } }, '{ headers: { X-Key: (secret) } }'],
  ])('shows %j as %s', (value, text) => {
    expect(renderValue(value)).toBe(text);
  });

  it('disarms what a terminal would obey and nobody would see', () => {
    expect(neutral('a\u001b[2J\u009b1m\u202Eb\u200Bc\r\n\u2028')).toBe('a\\u001b[2J\\u009b1m\\u202eb\\u200bc\\r\\n\\u2028');
    expect(neutral('👩‍💻 ok')).toBe('👩‍💻 ok');
    expect(renderValue('x\u001b[31m')).toBe('"x\\u001b[31m"');
    expect(renderValue('x\u202Ey')).toBe('"x\\u202ey"');
  });
});

describe('long values', () => {
  it('are cut with a count', () => {
    expect(renderCut('a'.repeat(130), 120)).toBe(`${'a'.repeat(120)}… (10 more characters)`);
    expect(renderCut('😀'.repeat(3), 10)).toBe(JSON.stringify('😀😀😀'));
  });

  it('keep their first difference in sight on both sides', () => {
    const [before, after] = renderPair(`${'a'.repeat(500)}X`, `${'a'.repeat(500)}Y`, 40);
    expect(before).toBe(`…${'a'.repeat(10)}X`);
    expect(after).toBe(`…${'a'.repeat(10)}Y`);
  });

  it('stay whole when both are short', () => {
    expect(renderPair('abc', 'abd', 40)).toEqual(['abc', 'abd']);
  });
});
