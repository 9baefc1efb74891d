import type { SandboxState } from '../../src/sandbox/state.ts';
import type { Cli, Ran } from '../runs/cli.ts';
import { lostSecrets, picture, touched } from './picture.ts';
import { applyWords, foreignAccount, runOn, stage, type Example } from './stage.ts';

export type Clean = { readonly requests: number; readonly writes: number; readonly picture: readonly string[] };
export type Ground = { readonly foreign: SandboxState; clean(example: Example): Promise<Clean> };

let shared: Promise<Ground> | undefined;

/** An account with foreign objects, and what each example looks like in it after a run in which nothing fails. */
export const ground = (): Promise<Ground> => (shared ??= prepared());

async function prepared(): Promise<Ground> {
  const foreign = await foreignAccount();
  const known = new Map<Example, Clean>();
  return {
    foreign,
    async clean(example) {
      const seen = known.get(example);
      if (seen !== undefined) return seen;
      const one = stage(example, foreign);
      const { code, stderr } = await runOn(one, example, applyWords);
      if (code !== 0) throw new Error(`${example} cannot be applied: ${stderr}`);
      const clean = { requests: one.account.requests.length, writes: one.writes().length, picture: picture(one) };
      known.set(example, clean);
      return clean;
    },
  };
}

/** What a failed run told that a person has to do: a token whose secret nobody has is ended by hand. */
async function heed(one: Cli, example: Example, { stdout, stderr }: Ran): Promise<void> {
  if (!(stdout + stderr).includes('nobody has its secret')) return;
  const hit = /service token "([^"]+)"/.exec(stdout + stderr)?.[1];
  if (hit !== undefined && one.account.state.service_tokens.some(({ body }) => body['name'] === hit))
    await runOn(one, example, ['service-token', 'revoke', hit, '--yes']);
}

/** What is wrong after a run that met faults and one that met none; empty is what has to be. */
export async function wrongAfter(
  one: Cli,
  example: Example,
  { met, ground: { foreign, clean } }: { readonly met: Ran; readonly ground: Ground },
): Promise<readonly string[]> {
  const wrong: string[] = [];
  if (/^(bug: |\s+at )/m.test(met.stdout + met.stderr)) wrong.push(`a stack trace: ${met.stderr}`);
  if (![0, 1, 3, 130].includes(met.code)) wrong.push(`exit code ${met.code}`);
  one.account.faults.clear();
  await heed(one, example, met);
  const again = await runOn(one, example, applyWords);
  if (again.code !== 0) return [...wrong, `the next run failed: ${again.stderr}${again.stdout}`];
  const last = await runOn(one, example, ['plan']);
  if (!last.stdout.includes('No changes.')) wrong.push(`there is more to do: ${last.stdout}`);
  const [is, wanted] = [picture(one), (await clean(example)).picture];
  const extra = is.filter((line) => !wanted.includes(line));
  const missing = wanted.filter((line) => !is.includes(line));
  if (is.length !== wanted.length) wrong.push(`${is.length} objects in the place of ${wanted.length}`);
  if (extra.length + missing.length > 0) wrong.push(`other state:\n+ ${extra.join('\n+ ')}\n- ${missing.join('\n- ')}`);
  for (const name of lostSecrets(one, foreign)) wrong.push(`nobody has the secret of ${name}`);
  for (const name of touched(one, foreign)) wrong.push(`the foreign ${name} was touched`);
  return wrong;
}

/** Every `stride`-th number up to `count`; where all are wanted, each of them. The first depends on `offset`. */
export function chosen(
  count: number,
  { stride, offset }: { readonly stride: number; readonly offset: number },
): readonly number[] {
  const step = process.env['FAULTS'] === 'all' ? 1 : stride;
  return Array.from({ length: count }, (_, index) => index + 1).filter((index) => (index + offset) % step === 0);
}
