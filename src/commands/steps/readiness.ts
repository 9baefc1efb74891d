import { errorSentence } from '../../engine/error-sentence.ts';
import { addressOf, type Address, type Finding, type Kind } from '../../engine/kind.ts';
import type { Readiness } from '../../engine/readiness.ts';
import type { Proposal } from '../../engine/plan.ts';
import { Cancelled, exitCodes, type ExitCode } from '../../lib/errors.ts';
import { progress as showProgress } from '../../terminal/progress.ts';
import type { ConvergeOptions } from './converge.ts';
import { waitUntilReady, type Followed, type Waited } from './wait.ts';

/** What a run has to say about readiness at its end: sentences, the JSON of the waiting, and its exit code. */
export type Verdict = {
  readonly code: ExitCode;
  readonly lines: readonly string[];
  /** Resources that only a person can make ready, where nobody waited for them. */
  readonly people: readonly Finding[];
  readonly waited: readonly object[] | undefined;
};

/** Waits where the run was asked to; else names what still needs a person. */
export async function readinessAfter(options: ConvergeOptions, proposal: Proposal): Promise<Verdict> {
  const { wait, targets = [] } = options;
  if (wait === undefined) return { code: exitCodes.done, lines: [], people: newlyWanted(proposal), waited: undefined };
  const concerns = (address: Address): boolean =>
    targets.length === 0 || targets.includes(address) || proposal.works.some((work) => work.address === address);
  try {
    return verdict(await follow(options, { proposal, seconds: wait, concerns }), options.invocation.world.signal.aborted);
  } catch (error) {
    // Whatever it is: what was applied, and secrets that were made, are yet to be told.
    const code = error instanceof Cancelled ? exitCodes.interrupted : exitCodes.failed;
    return { code, lines: [`error: the waiting failed: ${errorSentence(error)}`], people: [], waited: [] };
  }
}

type Following = { readonly proposal: Proposal; readonly seconds: number; concerns(address: Address): boolean };

/** Waits, and tells of it on standard error: each change in a line, and on a terminal what is still to come. */
export async function follow(
  { invocation, api }: Pick<ConvergeOptions, 'invocation' | 'api'>,
  following: Following,
): Promise<Waited> {
  const { world, output, global } = invocation;
  const progress = await showProgress(world, { quiet: global.quiet });
  try {
    return await waitUntilReady({
      ...following,
      world,
      api,
      onChange: ({ address, readiness }) => {
        progress.done();
        output.notice(sentence(address, readiness));
      },
      onPause: (coming, left) => progress.step(`waiting for ${coming.map(({ address }) => address).join(', ')} (${left} s left)`),
    });
  } finally {
    progress.done();
  }
}

function verdict({ ok, resources }: Waited, interrupted: boolean): Verdict {
  const code = interrupted ? exitCodes.interrupted : ok ? exitCodes.done : exitCodes.notReady;
  return {
    code,
    lines: openSentences(resources),
    people: [],
    waited: resources.map(({ address, readiness }) => ({ address, ...facts(readiness) })),
  };
}

/** What is not ready, a line each: what it waits for, or why it failed. */
export const openSentences = (resources: readonly Followed[]): readonly string[] =>
  resources
    .filter(({ readiness }) => readiness.is !== 'ready')
    .map(({ address, readiness }) => `${marks[readiness.is]}${sentence(address, readiness)}`);

const marks = { ready: '', person: '? ', waiting: 'not ready: ', failed: 'failed: ' } as const;

function sentence(address: Address, readiness: Readiness): string {
  if (readiness.is === 'ready') return `${address}: ready`;
  return `${address}: ${readiness.why}${readiness.is === 'person' ? `; ${readiness.next}` : ''}`;
}

function facts(readiness: Readiness): object {
  if (readiness.is === 'ready') return { ready: true };
  return { ready: false, why: readiness.why, ...(readiness.is === 'person' ? { next: readiness.next } : {}) };
}

/** What this run made and a person has to finish. What was there before stands in the plan. */
function newlyWanted(proposal: Proposal): readonly Finding[] {
  return proposal.works.flatMap(({ address, kind, key, existing }) => {
    const readiness = existing === undefined ? readinessOf(proposal, kind, key) : undefined;
    if (readiness?.is !== 'person') return [];
    return [{ severity: 'info', code: 'MCP090', message: `${address}: ${readiness.why}`, hint: readiness.next } as const];
  });
}

function readinessOf({ names }: Proposal, kind: Kind, key: string): Readiness | undefined {
  const bound = names.bound(addressOf(kind.kind, key));
  return bound === undefined ? undefined : kind.readiness?.(bound.live);
}
