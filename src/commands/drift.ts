import type { Invocation } from '../cli/command.ts';
import { kinds } from '../kinds/index.ts';
import { exitCodes, type ExitCode } from '../lib/errors.ts';
import { propose } from '../pipeline.ts';
import { connect, prepare } from './steps/prepare.ts';
import { showPlan } from './steps/show.ts';
import { withSourceCode } from './steps/source-code.ts';
import { readStoredSecrets } from './steps/stored-secrets.ts';
import type { driftOptions } from './table/documents.ts';

/** The reading of `plan`, for monitors: exit 2 when live state differs from the document in anything. */
export async function run(invocation: Invocation<typeof driftOptions>): Promise<ExitCode> {
  const { options, output, world } = invocation;
  const prepared = await prepare(invocation);
  const spec = await withSourceCode(prepared.spec, world);
  const api = await connect(invocation, prepared);
  const choices = { prune: options.prune, targets: options.target, showUnmanaged: options['show-unmanaged'] };
  const stored = await readStoredSecrets({ world, desired: prepared.spec.desired });
  const proposal = await propose({ api, kinds, spec, ...choices, stored: stored.of });
  showPlan(proposal.plan, output, 'drift');
  return proposal.plan.changes.length > 0 ? exitCodes.changesPending : exitCodes.done;
}
