import { StalePlanError, UserError } from '../lib/errors.ts';
import { errorSentence } from './error-sentence.ts';
import { isPlain } from './values.ts';
import type { Api } from './api.ts';
import type { Address, Existing, YieldedSecret } from './kind.ts';
import { rivalsOf, type Rival } from './rivals.ts';
import type { Update, Write, Written } from './write.ts';
import type { Proposal } from './plan.ts';
import type { Work } from './work.ts';

export type PerformOptions = {
  readonly api: Api;
  readonly proposal: Pick<Proposal, 'names' | 'peers' | 'works'>;
  deliver(address: Address, secret: YieldedSecret): Promise<void>;
  /** An API whose listings are read anew; where left out, what is remembered has to do. */
  fresh?(): Api;
};

/**
 * Carries out one change and gives the id of its object. What is new is bound to its address, so that
 * what waits for it can mention it; what is gone is unbound.
 */
export async function perform(work: Work, options: PerformOptions): Promise<string> {
  const { kind, action, existing } = work;
  const { names } = options.proposal;
  if (existing !== undefined && (action === 'delete' || (action === 'replace' && kind.replace === undefined))) {
    await kind.remove(options.api, existing.live);
    names.release(work.address);
    if (action === 'delete') return existing.id;
  }
  if (kind.yieldsSecret === true) await assertFirst(work, options);
  const written = await write(work, options);
  if (kind.yieldsSecret !== true) await assertAlone(work, written, options);
  await handOver(work, written, options);
  const made = madeFrom(work, written.live);
  names.bind(work.address, made);
  return made.id;
}

/** What an answer shows was made. One that shows nothing is no answer: the object may or may not be there. */
function madeFrom({ kind, action, existing, address }: Work, live: unknown): Existing {
  if (!isPlain(live) && action === 'update' && existing !== undefined) return existing;
  const found = isPlain(live) ? { ...kind.identify(live), kind: kind.kind, live } : undefined;
  if (found !== undefined && isId(found.id)) return found;
  throw new UserError(`${address}: Cloudflare answered without the object that it made`, {
    code: 'outcome_unknown',
    hint: 'run again: the next run finds it if it is there',
  });
}

const isId = (id: unknown): boolean => typeof id === 'string' && id !== '';

async function write(work: Work, { api, proposal: { names, peers } }: PerformOptions): Promise<Written> {
  const { kind, action, existing } = work;
  const write: Write = { api, key: work.key, state: work.final, names, peers };
  if (action === 'create') return kind.create(write);
  if (existing === undefined) throw new Error(`${work.address} has no live object`);
  const update: Update = { ...write, live: existing.live, changed: work.fields.map((field) => field.path) };
  if (work.operation !== undefined) return work.operation.run(update);
  if (action === 'update') return kind.update(update);
  return kind.replace?.(update) ?? kind.create(write);
}

/**
 * What yields a secret is not taken back: a sink that both runs write to would then hold a secret of nothing.
 * So the look is before the creation, and two that slip through are told by the reading back.
 */
async function assertFirst(work: Work, { api, fresh, proposal }: PerformOptions): Promise<void> {
  const rivals = await rivalsOf(work, undefined, { ...proposal, api: fresh?.() ?? api });
  if (rivals.length > 0) throw outrun(work, rivals, 'this one was not made');
}

/** Two with one identity would stop every later run: whoever sees that another run made one takes its own back. */
async function assertAlone(work: Work, written: Written, options: PerformOptions): Promise<void> {
  const rivals = await rivalsOf(work, written.live, { ...options.proposal, api: options.api });
  if (rivals.length === 0) return;
  const because = outrun(work, rivals, 'this one was taken back');
  await takeBack(work, written.live, { ...options, because });
  throw because;
}

const outrun = ({ kind }: Work, rivals: readonly Rival[], so: string): StalePlanError =>
  new StalePlanError(
    `somebody else made the ${kind.title} "${rivals[0]?.name}" (${rivals.map(({ id }) => id).join(', ')}) since the plan was read, so ${so}`,
    { hint: 'run again when no other run is at work' },
  );

/** A secret that reaches no sink is lost, so the new object that it belongs to is removed again. */
async function handOver(work: Work, { live, secret }: Written, options: PerformOptions): Promise<void> {
  if (secret === undefined) return;
  try {
    await options.deliver(work.address, secret);
  } catch (error) {
    if (work.action !== 'update') await takeBack(work, live, { ...options, because: error, its: ', whose secret nobody has,' });
    throw error;
  }
}

/** `its`: what to say of the object where it has to stay. */
type Because = PerformOptions & { readonly because: unknown; readonly its?: string };

async function takeBack(work: Work, live: unknown, options: Because): Promise<void> {
  const { id } = work.kind.identify(live);
  try {
    await work.kind.remove(options.api, live);
  } catch (error) {
    const [lost, stays] = [options.because, error].map(errorSentence);
    const what = `${work.kind.title} ${id}${options.its ?? ''}`;
    throw new UserError(`${lost}; and the new ${what} could not be removed: ${stays}`, {
      cause: options.because,
      hint: 'remove it by hand, then run again',
    });
  }
}
