import { PassThrough } from 'node:stream';
import { WriteStream } from 'node:tty';
import { describe, expect, it } from 'vitest';
import { progress } from '../../src/terminal/progress.ts';
import { fakeWorld, type FakeWorldOptions } from '../fake-world.ts';

/** A terminal that keeps what is written to it. */
function screen(columns = 80) {
  const through = new PassThrough({ encoding: 'utf8' });
  let shown = '';
  through.on('data', (text: string) => {
    shown += text;
  });
  const { clearLine, clearScreenDown, cursorTo, moveCursor, getWindowSize } = WriteStream.prototype;
  // The methods of a terminal on a stream in memory: all that a spinner uses.
  const stream = Object.assign(through, {
    isTTY: true,
    columns,
    rows: 24,
    clearLine,
    clearScreenDown,
    cursorTo,
    moveCursor,
    getWindowSize,
  }) as unknown as NodeJS.WriteStream;
  return { stream, shown: () => shown };
}

async function steps(options: FakeWorldOptions, quiet = false, columns = 80): Promise<string> {
  const { stream, shown } = screen(columns);
  const shownBy = await progress(fakeWorld(options).world, { quiet }, stream);
  shownBy.step('1/2 server:a\u001b[2J');
  shownBy.step('2/2 server:b');
  shownBy.done();
  return shown();
}

describe('progress', () => {
  it('is silent on a terminal that does not say how wide it is', async () => {
    expect(await steps({ isTTY: true }, false, 0)).toBe('');
  });

  it('spins on a terminal, without obeying what names say', async () => {
    const shown = await steps({ isTTY: true });
    expect(shown).toContain('1/2 server:a\\u001b[2J');
    expect(shown).not.toContain('\u001b[2J');
  });

  it.each([
    ['a file', { isTTY: false }, false],
    ['CI', { isTTY: true, env: { CI: 'true' } }, false],
    ['a dumb terminal', { isTTY: true, env: { TERM: 'dumb' } }, false],
    ['--quiet', { isTTY: true }, true],
  ])('writes nothing with %s', async (_, options, quiet) => {
    expect(await steps(options, quiet)).toBe('');
  });
});
