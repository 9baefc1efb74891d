import { UsageError } from '../lib/errors.ts';
import { didYouMean } from '../lib/did-you-mean.ts';
import type { Address } from './kind.ts';
import type { After } from './order.ts';
import type { Work } from './work.ts';

export type TargetOptions = { readonly targets: readonly string[]; known(): readonly Address[] };

/** The works that `--target` names, with everything that they wait for. All of them when nothing is named. */
export function withinTargets<W extends Work>(works: readonly W[], after: After, options: TargetOptions): readonly W[] {
  if (options.targets.length === 0) return works;
  const known = options.known();
  const chosen = new Set(options.targets.map((target) => addressIn(known, target)));
  for (const address of chosen) for (const first of after(address)) chosen.add(first);
  return works.filter((work) => chosen.has(work.address));
}

function addressIn(known: readonly Address[], target: string): Address {
  const found = known.find((address) => address === target);
  if (found !== undefined) return found;
  const guess = didYouMean(target, known);
  const example = known
    .slice(0, 1)
    .map((address) => `, such as ${address}`)
    .join('');
  throw new UsageError(`--target ${target}: nothing in the document or the account has this address`, {
    hint: guess === undefined ? `an address is KIND:KEY${example}` : `did you mean ${guess}?`,
  });
}
