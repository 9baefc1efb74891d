import type { Invocation } from '../../cli/command.ts';
import type { OpenApi } from '../../cloudflare/client.ts';
import { guardDeletes } from '../../engine/guard.ts';
import type { Proposal } from '../../engine/plan.ts';
import type { Outcome } from '../../engine/plan-types.ts';
import { kinds } from '../../kinds/index.ts';
import { exitCodes, type ExitCode } from '../../lib/errors.ts';
import type { LoadedSpec } from '../../load-spec.ts';
import { commit, type Report } from '../../pipeline.ts';
import { progress as showProgress } from '../../terminal/progress.ts';
import { canAsk, review } from '../../terminal/review.ts';
import { declined, finish } from './finish.ts';
import { assertSinksApart } from './apart.ts';
import { captureStdout, openOutlets, secretPlaces, withReadSecrets } from './secrets.ts';
import { planAside, showPlan } from './show.ts';
import type { StoredSecrets } from './stored-secrets.ts';

export type ConvergeOptions = {
  readonly invocation: Pick<Invocation, 'world' | 'global' | 'output'>;
  readonly api: OpenApi;
  readonly spec: Pick<LoadedSpec, 'desired'>;
  readonly proposal: Proposal;
  readonly maxDeletes: number;
  readonly secretsOut?: readonly string[];
  /** What the plan was made with: it learns where this run's secrets went. */
  readonly stored?: StoredSecrets;
  /** Seconds to wait for servers; undefined: do not wait. */
  readonly wait?: number | undefined;
  /** Runs when everything is as it was wanted; gives a sentence for what it could not do. */
  readonly onApplied?: (() => Promise<string | undefined>) | undefined;
  /** Asks in the place of the terminal, where the diff was shown already. */
  readonly ask?: (question: string) => Promise<boolean>;
  /** `--target`: nothing else is waited for. */
  readonly targets?: readonly string[];
  /** Told of each change that is over. */
  readonly onOutcome?: (outcome: Outcome) => void;
};

/** Guard, show, ask, apply, read back, say what became of it: the one way in which anything is changed. */
export async function converge(options: ConvergeOptions): Promise<ExitCode> {
  const { invocation, proposal } = options;
  const { global, world, output } = invocation;
  if (global.dryRun) {
    showPlan(proposal.plan, output, 'plan');
    return exitCodes.done;
  }
  guardDeletes(proposal.plan, options.maxDeletes);
  if (proposal.plan.changes.length === 0) return finish(options, { proposal, report: nothing, secrets: [], aside: false });
  const { ask } = options;
  if (ask === undefined) showBeforehand(options);
  if (!(await review({ world, yes: global.yes, ...(ask === undefined ? {} : { confirm: ask }) }))) return declined(options);
  const captured = captureStdout(world, global.output === 'json');
  const ready = await withReadSecrets(proposal, world);
  assertSinksApart(options.invocation, proposal, options.secretsOut ?? []);
  const outlets = await openOutlets(ready, { world: captured.world, sinks: options.secretsOut ?? [], stored: options.stored });
  const report = await carryOut(options, ready, outlets.deliver);
  return finish(options, { proposal: ready, report, secrets: captured.lines(), aside: outlets.useStdout });
}

const nothing: Report = { outcomes: [], kept: [], interrupted: false };

/**
 * Shows the diff before the question. It is a part of the result only as text, where no secret may go
 * to standard output and the person who is asked sees it there; a plan that nobody can agree to is
 * shown as `plan` shows it.
 */
function showBeforehand({ invocation, proposal, secretsOut = [] }: ConvergeOptions): void {
  const { global, output, world } = invocation;
  const asks = !global.yes;
  if (asks && !canAsk(world)) {
    if (output.format !== 'json') showPlan(proposal.plan, output, 'plan');
    return;
  }
  const places = secretPlaces(proposal, secretsOut);
  const isSeen = !asks || world.stdout.isTTY;
  if (output.format === 'text' && !places.mayBeStdout && isSeen) return showPlan(proposal.plan, output, 'plan');
  if (asks) output.warning(planAside(proposal.plan, output));
  else if (output.format === 'text') output.notice(planAside(proposal.plan, output));
}

type Deliver = Parameters<typeof commit>[0]['deliver'];

async function carryOut(
  { invocation, api, spec, onOutcome }: ConvergeOptions,
  proposal: Proposal,
  deliver: Deliver,
): Promise<Report> {
  const { world, global } = invocation;
  const progress = await showProgress(world, { quiet: global.quiet });
  const count = proposal.plan.changes.length;
  let done = 0;
  try {
    return await commit({
      api,
      fresh: () => api.fresh(),
      kinds,
      desired: spec.desired,
      proposal,
      concurrency: global.concurrency,
      signal: world.signal,
      sleep: (ms) => world.sleep(ms),
      deliver,
      onStart: (address) => progress.step(`${done}/${count} ${address}`),
      onOutcome: (outcome) => {
        done += 1;
        onOutcome?.(outcome);
      },
    });
  } finally {
    progress.done();
  }
}
