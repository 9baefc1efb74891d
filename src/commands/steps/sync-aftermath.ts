import type { Invocation } from '../../cli/command.ts';
import { errorSentence } from '../../engine/error-sentence.ts';
import type { Address } from '../../engine/kind.ts';
import type { Readiness } from '../../engine/readiness.ts';
import { syncedRow, type SyncedRow } from '../../kinds/mcp/synced.ts';
import { Cancelled, exitCodes, type ExitCode } from '../../lib/errors.ts';
import { overridesOf } from './overrides-of.ts';
import { follow, openSentences } from './readiness.ts';
import type { Attempt, PlannedOperation } from './run-operation.ts';
import type { Followed, Waited } from './wait.ts';

/** What syncs have brought: a row for each server, what has to be said, and the exit code that follows from it. */
export type Aftermath = {
  readonly code: ExitCode;
  readonly rows: readonly SyncedRow[];
  /** Failures: they make the exit code. */
  readonly lines: readonly string[];
  /** What is still to come, where nobody waited for it. */
  readonly notices: readonly string[];
};

/** Looks at the servers after their syncs, and waits for them where that was asked for. */
export async function lookAfterSync(
  invocation: Pick<Invocation, 'world' | 'global' | 'output'>,
  planned: PlannedOperation,
  seconds: number | undefined,
): Promise<Aftermath> {
  const { api, proposal, attempts } = planned;
  const arrived = (address: Address): boolean => attempts.has(address) && attempts.get(address)?.error === undefined;
  try {
    // Without --wait nobody follows: one look, and what it shows is told once, at the end.
    const quiet = { ...invocation, output: { ...invocation.output, notice: () => {} } };
    const following = { proposal, seconds: seconds ?? 0, concerns: arrived };
    const waited = await follow({ invocation: seconds === undefined ? quiet : invocation, api }, following);
    const inOrder = proposal.works.flatMap(({ address }) => attempts.get(address) ?? []);
    const rows = inOrder.map((attempt) => rowOf(attempt, waited, planned));
    return { rows, ...verdict(waited, seconds !== undefined, invocation.world.signal.aborted) };
  } catch (error) {
    const code = error instanceof Cancelled ? exitCodes.interrupted : exitCodes.failed;
    return { code, rows: [], lines: [`error: what the syncs brought could not be read: ${errorSentence(error)}`], notices: [] };
  }
}

function rowOf({ work, error }: Attempt, { resources }: Waited, { proposal, desired }: PlannedOperation): SyncedRow {
  const before = work.existing?.live;
  const id = work.existing?.id ?? work.key;
  const overrides = overridesOf(id, proposal, desired);
  if (error !== undefined) return syncedRow({ id, before, after: before, overrides: [], error: errorSentence(error) });
  const followed = resources.find(({ address }) => address === work.address);
  return syncedRow({ id, before, after: followed?.live, overrides, ...wordsOf(followed?.readiness) });
}

function wordsOf(readiness: Readiness | undefined): { readonly error?: string; readonly next?: string } {
  if (readiness?.is === 'failed') return { error: readiness.why };
  return readiness?.is === 'person' ? { next: `${readiness.why}; ${readiness.next}` } : {};
}

/** A failure counts in any case; what is not there yet only for somebody who waited for it. */
function verdict({ resources }: Waited, waited: boolean, interrupted: boolean): Omit<Aftermath, 'rows'> {
  const counts = ({ readiness }: Followed): boolean => readiness.is === 'failed' || (waited && readiness.is !== 'ready');
  const failed = resources.filter(counts);
  const code = interrupted ? exitCodes.interrupted : failed.length > 0 ? exitCodes.notReady : exitCodes.done;
  return { code, lines: openSentences(failed), notices: openSentences(resources.filter((one) => !counts(one))) };
}
