import type { Invocation } from '../cli/command.ts';
import { Cancelled, exitCodes, UsageError, type ExitCode } from '../lib/errors.ts';
import type { Check } from '../verify/check.ts';
import { checkText, summary, verifyJson, verifyMarkdown, verifyText } from '../verify/report.ts';
import { verifyRound, type Round } from './steps/verify-round.ts';
import type { verifyOptions } from './table/verify.ts';

type VerifyInvocation = Invocation<typeof verifyOptions>;

/** Checks the portals once, or with `--watch` again and again. */
export async function run(invocation: VerifyInvocation): Promise<ExitCode> {
  const { options, world } = invocation;
  if (options.call !== undefined && !/^[^.]+\.[^]+$/.test(options.call))
    throw new UsageError(`--call takes SERVER.TOOL, not "${options.call}"`);
  const round = await verifyRound(invocation);
  try {
    const checks = await round.look();
    show(checks, invocation);
    if (options.watch !== undefined) return await watch(checks, round, invocation);
    return checks.every(({ ok }) => ok) ? exitCodes.done : exitCodes.notReady;
  } catch (error) {
    if (world.signal.aborted) throw new Cancelled('Interrupted: nothing was changed.', { cause: error });
    throw error;
  } finally {
    await round.close();
  }
}

function show(checks: readonly Check[], { output, world }: VerifyInvocation): void {
  if (output.format === 'json') output.json(verifyJson(checks, world.now()));
  else output.result(output.format === 'markdown' ? verifyMarkdown(checks) : verifyText(checks, output.style));
}

/** A document for each look in JSON; in text only what changed. */
async function watch(first: readonly Check[], round: Round, invocation: VerifyInvocation): Promise<ExitCode> {
  const { options, world, output } = invocation;
  let before = first;
  for (;;) {
    await world.sleep((options.watch ?? 0) * 1000);
    if (world.signal.aborted) return exitCodes.interrupted;
    const checks = await round.look();
    const changed = checks.filter((check) => !before.some((each) => sameOutcome(each, check)));
    if (output.format !== 'text') show(checks, invocation);
    else if (changed.length > 0) {
      const lines = changed.map((check) => checkText(check, output.style));
      output.result([`${world.now().toISOString()} ${summary(checks)}`, ...lines].join('\n'));
    }
    before = checks;
  }
}

const sameOutcome = (one: Check, other: Check): boolean =>
  one.layer === other.layer && one.subject === other.subject && one.name === other.name && one.status === other.status;
