import { UsageError } from '../lib/errors.ts';
import { didYouMean } from '../lib/did-you-mean.ts';
import type { Address } from './kind.ts';
import type { Work } from './work.ts';

export type TargetOptions = { readonly targets: readonly string[]; known(): readonly Address[] };

/** The works that `--target` names, with everything that they wait for. All of them when nothing is named. */
export function withinTargets(
  works: readonly Work[],
  after: ReadonlyMap<string, readonly Address[]>,
  options: TargetOptions,
): readonly Work[] {
  if (options.targets.length === 0) return works;
  const known = options.known();
  for (const target of options.targets) assertKnown(target, known);
  const chosen = new Set<string>(options.targets);
  const queue = [...options.targets];
  for (let address = queue.pop(); address !== undefined; address = queue.pop()) {
    for (const first of after.get(address) ?? []) {
      if (!chosen.has(first)) queue.push(first);
      chosen.add(first);
    }
  }
  return works.filter((work) => chosen.has(work.address));
}

function assertKnown(target: string, known: readonly Address[]): void {
  if (known.some((address) => address === target)) return;
  const guess = didYouMean(target, known);
  throw new UsageError(`--target ${target}: nothing in the document or the account has this address`, {
    hint: guess === undefined ? 'an address is KIND:KEY, such as server:github' : `did you mean ${guess}?`,
  });
}
