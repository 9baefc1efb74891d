import { createLimit } from '../lib/limit.ts';
import { errorSentence } from './error-sentence.ts';
import type { Address, Api, YieldedSecret } from './kind.ts';
import { perform } from './perform.ts';
import type { Outcome } from './plan-types.ts';
import type { Proposal } from './plan.ts';
import type { Work } from './work.ts';

export type ApplyOptions = {
  readonly api: Api;
  readonly proposal: Proposal;
  readonly concurrency: number;
  /** Brings a secret that a creation showed to its sinks. Throws when no sink took it. */
  deliver(address: Address, secret: YieldedSecret): Promise<void>;
  /** Ctrl-C: nothing new starts, what runs is finished. */
  readonly signal: AbortSignal;
  onStart?(address: Address): void;
  onOutcome?(outcome: Outcome): void;
};

/**
 * Carries out a proposal: each change as soon as what it waits for is done. A failure skips only
 * what came after it. Nothing is thrown, not even for a bug: what was applied has to be reported.
 */
export async function apply(options: ApplyOptions): Promise<readonly Outcome[]> {
  const { works, plan } = options.proposal;
  const limit = createLimit(options.concurrency);
  const workAt = new Map(works.map((work) => [work.address, work]));
  const after = new Map(plan.changes.map((change) => [change.address, change.after]));
  const running = new Map<Work, Promise<Outcome>>();

  const start = (work: Work): Promise<Outcome> => {
    const outcome = running.get(work) ?? settle(work);
    running.set(work, outcome);
    return outcome;
  };

  async function settle(work: Work): Promise<Outcome> {
    const firsts = (after.get(work.address) ?? []).flatMap((address) => workAt.get(address) ?? []);
    const before = await Promise.all(firsts.map(start));
    const failed = before.filter((first) => !first.ok).map((first) => first.address);
    const outcome =
      failed.length === 0 ? await limit(() => attempt(work, options)) : skipped(work, `waits for ${failed.join(', ')}`);
    tell(() => options.onOutcome?.(outcome));
    return outcome;
  }

  return Promise.all(works.map(start));
}

async function attempt(work: Work, options: ApplyOptions): Promise<Outcome> {
  if (options.signal.aborted) return skipped(work, 'interrupted before it started');
  tell(() => options.onStart?.(work.address));
  try {
    const id = await perform(work, options);
    return { address: work.address, action: actionOf(work), ok: true, id };
  } catch (error) {
    return { address: work.address, action: actionOf(work), ok: false, error: errorSentence(error) };
  }
}

const skipped = (work: Work, error: string): Outcome => ({
  address: work.address,
  action: actionOf(work),
  ok: false,
  skipped: true,
  error,
});

/** Progress is only shown: where showing fails, the run goes on. */
function tell(show: () => void): void {
  try {
    show();
  } catch {
    // The outcomes say all of it once more.
  }
}

function actionOf({ action, address }: Work): Outcome['action'] {
  if (action === 'none') throw new Error(`${address} has nothing to do`);
  return action;
}
