import { afterAll, describe, expect, it } from 'vitest';
import type { Cli } from '../runs/cli.ts';
import { chosen, ground, wrongAfter } from './outcome.ts';
import { applyWords, examples, runOn, stage } from './stage.ts';

let cases = 0;
afterAll(() => process.stderr.write(`interruptions: ${cases} cases\n`));

/** Ctrl-C as soon as the k-th request is made, or as soon as it is answered. */
function interrupted(one: Cli, k: number, when: 'asked' | 'answered') {
  const controller = new AbortController();
  let count = 0;
  const fetch = async (request: Request): Promise<Response> => {
    count += 1;
    const isDue = count === k;
    if (isDue && when === 'asked') controller.abort();
    const response = await one.account.fetch(request);
    if (isDue && when === 'answered') controller.abort();
    return response;
  };
  return { fetch, signal: controller.signal };
}

describe.each(examples)('Ctrl-C in an apply of %s', (example) => {
  it.each(['asked', 'answered'] as const)(
    'at any request that is %s leaves what the next run completes',
    async (when) => {
      const { requests, writes } = await (await ground()).clean(example);
      const found: string[] = [];
      for (const k of chosen(requests, { stride: 23, offset: examples.indexOf(example) + when.length })) {
        cases += 1;
        const one = stage(example, (await ground()).foreign);
        const met = await runOn(one, example, applyWords, interrupted(one, k, when));
        const isOver = one.writes().length >= writes;
        if (met.code !== 130 && !isOver) found.push(`request ${k}: exit code ${met.code}: ${met.stderr}`);
        const wrong = await wrongAfter(one, example, { met, ground: await ground() });
        found.push(...wrong.map((each) => `request ${k}: ${each}`));
      }
      expect(found).toEqual([]);
    },
    600_000,
  );
});
