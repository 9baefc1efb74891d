import type { Invocation } from '../cli/command.ts';
import { kinds } from '../kinds/index.ts';
import { UsageError, type ExitCode } from '../lib/errors.ts';
import { propose } from '../pipeline.ts';
import { converge } from './steps/converge.ts';
import { connect, prepare } from './steps/prepare.ts';
import { assertAccount, assertSame, readPlan, type Choices } from './steps/saved-plan.ts';
import { checkSinks } from './steps/secrets.ts';
import { withSourceCode } from './steps/source-code.ts';
import { readStoredSecrets } from './steps/stored-secrets.ts';
import type { applyOptions } from './table/documents.ts';

const defaultWaitSeconds = 120;

/** Makes live state match the document; with a saved plan, exactly as that plan says or not at all. */
export async function run(invocation: Invocation<typeof applyOptions>): Promise<ExitCode> {
  const { options, args, world, global } = invocation;
  await checkSinks(options['secrets-out'], world);
  const [planFile] = args;
  const given = choicesOf(options);
  const saved = planFile === undefined ? undefined : await readPlan(world, planFile, global.files);
  if (saved !== undefined) assertNoChoices(given, saved.choices);
  const prepared = await prepare(invocation, saved?.sources);
  const spec = await withSourceCode(prepared.spec, world);
  const api = await connect(invocation, prepared, saved?.account);
  if (saved !== undefined) assertAccount(saved, api.account);
  const choices = saved?.choices ?? given;
  const stored = await readStoredSecrets({ world, desired: prepared.spec.desired, sinks: options['secrets-out'] });
  const proposal = await propose({ api, kinds, spec, ...choices, stored: stored.of });
  if (saved !== undefined) assertSame(saved, proposal);
  return converge({
    invocation,
    api,
    spec,
    proposal,
    maxDeletes: options['max-deletes'],
    secretsOut: options['secrets-out'],
    stored,
    wait: options.wait === true ? (global.timeoutSeconds ?? defaultWaitSeconds) : options.wait,
    targets: choices.targets,
  });
}

const choicesOf = (options: Invocation<typeof applyOptions>['options']): Choices => ({
  prune: options.prune,
  targets: options.target,
  resendSecrets: options['resend-secrets'],
  showUnmanaged: options['show-unmanaged'],
});

/** What a saved plan was made with stands in it: an option that would change it cannot be meant. */
function assertNoChoices(given: Choices, saved: Choices): void {
  const extra = [
    given.prune && !saved.prune ? '--prune' : undefined,
    given.resendSecrets && !saved.resendSecrets ? '--resend-secrets' : undefined,
    given.targets.some((target) => !saved.targets.includes(target)) ? '--target' : undefined,
  ].filter((option) => option !== undefined);
  if (extra.length === 0) return;
  throw new UsageError(`${extra.join(' and ')} cannot be added to a saved plan`, {
    hint: `plan again with ${extra.join(' ')} and --out, and apply that plan`,
  });
}
