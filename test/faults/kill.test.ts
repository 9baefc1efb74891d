import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveAccount } from '../../src/sandbox/server.ts';
import type { Cli } from '../runs/cli.ts';
import { chosen, ground, wrongAfter } from './outcome.ts';
import { secretsOf, nameIn } from './picture.ts';
import { applyWords, documentOf, env, runOn, stage, type Example } from './stage.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
beforeAll(async () => {
  if (!existsSync(`${root}dist/main.js`)) await promisify(execFile)(process.execPath, [`${root}.ci/build.mjs`], { cwd: root });
}, 120_000);

let [cases, lost] = [0, 0];
afterAll(() => process.stderr.write(`killed: ${cases} cases, in ${lost} of them between a new token and its sink\n`));

/** The built program against the account over HTTP, killed as soon as the k-th request is there, or was carried out. */
async function killed(
  one: Cli,
  example: Example,
  { k, when }: { readonly k: number; readonly when: 'asked' | 'done' },
): Promise<void> {
  let count = 0;
  let kill = (): void => {};
  const fetch = async (request: Request): Promise<Response> => {
    count += 1;
    const isDue = count === k;
    if (isDue && when === 'asked') kill();
    const response = await one.account.fetch(request);
    if (isDue && when === 'done') kill();
    return response;
  };
  const served = await serveAccount({ ...one.account, fetch });
  const words = [`${root}bin/mcp-portal.js`, ...applyWords, ...documentOf(example).options];
  const credentials = { CLOUDFLARE_API_TOKEN: 'test', CLOUDFLARE_BASE_URL: served.url };
  const child = spawn(process.execPath, words, {
    cwd: one.cwd,
    stdio: 'ignore',
    env: { PATH: process.env['PATH'], ...env, ...credentials },
  });
  kill = () => child.kill('SIGKILL');
  const signal = await new Promise((resolve) => child.on('close', (_code, by) => resolve(by)));
  await served.close();
  expect(signal).toBe('SIGKILL');
}

/**
 * The tokens that were made while the program died, before their secret was in its sink. Nothing can bring
 * that back, and no plan tells it where no file is there: they are ended by hand.
 */
function ownerless(one: Cli, before: number): readonly string[] {
  const secrets = secretsOf(one);
  const made = one.account.state.service_tokens.slice(before);
  return made.filter(({ client_id: id }) => !secrets.has(id)).map(({ body }) => nameIn(body));
}

describe.each(['chittymcp', 'portal.example'] as const)('SIGKILL in an apply of %s', (example) => {
  it.each(['asked', 'done'] as const)(
    'when a request is %s leaves what the next run completes',
    async (when) => {
      const { foreign, clean } = await ground();
      const found: string[] = [];
      for (const k of chosen((await clean(example)).requests - 4, { stride: 29, offset: when.length })) {
        cases += 1;
        const one = stage(example, foreign);
        await killed(one, example, { k, when });
        const names = ownerless(one, foreign.service_tokens.length);
        lost += names.length;
        for (const name of names) await runOn(one, example, ['service-token', 'revoke', name, '--yes']);
        const met = { code: 1, stdout: '', stderr: '', json: undefined };
        found.push(...(await wrongAfter(one, example, { met, ground: await ground() })).map((each) => `request ${k}: ${each}`));
      }
      expect(found).toEqual([]);
    },
    600_000,
  );
});
