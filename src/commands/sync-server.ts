import type { Invocation } from '../cli/command.ts';
import { exitCodes, UsageError, type ExitCode } from '../lib/errors.ts';
import { carryOut, prepareOperation } from './steps/run-operation.ts';
import { lookAfterSync, type Aftermath } from './steps/sync-aftermath.ts';
import { syncText } from './steps/sync-text.ts';
import type { syncOptions } from './table/sync.ts';

const defaultWaitSeconds = 120;

/** Has Cloudflare read the tools of servers again, and says what appeared, disappeared and failed. */
export async function run(invocation: Invocation<typeof syncOptions>): Promise<ExitCode> {
  const { options, output, global } = invocation;
  const planned = await prepareOperation(invocation, { kind: 'server', operation: 'sync', refs: refsOf(invocation), input: {} });
  await planned.proposal.reader.ensure(['portal']);
  if (output.format === 'text' && planned.proposal.works.length === 0) {
    output.result('No servers.');
    return exitCodes.done;
  }
  // The one JSON document waits for the look at what the syncs have brought.
  let made: object = {};
  const held = {
    ...output,
    json: (document: object) => {
      made = document;
      return true;
    },
  };
  const applied = await carryOut({ ...invocation, output: held }, planned, {});
  const seconds = options.wait === true ? (global.timeoutSeconds ?? defaultWaitSeconds) : options.wait;
  const after = planned.attempts.size === 0 ? undefined : await lookAfterSync(invocation, planned, seconds);
  const code = applied === exitCodes.done ? (after?.code ?? applied) : applied;
  if (output.format === 'json') output.json(global.dryRun ? made : { ...made, ...factsOf(applied, after) });
  else if (after !== undefined) {
    output.result(syncText(after.rows, output.style));
    for (const line of after.notices) output.notice(line);
    for (const line of after.lines) output.warning(line);
  }
  return code;
}

/** What the syncs brought, beside the run's document. What the run itself has to say of a failure comes first. */
function factsOf(applied: ExitCode, after: Aftermath | undefined): object {
  const synced = after?.rows ?? [];
  if (applied !== exitCodes.done || after === undefined || after.code === exitCodes.done) return { synced };
  const code =
    after.code === exitCodes.notReady ? 'not_ready' : after.code === exitCodes.interrupted ? 'interrupted' : 'wait_failed';
  return { ok: false, error: { code, message: after.lines.join('\n') }, synced };
}

function refsOf({ args, options }: Invocation<typeof syncOptions>): readonly string[] | undefined {
  const refs = [...args, ...options.id];
  if (options.all && refs.length > 0) throw new UsageError(`--all and ${refs.join(', ')} exclude each other`);
  if (options.all) return undefined;
  if (refs.length > 0) return refs;
  throw new UsageError('sync-server needs the id of a server', { hint: 'or --all for every server of the account' });
}
