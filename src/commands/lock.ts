import { resolve } from 'node:path';
import type { Invocation } from '../cli/command.ts';
import { lockText } from '../exposure/lock-text.ts';
import { acceptedLock, compareLock, unreadIn, type Difference, type Lock, type Seen } from '../exposure/lock.ts';
import { exitCodes, UsageError, type ExitCode } from '../lib/errors.ts';
import { lockJson, renderLock, sizeOf } from '../render/lock.ts';
import { lockPathOf, readLock } from '../spec/read-lock.ts';
import { review } from '../terminal/review.ts';
import { assertApart, inputsOf } from './steps/apart.ts';
import { cataloguesOf, listCatalogues } from './steps/catalogues.ts';
import { seenOf } from './steps/lock-check.ts';
import { openFor } from './steps/run-verb.ts';
import { verbDocument } from './steps/verb-document.ts';
import type { lockOptions } from './table/exposure.ts';

type LockInvocation = Invocation<typeof lockOptions>;

/** What a run found. */
type Found = {
  readonly account: string;
  readonly path: string;
  /** Undefined where there is no lock file yet. */
  readonly former: Lock | undefined;
  readonly seen: Seen;
  readonly differences: readonly Difference[];
};

/** Compares the servers' tools with the lock file, or accepts them into it. Changes nothing remote. */
export async function run(invocation: LockInvocation): Promise<ExitCode> {
  const { options, global } = invocation;
  if (options.check && options.accept) throw new UsageError('--check and --accept exclude each other');
  const found = await find(invocation);
  const isFirst = found.former === undefined && !options.check;
  if ((options.accept || isFirst) && !global.dryRun) return accept(invocation, found);
  tell(invocation, found, false);
  return options.check && found.differences.length > 0 ? exitCodes.changesPending : exitCodes.done;
}

const none: Lock = { servers: new Map() };

/** A document need not be complete here: what its patterns want to know is what this command finds out. */
const overlooks = ['MCP022', 'MCP214'] as const;

async function find(invocation: LockInvocation): Promise<Found> {
  const { world, options, global } = invocation;
  const document = await verbDocument(invocation, overlooks);
  const path = options.out ?? lockPathOf(document.sources);
  assertApart(
    resolve(world.cwd, path),
    inputsOf(invocation, [...global.files, ...document.sources.map(({ name }) => name)]),
    'the lock file',
  );
  const former = options.out === undefined ? document.lock : await readLock(world, path);
  const { desired } = await document.edited([]);
  const api = await openFor(invocation, document, []);
  const servers = await listCatalogues(api);
  // Without a document, every server of the account.
  const seen = document.sources.length === 0 ? cataloguesOf(servers) : seenOf(desired, servers);
  return { account: api.account, path, former, seen, differences: compareLock(former ?? none, seen) };
}

async function accept(invocation: LockInvocation, found: Found): Promise<ExitCode> {
  const { world, global, output } = invocation;
  const { former, seen, path, differences } = found;
  const next = acceptedLock(former ?? none, seen, world.now());
  const isNew = former === undefined || lockText(former) !== lockText(next);
  if (!isNew) {
    tell(invocation, found, false);
    return exitCodes.done;
  }
  if (output.format === 'text') output.result(textOf(found, output.style));
  else if (!global.yes) output.warning(textOf(found, output.errorStyle));
  const question = `Accept ${differences.length} changes into ${path}?`;
  if (!(await review({ world, yes: global.yes, question }))) {
    if (output.format === 'text') output.result('Nothing was changed.');
    else tell(invocation, found, false);
    return exitCodes.done;
  }
  await world.files.write(resolve(world.cwd, path), lockText(next));
  if (output.format === 'json') tell(invocation, found, true);
  else output.notice(`Wrote ${path}: ${sizeOf(next)}.`);
  return exitCodes.done;
}

const textOf = ({ differences, seen }: Found, style: LockInvocation['output']['style']): string =>
  renderLock({ differences, unread: unreadIn(seen), style });

function tell({ output, options }: LockInvocation, found: Found, written: boolean): void {
  const { account, path, differences, seen, former } = found;
  if (output.format === 'json') {
    const facts = { lock: path, written, changes: lockJson(differences), unread: unreadIn(seen) };
    output.json({ schema_version: 1, ok: true, account, ...facts });
    return;
  }
  output.result(textOf(found, output.style));
  if (differences.length === 0) return;
  const there = former === undefined ? `There is no ${path} yet. ` : '';
  if (!options.accept) output.notice(`${there}Accept this: mcp-portal lock --accept`);
}
