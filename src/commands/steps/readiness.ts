import { errorSentence } from '../../engine/error-sentence.ts';
import { addressOf, type Address, type Finding, type Kind } from '../../engine/kind.ts';
import type { Readiness } from '../../engine/readiness.ts';
import type { Proposal } from '../../engine/plan.ts';
import { Cancelled, exitCodes, type ExitCode } from '../../lib/errors.ts';
import type { ConvergeOptions } from './converge.ts';
import { waitUntilReady, type Waited } from './wait.ts';

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
  const { wait, targets = [], api } = options;
  const { world, output } = options.invocation;
  if (wait === undefined) return { code: exitCodes.done, lines: [], people: newlyWanted(proposal), waited: undefined };
  const concerns = (address: Address): boolean =>
    targets.length === 0 || targets.includes(address) || proposal.works.some((work) => work.address === address);
  try {
    const waited = await waitUntilReady({
      world,
      api,
      proposal,
      seconds: wait,
      concerns,
      onChange: ({ address, readiness }) => output.notice(sentence(address, readiness)),
    });
    return verdict(waited, world.signal.aborted);
  } catch (error) {
    // Whatever it is: what was applied, and secrets that were made, are yet to be told.
    const code = error instanceof Cancelled ? exitCodes.interrupted : exitCodes.failed;
    return { code, lines: [`error: the waiting failed: ${errorSentence(error)}`], people: [], waited: [] };
  }
}

function verdict({ ok, resources }: Waited, interrupted: boolean): Verdict {
  const code = interrupted ? exitCodes.interrupted : ok ? exitCodes.done : exitCodes.notReady;
  const open = resources.filter(({ readiness }) => readiness.is !== 'ready');
  return {
    code,
    lines: open.map(({ address, readiness }) => `${marks[readiness.is]}${sentence(address, readiness)}`),
    people: [],
    waited: resources.map(({ address, readiness }) => ({ address, ...facts(readiness) })),
  };
}

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
