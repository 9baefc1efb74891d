import type { Invocation } from '../cli/command.ts';
import { kinds } from '../kinds/index.ts';
import type { ExitCode } from '../lib/errors.ts';
import { propose } from '../pipeline.ts';
import { converge } from './steps/converge.ts';
import { connect, prepare } from './steps/prepare.ts';
import { assertSame, readPlan } from './steps/saved-plan.ts';
import type { applyOptions } from './table/documents.ts';

const defaultWaitSeconds = 120;

/** Makes live state match the document; with a saved plan, exactly as that plan says or not at all. */
export async function run(invocation: Invocation<typeof applyOptions>): Promise<ExitCode> {
  const { options, args, world } = invocation;
  const [planFile] = args;
  const saved = planFile === undefined ? undefined : await readPlan(world, planFile);
  const prepared = await prepare(invocation, saved?.sources);
  const api = await connect(invocation, prepared);
  const choices = saved?.choices ?? {
    prune: options.prune,
    targets: options.target,
    resendSecrets: options['resend-secrets'],
    showUnmanaged: options['show-unmanaged'],
  };
  const proposal = await propose({ api, kinds, spec: prepared.spec, ...choices });
  if (saved !== undefined) assertSame(saved, proposal);
  return converge({
    invocation,
    api,
    spec: prepared.spec,
    proposal,
    maxDeletes: options['max-deletes'],
    secretsOut: options['secrets-out'],
    wait: options.wait === true ? (invocation.global.timeoutSeconds ?? defaultWaitSeconds) : options.wait,
  });
}
