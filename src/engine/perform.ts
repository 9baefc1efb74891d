import { UserError } from '../lib/errors.ts';
import { errorSentence } from './error-sentence.ts';
import { isPlain } from './values.ts';
import type { Api } from './api.ts';
import type { Address, Existing, YieldedSecret } from './kind.ts';
import type { Update, Write, Written } from './write.ts';
import type { Proposal } from './plan.ts';
import type { Work } from './work.ts';

export type PerformOptions = {
  readonly api: Api;
  readonly proposal: Pick<Proposal, 'names' | 'peers'>;
  deliver(address: Address, secret: YieldedSecret): Promise<void>;
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
  const written = await write(work, options);
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

/** A secret that reaches no sink is lost, so the new object that it belongs to is removed again. */
async function handOver(work: Work, { live, secret }: Written, options: PerformOptions): Promise<void> {
  if (secret === undefined) return;
  try {
    await options.deliver(work.address, secret);
  } catch (error) {
    if (work.action !== 'update') await takeBack(work, live, { ...options, because: error });
    throw error;
  }
}

async function takeBack(work: Work, live: unknown, options: PerformOptions & { readonly because: unknown }): Promise<void> {
  const { id } = work.kind.identify(live);
  try {
    await work.kind.remove(options.api, live);
  } catch (error) {
    const [lost, stays] = [options.because, error].map(errorSentence);
    throw new UserError(
      `${lost}; and the new ${work.kind.title} ${id}, whose secret nobody has, could not be removed: ${stays}`,
      {
        cause: options.because,
        hint: 'remove it by hand, then run again',
      },
    );
  }
}
