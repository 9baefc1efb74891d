import type { Invocation } from '../cli/command.ts';
import { listenAddress, teamOrigin, upstreamUrl } from '../guard/addresses.ts';
import { auditSink, type AuditSink } from '../guard/audit-sink.ts';
import { createBuckets } from '../guard/buckets.ts';
import { openGuard } from '../guard/server.ts';
import { envPrefix, readKeys, readLimit } from '../guard/settings.ts';
import { writeToStandardError } from '../guard/standard-error.ts';
import { exitCodes, UsageError, type ExitCode } from '../lib/errors.ts';
import type { guardOptions } from './table/guard.ts';

type Given = Invocation<typeof guardOptions>;

/** Guards an MCP server until SIGTERM or Ctrl-C. */
export async function run(given: Given): Promise<ExitCode> {
  const { world, options, global, output } = given;
  const listen = listenAddress(options.listen, options['allow-remote']);
  const upstream = upstreamUrl(options.upstream, listen);
  const prefix = envPrefix(options['env-prefix']);
  const [limit, keys] = [readLimit(world.env, prefix), await readKeys(world, prefix, options['keys-file'])];
  const access = await accessOf(options);
  const audit = await auditOf(given);
  const guard = await openGuard({
    upstream,
    listen,
    keys,
    access,
    buckets: createBuckets(limit, () => performance.now()),
    timeoutMs: (global.timeoutSeconds ?? 120) * 1000,
    now: world.now,
    audit: audit?.add,
    auditArguments: options['audit-arguments'],
  });
  if (upstream.pathname !== '/')
    output.notice(`The path of --upstream is not used: ${upstream.origin} gets the paths of the requests.`);
  const rate = limit.rps === 0 ? 'no rate limit' : `${limit.rps} requests per second, ${limit.burst} at once, for each`;
  output.result(`listening on ${guard.url} in front of ${upstream.origin} (keys: ${keys.length}; ${rate})`);
  await interrupted(world.signal);
  await guard.close((options.grace ?? 8) * 1000);
  await audit?.flush(1_000);
  return exitCodes.done;
}

async function accessOf({ 'access-team': team, 'access-aud': audience }: Given['options']) {
  if (team === undefined && audience === undefined) return undefined;
  if (team === undefined || audience === undefined) throw new UsageError('--access-team and --access-aud belong together');
  // Few guards need the library.
  const { accessCheck } = await import('../guard/access.ts');
  return accessCheck(teamOrigin(team), audience);
}

/** Where the lines go. A file that cannot be written fails here, not at the first request. */
async function auditOf({ world, options: { audit }, output }: Given): Promise<AuditSink | undefined> {
  if (audit === 'none') return undefined;
  if (audit === 'stderr') return auditSink(writeToStandardError, output.warning);
  await world.files.append(audit, '', { mode: 0o600 });
  return auditSink(
    (text) => world.files.append(audit, text, { mode: 0o600 }),
    (message) => output.warning(`warning: ${message}`),
  );
}

const interrupted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
