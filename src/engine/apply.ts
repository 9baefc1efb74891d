import { createLimit } from '../lib/limit.ts';
import { UserError } from '../lib/errors.ts';
import type { Address, Api, Existing, Written, YieldedSecret } from './kind.ts';
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
 * what came after it; nothing is thrown for it, the outcomes say it.
 */
export async function apply(options: ApplyOptions): Promise<readonly Outcome[]> {
  const { works, plan } = options.proposal;
  const limit = createLimit(options.concurrency);
  const after = new Map(plan.changes.map((change) => [change.address, change.after]));
  const running = new Map<Address, Promise<Outcome>>();

  const start = (work: Work): Promise<Outcome> => {
    const known = running.get(work.address);
    if (known !== undefined) return known;
    const promise = settle(work);
    running.set(work.address, promise);
    return promise;
  };

  async function settle(work: Work): Promise<Outcome> {
    const firsts = works.filter((other) => after.get(work.address)?.includes(other.address) === true);
    const before = await Promise.all(firsts.map(start));
    const outcome = before.every((first) => first.ok) ? await limit(() => attempt(work, options)) : skipped(work, failedFirst(before));
    options.onOutcome?.(outcome);
    return outcome;
  }

  return Promise.all(works.map(start));
}

const failedFirst = (before: readonly Outcome[]): string =>
  `waits for ${before
    .filter((outcome) => !outcome.ok)
    .map((outcome) => outcome.address)
    .join(', ')}`;

function skipped(work: Work, error: string): Outcome {
  return { address: work.address, action: actionOf(work), ok: false, skipped: true, error };
}

async function attempt(work: Work, options: ApplyOptions): Promise<Outcome> {
  if (options.signal.aborted) return skipped(work, 'interrupted before it started');
  options.onStart?.(work.address);
  try {
    const id = await perform(work, options);
    return { address: work.address, action: actionOf(work), ok: true, ...(id === undefined ? {} : { id }) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const hint = error.facts.hint === undefined ? '' : ` (${error.facts.hint})`;
    return { address: work.address, action: actionOf(work), ok: false, error: `${error.message}${hint}` };
  }
}

function actionOf(work: Work): Outcome['action'] {
  if (work.action === 'none') throw new Error(`${work.address} has nothing to do`);
  return work.action;
}

async function perform(work: Work, options: ApplyOptions): Promise<string | undefined> {
  if (work.action === 'create') return keep(work, await create(work, options), options);
  if (work.existing === undefined) throw new Error(`${work.address} has no live object`);
  if (work.action === 'delete') {
    await work.kind.remove(options.api, work.existing.live);
    return work.existing.id;
  }
  const update = { ...writeOf(work, options), live: work.existing.live, changed: work.fields.map((field) => field.path) };
  if (work.action === 'update') return keep(work, await work.kind.update(update), options);
  if (work.kind.replace !== undefined) return keep(work, await work.kind.replace(update), options);
  await work.kind.remove(options.api, work.existing.live);
  return keep(work, await create(work, options), options);
}

const writeOf = (work: Work, options: ApplyOptions) => ({
  api: options.api,
  key: work.key,
  state: work.final,
  names: options.proposal.names,
  peers: options.proposal.peers,
});

/** A secret that reaches no sink is lost, so the object that it belongs to is removed again. */
async function create(work: Work, options: ApplyOptions): Promise<Written> {
  const written = await work.kind.create(writeOf(work, options));
  if (written.secret === undefined) return written;
  try {
    await options.deliver(work.address, written.secret);
  } catch (error) {
    await work.kind.remove(options.api, written.live);
    throw error;
  }
  return written;
}

/** Makes the new id known, so that what waits for it can mention it. */
function keep(work: Work, written: Written, options: ApplyOptions): string {
  const existing: Existing = { ...work.kind.identify(written.live), kind: work.kind.kind, live: written.live };
  options.proposal.names.bind(work.address, existing);
  return existing.id;
}
