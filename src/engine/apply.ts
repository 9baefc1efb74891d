import { createLimit } from '../lib/limit.ts';
import { errorSentence } from './error-sentence.ts';
import type { Api } from './api.ts';
import type { Address, YieldedSecret } from './kind.ts';
import { perform } from './perform.ts';
import type { Outcome } from './plan-types.ts';
import type { Proposal } from './plan.ts';
import type { PlannedWork } from './work.ts';

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
  const limit = createLimit(options.concurrency);
  const running = new Map<Address, Promise<Outcome>>();

  async function settle(work: PlannedWork): Promise<Outcome> {
    const before = await Promise.all(work.after.flatMap((address) => running.get(address) ?? []));
    const failed = before.filter((first) => !first.ok).map((first) => first.address);
    const outcome =
      failed.length === 0 ? await limit(() => attempt(work, options)) : skipped(work, `waits for ${failed.join(', ')}`);
    tell(() => options.onOutcome?.(outcome));
    return outcome;
  }

  // The works stand in order: what one waits for is running when it is its turn.
  for (const work of options.proposal.works) running.set(work.address, settle(work));
  return Promise.all(running.values());
}

async function attempt(work: PlannedWork, options: ApplyOptions): Promise<Outcome> {
  const { address, action } = work;
  if (options.signal.aborted) return skipped(work, 'interrupted before it started');
  tell(() => options.onStart?.(address));
  try {
    return { address, action, ok: true, id: await perform(work, options) };
  } catch (error) {
    return { address, action, ok: false, error: errorSentence(error) };
  }
}

const skipped = ({ address, action }: PlannedWork, error: string): Outcome => ({
  address,
  action,
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
