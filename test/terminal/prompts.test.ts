import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../src/lib/errors.ts';
import { askConfirm, askSecret, askText } from '../../src/terminal/prompts.ts';
import { fakeWorld } from '../fake-world.ts';

/** A terminal with somebody who types once they see the question. */
function terminal() {
  const input = new PassThrough();
  const output = new PassThrough({ encoding: 'utf8' });
  let shown = '';
  output.on('data', (text: string) => {
    shown += text;
  });
  const type = async (question: string, keys: string) => {
    while (!shown.includes(question)) await setImmediate();
    input.write(keys);
  };
  return { streams: { input, output }, input, type, shown: () => shown };
}

const { world } = fakeWorld({ isTTY: true });

describe('askConfirm', () => {
  it.each([
    ['y\r', true],
    ['n\r', false],
    ['\r', false],
  ])('takes %j', async (keys, answer) => {
    const { streams, type, shown } = terminal();
    const asking = askConfirm('Apply these changes?', world, streams);
    await type('Apply these changes?', keys);
    expect(await asking).toBe(answer);
    expect(shown()).toContain('(y/N)');
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('is cancelled by %s', async (_, keys) => {
    const { streams, type } = terminal();
    const asking = askConfirm('Apply these changes?', world, streams);
    const [error] = await Promise.all([asking.catch((reason: unknown) => reason), type('Apply', keys)]);
    expect(error).toBeInstanceOf(Cancelled);
    expect(error).toMatchObject({ exitCode: 130 });
  });

  it('is cancelled when the input ends, and when the run is interrupted', async () => {
    const { streams, input } = terminal();
    const ended = askConfirm('Apply?', world, streams);
    input.end();
    await expect(ended).rejects.toThrow(Cancelled);
    const interrupted = fakeWorld({ isTTY: true, signal: AbortSignal.abort() }).world;
    await expect(askConfirm('Apply?', interrupted, terminal().streams)).rejects.toThrow(Cancelled);
  });
});

describe('askSecret', () => {
  it('shows nothing of what is typed', async () => {
    const canary = 'canary-7f3a9c0e51d2';
    const { streams, type, shown } = terminal();
    const asking = askSecret('Secret for server:github:', world, streams);
    await type('Secret for server:github:', `${canary}\r`);
    expect(await asking).toBe(canary);
    expect(shown()).not.toContain(canary);
    expect(shown()).not.toContain(canary.slice(0, 8));
  });
});

describe('askText', () => {
  it('takes a line', async () => {
    const { streams, type } = terminal();
    const asking = askText('Where to?', world, streams);
    await type('Where to?', 'dotenv:.env\r');
    expect(await asking).toBe('dotenv:.env');
  });
});

describe('an error of another kind', () => {
  it('is not taken for a cancellation', async () => {
    const { prompting } = await import('../../src/terminal/prompts.ts');
    const broken = prompting(world, () => Promise.reject(new TypeError('bug')), terminal().streams);
    await expect(broken).rejects.toThrow(TypeError);
  });
});
