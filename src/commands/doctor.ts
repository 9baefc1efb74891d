import { resolve } from 'node:path';
import type { Invocation } from '../cli/command.ts';
import { kinds } from '../kinds/index.ts';
import { exitCodes, type ExitCode } from '../lib/errors.ts';
import { prepare, type Given, type Prepared } from './steps/prepare.ts';
import type { doctorOptions } from './table/doctor.ts';

/** Looks at everything that a portal needs, and says what is missing. Changes nothing. */
export async function run(invocation: Invocation<typeof doctorOptions>): Promise<ExitCode> {
  const { world, global, output } = invocation;
  const document = await documentIfAny(invocation);
  const [{ diagnose }, { doctorJson, doctorText }, { openConnection, namedAccount }] = await Promise.all([
    import('../doctor/diagnose.ts'),
    import('../doctor/report.ts'),
    import('../session.ts'),
  ]);
  const desired = document?.spec.desired;
  const session = { world, global, env: world.env, account: document?.spec.account, kinds, desired: desired ?? [] };
  const checks = await diagnose({
    env: world.env,
    isSandbox: global.sandbox !== undefined,
    open: () => openConnection(session),
    named: namedAccount(session),
    kinds,
    desired,
    now: world.now(),
    nodeVersion: process.version,
  });
  if (output.format === 'json') output.json(doctorJson(checks));
  else output.result(doctorText(checks, output.style));
  return checks.every(({ ok }) => ok) ? exitCodes.done : exitCodes.failed;
}

/** The document that `-f` names, or the usual one where it is there: what a new user does not have yet. */
async function documentIfAny(given: Given): Promise<Prepared | undefined> {
  const { world, global } = given;
  const usual = await Promise.all(['portal.yaml', 'portal.yml'].map((name) => world.files.exists(resolve(world.cwd, name))));
  return global.files.length > 0 || usual.includes(true) ? await prepare(given) : undefined;
}
