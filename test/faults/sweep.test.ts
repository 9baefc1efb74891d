import { afterAll, describe, expect, it } from 'vitest';
import { chosen, ground, wrongAfter } from './outcome.ts';
import { applyWords, examples, runOn, stage, type Example } from './stage.ts';
import { faultyNetwork, hangs, wayNames, ways, type WayName } from './ways.ts';

let cases = 0;
afterAll(() => process.stderr.write(`fault sweep: ${cases} cases\n`));

type Fault = { readonly way: WayName; readonly isDue: (index: number) => boolean; readonly stale?: boolean };

/** One faulty run of an example with all that has to be true afterwards. */
async function problems(
  example: Example,
  { way, isDue, stale = false }: Fault,
): Promise<{ code: number; wrong: readonly string[]; said: string }> {
  cases += 1;
  const where = await ground();
  const one = stage(example, where.foreign);
  if (stale) one.account.faults.staleReadsMs = 2000;
  const timeout = hangs(way) ? ['--timeout', '0.15'] : [];
  const met = await runOn(one, example, [...applyWords, ...timeout], faultyNetwork(one, ways[way], isDue));
  return { code: met.code, said: met.stdout + met.stderr, wrong: await wrongAfter(one, example, { met, ground: where }) };
}

const minutes = (count: number): number => count * 60_000;

describe.each(examples)('%s', (example) => {
  // By default each way meets one example; FAULTS=all is every way, example and request.
  const isChosen = (way: WayName): boolean =>
    process.env['FAULTS'] === 'all' || wayNames.indexOf(way) % examples.length === examples.indexOf(example);

  describe.each(wayNames.filter(isChosen))('%s', (way) => {
    const offset = wayNames.indexOf(way) * 3 + examples.indexOf(example);

    it(
      'of any one request is made up for by the run itself',
      async () => {
        const { requests } = await (await ground()).clean(example);
        const found: string[] = [];
        for (const k of chosen(requests, { stride: 47, offset })) {
          const { code, wrong, said } = await problems(example, { way, isDue: (index) => index === k });
          if (code !== 0) found.push(`request ${k}: exit code ${code}: ${said}`);
          found.push(...wrong.map((each) => `request ${k}: ${each}`));
        }
        expect(found).toEqual([]);
      },
      minutes(15),
    );

    it.runIf(!hangs(way) && way !== 'a slow answer')(
      'of every request from one on leaves what the next run completes',
      async () => {
        const { requests } = await (await ground()).clean(example);
        const found: string[] = [];
        for (const k of chosen(requests, { stride: 61, offset: offset + 1 })) {
          const { wrong } = await problems(example, { way, isDue: (index) => index >= k });
          found.push(...wrong.map((each) => `from request ${k}: ${each}`));
        }
        expect(found).toEqual([]);
      },
      minutes(15),
    );

    it(
      'of every n-th request leaves what the next run completes',
      async () => {
        const found: string[] = [];
        for (const n of chosen(6, { stride: 24, offset }).map((each) => each + 1)) {
          const { wrong } = await problems(example, { way, isDue: (index) => index % n === 0 });
          found.push(...wrong.map((each) => `every ${n}th request: ${each}`));
        }
        expect(found).toEqual([]);
      },
      minutes(5),
    );

    it(
      'of any one request, while listings lag two seconds behind, leaves what the next run completes',
      async () => {
        const { requests } = await (await ground()).clean(example);
        const found: string[] = [];
        for (const k of chosen(requests, { stride: 97, offset: offset + 2 })) {
          const { wrong } = await problems(example, { way, isDue: (index) => index === k, stale: true });
          found.push(...wrong.map((each) => `request ${k}, stale: ${each}`));
        }
        expect(found).toEqual([]);
      },
      minutes(15),
    );
  });
});
