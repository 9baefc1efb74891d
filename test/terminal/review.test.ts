import { describe, expect, it } from 'vitest';
import { UnsafePlanError } from '../../src/lib/errors.ts';
import { review } from '../../src/terminal/review.ts';
import { fakeWorld } from '../fake-world.ts';

const unasked = () => Promise.reject(new Error('unexpected question'));

describe('review', () => {
  it('asks nothing with --yes', async () => {
    expect(await review({ world: fakeWorld().world, yes: true, confirm: unasked })).toBe(true);
  });

  it('asks on a terminal and gives the answer', async () => {
    const asked: string[] = [];
    const confirm = async (question: string) => {
      asked.push(question);
      return asked.length === 1;
    };
    const { world } = fakeWorld({ isTTY: true });
    expect(await review({ world, yes: false, confirm })).toBe(true);
    expect(await review({ world, yes: false, confirm, question: 'Delete all?' })).toBe(false);
    expect(asked).toEqual(['Apply these changes?', 'Delete all?']);
  });

  it('refuses without a terminal, and names both ways on', async () => {
    const error = await review({ world: fakeWorld().world, yes: false, confirm: unasked }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UnsafePlanError);
    expect(error).toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('--yes'),
      facts: { hint: expect.stringContaining('--dry-run') },
    });
  });

  it('refuses where the question would go into a file', async () => {
    const { world } = fakeWorld({ isTTY: true });
    const stderr = { ...world.stderr, isTTY: false };
    await expect(review({ world: { ...world, stderr }, yes: false, confirm: unasked })).rejects.toThrow(UnsafePlanError);
  });
});
