import { describe, expect, it } from 'vitest';
import { styleFor, type StyleOptions } from '../../src/terminal/style.ts';

const red = async (options: Partial<StyleOptions>) =>
  (await styleFor({ color: 'auto', env: {}, isTTY: true, ...options })).red('x');
const colored = '\u001b[31mx\u001b[39m';

describe('styleFor', () => {
  it.each([
    ['a terminal', {}, colored],
    ['a file', { isTTY: false }, 'x'],
    ['a dumb terminal', { env: { TERM: 'dumb' } }, 'x'],
    ['NO_COLOR', { env: { NO_COLOR: '1' } }, 'x'],
    ['an empty NO_COLOR', { env: { NO_COLOR: '' } }, colored],
    ['FORCE_COLOR into a file', { isTTY: false, env: { FORCE_COLOR: '1' } }, colored],
    ['FORCE_COLOR=0', { env: { FORCE_COLOR: '0' } }, 'x'],
    ['NO_COLOR and FORCE_COLOR', { env: { NO_COLOR: '1', FORCE_COLOR: '1' } }, 'x'],
    ['--color always against NO_COLOR', { color: 'always', isTTY: false, env: { NO_COLOR: '1' } }, colored],
    ['--color never against FORCE_COLOR', { color: 'never', env: { FORCE_COLOR: '1' } }, 'x'],
  ] satisfies [string, Partial<StyleOptions>, string][])('decides for %s', async (_, options, expected) => {
    expect(await red(options)).toBe(expected);
  });
});
