import { resolve } from 'node:path';
import type { Invocation } from '../cli/command.ts';
import type { Finding } from '../engine/kind.ts';
import type { Proposal } from '../engine/plan.ts';
import { kinds } from '../kinds/index.ts';
import { exitCodes, type ExitCode } from '../lib/errors.ts';
import { propose } from '../pipeline.ts';
import { assertApart, inputsOf } from './steps/apart.ts';
import { checkedAgainstLock } from './steps/lock-check.ts';
import { connect, prepare } from './steps/prepare.ts';
import { savePlan } from './steps/saved-plan.ts';
import { showPlan } from './steps/show.ts';
import { withSourceCode } from './steps/source-code.ts';
import { readStoredSecrets } from './steps/stored-secrets.ts';
import type { planOptions } from './table/documents.ts';

/** Shows what apply would change. Writes nothing remote; `--out` writes one local file. */
export async function run(invocation: Invocation<typeof planOptions>): Promise<ExitCode> {
  const { options, output, world } = invocation;
  const prepared = await prepare(invocation);
  const spec = await withSourceCode(prepared.spec, world);
  const api = await connect(invocation, prepared);
  const choices = {
    prune: options.prune,
    targets: options.target,
    resendSecrets: options['resend-secrets'],
    showUnmanaged: options['show-unmanaged'],
  };
  const stored = await readStoredSecrets({ world, desired: prepared.spec.desired });
  // Started first: then the plan's listing of the servers is the one that this looks at.
  const checking = checkedAgainstLock(api, prepared);
  const [proposed, moved] = await Promise.all([propose({ api, kinds, spec, ...choices, stored: stored.of }), checking]);
  const proposal = withFindings(proposed, moved);
  if (options.out !== undefined) {
    const documents = prepared.spec.sources.map(({ name }) => name);
    assertApart(resolve(world.cwd, options.out), inputsOf(invocation, documents), 'the plan');
    await savePlan(world, options.out, { proposal, sources: prepared.spec.sources, choices });
    output.notice(`Saved the plan: mcp-portal apply ${options.out} applies exactly this.`);
  }
  showPlan(proposal.plan, output, 'plan');
  const pending = proposal.plan.changes.length > 0;
  return pending && options['detailed-exitcode'] ? exitCodes.changesPending : exitCodes.done;
}

const withFindings = (proposal: Proposal, findings: readonly Finding[]): Proposal => ({
  ...proposal,
  plan: { ...proposal.plan, diagnostics: [...proposal.plan.diagnostics, ...findings] },
});
