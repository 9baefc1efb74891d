import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../src/lib/errors.ts';
import { createOutput } from '../../src/terminal/output.ts';
import { terminalPrompts } from '../../src/terminal/wizard-prompts.ts';
import type { Prompts } from '../../src/wizard/prompts.ts';
import { fakeWorld } from '../fake-world.ts';

/** Asks on a terminal where somebody types, each piece once its text is seen. */
async function asking<T>(ask: (prompts: Prompts) => Promise<T>, keys: readonly (readonly [string, string])[]) {
  const { world, stderr } = fakeWorld({ isTTY: true });
  const [input, output] = [new PassThrough(), new PassThrough({ encoding: 'utf8' })];
  let shown = '';
  output.on('data', (text: string) => (shown += text));
  const settings = { output: 'text', color: 'never', quiet: false } as const;
  const prompts = terminalPrompts(world, await createOutput(world, settings), { input, output });
  const answer = ask(prompts).catch((error: unknown) => error);
  for (const [text, typed] of keys) {
    while (!shown.includes(text)) await setImmediate();
    input.write(typed);
  }
  return { answer: await answer, shown, stderr: stderr() };
}

describe('terminalPrompts', () => {
  it('chooses one and several', async () => {
    const choices = [
      { value: 'a', name: 'One' },
      { value: 'b', name: 'Two', checked: true },
    ] as const;
    expect((await asking((prompts) => prompts.select({ message: 'Which?', choices }), [['Two', '\u001B[B\r']])).answer).toBe('b');
    expect((await asking((prompts) => prompts.checkbox({ message: 'Which?', choices }), [['Two', ' \r']])).answer).toEqual([
      'a',
      'b',
    ]);
  });

  it('asks again until the answer is right, without the space around it', async () => {
    const check = async (text: string) => (text === 'right' ? undefined : `${text} is wrong`);
    const keys = [['Word?', ' left \r'] as const, ['left is wrong', '\u0015 right \r'] as const];
    expect((await asking((prompts) => prompts.input({ message: 'Word?', check }), keys)).answer).toBe('right');
    const empty = await asking(
      (prompts) => prompts.input({ message: 'Word?' }),
      [
        ['Word?', '  \r'],
        ['an answer is needed', '\u0015x\r'],
      ],
    );
    expect(empty.answer).toBe('x');
  });

  it('takes what it proposes', async () => {
    expect((await asking((prompts) => prompts.input({ message: 'Word?', initial: 'tools' }), [['Word?', '\r']])).answer).toBe(
      'tools',
    );
    expect((await asking((prompts) => prompts.confirm({ message: 'Sure?', initial: true }), [['Sure?', '\r']])).answer).toBe(
      true,
    );
  });

  it('shows nothing of a password', async () => {
    const { answer, shown } = await asking((prompts) => prompts.password({ message: 'Token?' }), [['Token?', 'canary-7f3a9c\r']]);
    expect(answer).toBe('canary-7f3a9c');
    expect(shown).not.toContain('canary');
  });

  it('is cancelled by Ctrl-C', async () => {
    const { answer } = await asking((prompts) => prompts.input({ message: 'Word?' }), [['Word?', '\u0003']]);
    expect(answer).toBeInstanceOf(Cancelled);
  });

  it('explains and shows on standard error', async () => {
    const { stderr } = await asking(async (prompts) => (prompts.explain('An idea.'), prompts.show('A file.\n')), []);
    expect(stderr).toBe('An idea.\nA file.\n');
  });
});
