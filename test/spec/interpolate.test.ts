import { describe, expect, it } from 'vitest';
import { interpolate, isOneVariable } from '../../src/spec/interpolate.ts';

const env = { HOST: 'example.com', EMPTY: '', DOLLAR: '${HOST}' };

describe('interpolate', () => {
  it.each([
    ['https://${HOST}/mcp', 'https://example.com/mcp'],
    ['${HOST}${HOST}', 'example.comexample.com'],
    ['${NONE:-fallback}', 'fallback'],
    ['${NONE:-}', ''],
    ['${EMPTY:-fallback}', 'fallback'],
    ['${EMPTY}', ''],
    ['${HOST:-fallback}', 'example.com'],
    ['$${HOST}', '${HOST}'],
    ['$$${HOST}', '$${HOST}'],
    ['$HOST $ {HOST}', '$HOST $ {HOST}'],
    ['${DOLLAR}', '${HOST}'],
    ['${NONE:-a:-b/c d}', 'a:-b/c d'],
  ])('turns %j into %j', (text, expected) => {
    expect(interpolate(text, env)).toEqual({ text: expected, bad: [] });
  });

  it('names every variable that is missing and leaves it as it is', () => {
    expect(interpolate('${A}/${HOST}/${B}', env)).toEqual({
      text: '${A}/example.com/${B}',
      bad: [
        { is: 'missing', name: 'A' },
        { is: 'missing', name: 'B' },
      ],
    });
  });

  it.each(['${}', '${1A}', '${HOST', '${HOST-x}', '${HOST:?needed}', '${ HOST }', '${A:-${B}}'])('cannot read %j', (text) => {
    expect(interpolate(text, env).bad[0]).toMatchObject({ is: 'malformed' });
  });

  it('does not take what every object has for a variable', () => {
    expect(interpolate('${constructor}', env).bad).toEqual([{ is: 'missing', name: 'constructor' }]);
  });

  it('knows text that is one variable only', () => {
    expect(['${A}', '${A:-1}', '${A}${B}', 'x${A}', '$${A}'].map(isOneVariable)).toEqual([true, true, false, false, false]);
  });
});
