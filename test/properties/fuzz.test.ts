import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { UserError } from '../../src/lib/errors.ts';
import { cli, portal } from '../runs/cli.ts';
import { runSandbox } from '../support/run-sandbox.ts';
import { document, env, runs, seed } from './documents.ts';

/** Whether it succeeds, or ends with an error of ours. */
function isOurs(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof UserError) return true;
    throw error;
  }
}

it('the loader takes any text or says what is wrong with it', () => {
  const sandbox = runSandbox();
  const piece = fc.constantFrom(
    'version: 1\n',
    'servers:\n',
    '  a: ',
    '{ ',
    '}',
    '[',
    ']',
    ': ',
    '- ',
    '&a ',
    '*a',
    '<<: ',
    '!!map ',
    '|\n',
    '"',
    "'",
    '\t',
    '${',
    '}',
    '$${X',
    'env:',
    'file:',
    'cmd:',
    'url: https://a.example.com\n',
    '\u0000',
    '\u2028',
    '# x\n',
    '---\n',
    '\r\n',
  );
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 25 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (yaml) => {
      expect(isOurs(() => sandbox.load(yaml, env))).toBe(true);
    }),
    { numRuns: runs(1500), ...seed },
  );
}, 600_000);

it('a document with any value in any place is loaded or refused', () => {
  const sandbox = runSandbox();
  const odd = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      '',
      [],
      {},
      0,
      -1,
      true,
      '${',
      '${X}',
      '${X:-}',
      'env:',
      'env:1',
      'file:',
      '-',
      '__proto__',
      'constructor',
      [null],
      { '': null },
    ),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(document, odd, fc.nat(), (wanted, value, place) => {
      const copy = structuredClone(wanted);
      const spots = spotsIn(copy);
      const spot = spots[place % spots.length];
      if (spot !== undefined) spot.within[spot.key] = value;
      expect(isOurs(() => sandbox.load(stringify(copy), env))).toBe(true);
    }),
    { numRuns: runs(1000), ...seed },
  );
}, 600_000);

type Spot = { readonly within: Record<string, unknown>; readonly key: string };

/** Every member at every depth. */
function spotsIn(value: unknown): readonly Spot[] {
  if (typeof value !== 'object' || value === null) return [];
  const within = value as Record<string, unknown>;
  return Object.entries(within).flatMap(([key, inner]) => [{ within, key }, ...spotsIn(inner)]);
}

it('an answer with missing, null and further members ends in success or in an error of ours', async () => {
  const odd = fc.oneof(fc.constant(undefined), fc.constantFrom<unknown>(null, '', [], {}, 0, 'x', [null], true));
  await fc.assert(
    fc.asyncProperty(odd, fc.nat(), fc.nat({ max: 11 }), async (value, place, k) => {
      const one = cli({ files: { 'portal.yaml': portal } });
      await one.run('apply --yes');
      let count = 0;
      const fetch = async (request: Request): Promise<Response> => {
        const response = await one.account.fetch(request);
        count += 1;
        if (count !== k + 1) return response;
        const answer = JSON.parse(await response.text());
        const spots = spotsIn({ result: answer.result, extra: 1 });
        const spot = spots[place % spots.length];
        if (spot !== undefined) spot.within[spot.key] = value;
        const result = spot?.key === 'result' ? value : answer.result;
        return Response.json({ ...answer, result, extra: value }, { status: response.status });
      };
      for (const line of ['plan', 'drift', 'export --all', 'list-servers', 'destroy --yes']) {
        count = 0;
        const { code, stderr } = await one.run(line, { fetch });
        expect({ line, code, stderr, trace: /^(bug: |\s+at )/m.test(stderr) }).toMatchObject({ line, trace: false });
      }
    }),
    { numRuns: runs(60), ...seed },
  );
}, 600_000);
