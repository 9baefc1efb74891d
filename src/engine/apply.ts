import { exitCodes, UserError } from '../lib/errors.ts';
import { createLimit } from '../lib/limit.ts';
import { errorSentence } from './error-sentence.ts';
import type { Api } from './api.ts';
import { addressOf, type Address, type Kind, type Peers, type State, type YieldedSecret } from './kind.ts';
import { perform } from './perform.ts';
import type { Outcome } from './plan-types.ts';
import type { Proposal } from './plan.ts';
import { isSecretTree } from './values.ts';
import { obstaclesOf, type PlannedWork } from './work.ts';

export type ApplyOptions = {
  readonly api: Api;
  readonly proposal: Proposal;
  readonly concurrency: number;
  /** Brings a secret that a creation showed to its sinks. Throws when no sink took it. */
  deliver(address: Address, secret: YieldedSecret): Promise<void>;
  /** Ctrl-C: nothing new starts, what runs is finished, with what only this run can do. */
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
      failed.length === 0
        ? await limit(() => attempt(work, options))
        : skipped(work, `waits for ${failed.join(', ')}${consequence(work, options)}`);
    tell(() => options.onOutcome?.(outcome));
    return outcome;
  }

  // The works stand in order: what one waits for is running when it is its turn.
  for (const work of options.proposal.works) running.set(work.address, settle(work));
  return Promise.all(running.values());
}

async function attempt(work: PlannedWork, options: ApplyOptions): Promise<Outcome> {
  const { address, action } = work;
  if (options.signal.aborted && canWait(work, options)) return skipped(work, 'interrupted before it started');
  tell(() => options.onStart?.(address));
  try {
    return { address, action, ok: true, id: await perform(work, options) };
  } catch (error) {
    const refused = error instanceof UserError && error.exitCode === exitCodes.refused ? { refused: true as const } : {};
    return { address, action, ok: false, ...refused, error: `${errorSentence(error)}${consequence(work, options)}` };
  }
}

/** A secret that this run has made is at hand now: that its sink still has it in the next run is only likely. */
const canWait = (work: PlannedWork, { proposal: { peers } }: ApplyOptions): boolean =>
  mentionsOnlyNow(work, plannedNow(work, peers)).length === 0;

/**
 * What to say where a work fails that this run has made something for: a secret that was shown once.
 * Empty where a later run simply goes on.
 */
function consequence(work: PlannedWork, { proposal: { peers } }: ApplyOptions): string {
  const now = plannedNow(work, peers);
  const lost = mentionsOnlyNow(work, now);
  if (lost.length === 0) return '';
  const [obstacle] = obstaclesOf(work, peers);
  if (obstacle !== undefined) {
    const { message, hint } = obstacle;
    return `; the next run will be refused: ${message}${hint === undefined ? '' : ` (${hint})`}`;
  }
  if (!bringsSecret(work, now))
    return `; no later run can hand on ${lost.join(', ')} to it: delete that and apply again, so that both are made anew`;
  return work.action === 'update' ? '; apply again with --resend-secrets: nothing else shows that its secrets are old' : '';
}

/** What is wanted of the resource as it would be planned now, with what this run has made. */
function plannedNow({ kind, desired, existing, key, live }: PlannedWork, peers: Peers): State {
  if (desired === undefined || desired.absent) return {};
  const state = existing === undefined ? (kind.initial?.(key, desired.state) ?? desired.state) : desired.state;
  return kind.settle?.(state, existing === undefined ? undefined : live, peers) ?? state;
}

/** What the work mentions, and would not mention if it were planned now. */
function mentionsOnlyNow({ kind, desired, wanted, operation }: PlannedWork, now: State): readonly Address[] {
  if (desired === undefined || desired.absent || operation !== undefined) return [];
  const still = new Set(mentionedBy(kind, now));
  return mentionedBy(kind, wanted).filter((address) => !still.has(address));
}

/** True where a mention has become the secret itself: it was found where this run has put it. */
const bringsSecret = ({ wanted }: PlannedWork, now: State): boolean =>
  Object.entries(now).some(([field, value]) => isSecretTree(value) && !isSecretTree(wanted[field]));

const mentionedBy = (kind: Kind, state: State): readonly Address[] =>
  kind.references(state).map((reference) => addressOf(reference.kind, reference.ref));

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
