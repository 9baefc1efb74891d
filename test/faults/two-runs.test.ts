import { afterAll, describe, expect, it } from 'vitest';
import type { SandboxState } from '../../src/sandbox/state.ts';
import { cli, type Cli, type Ran } from '../runs/cli.ts';
import { lostSecrets, picture, secretsOf, touched } from './picture.ts';
import { chosen, ground } from './outcome.ts';
import { applyWords, documentOf, env, examples, runOn, stage, type Example } from './stage.ts';

let [cases, twins] = [0, 0];
afterAll(() => process.stderr.write(`two runs at a time: ${cases} cases, ${twins} with two tokens\n`));

/** Two folders in front of one account. */
function pair(example: Example, state: SandboxState): readonly [Cli, Cli] {
  const one = stage(example, state);
  return [one, cli({ files: documentOf(example).files, env, account: { state: one.account.state } })];
}

/** The second run as a whole, while the k-th request of the first one is on its way. */
async function oneInsideTheOther(example: Example, k: number, state: SandboxState): Promise<readonly [Cli, Ran, Cli, Ran]> {
  const [one, other] = pair(example, state);
  let count = 0;
  let inner: Ran | undefined;
  const fetch = async (request: Request): Promise<Response> => {
    count += 1;
    if (count === k) inner = await runOn(other, example, applyWords);
    return one.account.fetch(request);
  };
  const outer = await runOn(one, example, [...applyWords, '--concurrency', '1'], { fetch });
  return [one, outer, other, inner ?? outer];
}

/** Turns taken request by request. */
async function sideBySide(example: Example, lead: number, state: SandboxState): Promise<readonly [Cli, Ran, Cli, Ran]> {
  const [one, other] = pair(example, state);
  let count = 0;
  let go = (): void => {};
  const started = new Promise<void>((resolve) => (go = resolve));
  const fetch = async (request: Request): Promise<Response> => {
    count += 1;
    if (count === lead) go();
    await new Promise((resolve) => setTimeout(resolve, 1));
    return one.account.fetch(request);
  };
  const second = started.then(() =>
    runOn(other, example, applyWords, {
      fetch: async (request) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        return one.account.fetch(request);
      },
    }),
  );
  const outer = await runOn(one, example, applyWords, { fetch });
  go();
  return [one, outer, other, await second];
}

/**
 * A token of the other run that came while ours was on its way: the one thing that two runs can make twice.
 * The run tells both ids, and a person ends the one that is not wanted.
 */
async function heedTwins(one: Cli, outer: Ran, inner: Ran): Promise<void> {
  const said = outer.stdout + outer.stderr + inner.stdout + inner.stderr;
  const tokens = one.account.state.service_tokens.filter(({ id }) => said.includes(id));
  const names = tokens.map(({ body }) => body['name']);
  const twin = tokens.find(({ client_id: id }) => secretsOf(one).has(id));
  if (new Set(names).size === names.length || twin === undefined) return;
  twins += 1;
  await one.send('DELETE', `~/access/service_tokens/${twin.id}`);
}

async function wrongBetween(
  [one, outer, other, inner]: readonly [Cli, Ran, Cli, Ran],
  example: Example,
): Promise<readonly string[]> {
  cases += 1;
  const { foreign, clean } = await ground();
  const wrong: string[] = [];
  for (const { code, stdout, stderr } of [outer, inner]) {
    if (![0, 1, 3].includes(code)) wrong.push(`exit code ${code}`);
    if (/^(bug: |\s+at )/m.test(stdout + stderr)) wrong.push(`a stack trace: ${stderr}`);
  }
  const wanted = (await clean(example)).picture;
  await heedTwins(one, outer, inner);
  const again = await runOn(one, example, applyWords);
  if (again.code !== 0) return [...wrong, `outer ${outer.code}, inner ${inner.code}, next: ${again.stderr}`];
  if (one.account.state.service_tokens.length > foreign.service_tokens.length) {
    const [mine, theirs] = [secretsOf(one), secretsOf(other)];
    const all = new Map([...mine, ...theirs]);
    const ids = one.account.state.service_tokens.slice(foreign.service_tokens.length).map(({ client_id: id }) => id);
    if (!ids.every((id) => all.has(id))) wrong.push('a secret was lost');
  }
  const holder = [one, other].find((each) => lostSecrets(each, foreign).length === 0);
  if (holder === undefined) return [...wrong, 'nobody has the secrets'];
  const is = picture(holder);
  const extra = is.filter((line) => !wanted.includes(line));
  if (is.length !== wanted.length || extra.length > 0)
    wrong.push(`outer ${outer.code}, inner ${inner.code}: ${is.length} of ${wanted.length}\n+ ${extra.join('\n+ ')}`);
  for (const name of touched(one, foreign)) wrong.push(`the foreign ${name} was touched`);
  return wrong;
}

describe.each(examples)('two applies of %s at the same time', (example) => {
  it('give one account, where the one runs within a request of the other', async () => {
    const { foreign, clean } = await ground();
    const found: string[] = [];
    for (const k of chosen((await clean(example)).requests, { stride: 17, offset: examples.indexOf(example) })) {
      const wrong = await wrongBetween(await oneInsideTheOther(example, k, foreign), example);
      found.push(...wrong.map((each) => `in request ${k}: ${each}`));
    }
    expect(found).toEqual([]);
  }, 600_000);

  it('give one account, where they take turns', async () => {
    const { foreign, clean } = await ground();
    const found: string[] = [];
    for (const lead of chosen((await clean(example)).requests, { stride: 29, offset: examples.indexOf(example) })) {
      const wrong = await wrongBetween(await sideBySide(example, lead, foreign), example);
      found.push(...wrong.map((each) => `after request ${lead}: ${each}`));
    }
    expect(found).toEqual([]);
  }, 600_000);
});
