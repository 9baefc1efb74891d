import type { Invocation } from '../cli/command.ts';
import type { Proposal } from '../engine/plan.ts';
import { lostSecret } from '../kinds/access/token-operations.ts';
import { tokenRow } from '../kinds/access/token-row.ts';
import type { ExitCode } from '../lib/errors.ts';
import { quoted, signInsWith } from '../verbs/service-tokens.ts';
import { carryOut, prepareOperation, type PlannedOperation } from './steps/run-operation.ts';
import { checkSinks } from './steps/secrets.ts';
import { spanOf } from './steps/span.ts';
import type { tokenRotateOptions } from './table/service-tokens.ts';

/** Gives a service token a new secret, and the old one a time to live on. */
export async function run(invocation: Invocation<typeof tokenRotateOptions>): Promise<ExitCode> {
  const { args, options, world, output } = invocation;
  const { out, overlap } = options;
  await checkSinks(out, world);
  const now = world.now();
  const until = endOfOverlap(spanOf('overlap', overlap), now);
  const input = { now: now.toISOString(), ...(until === undefined ? {} : { until }) };
  const planned = await prepareOperation(invocation, { kind: 'service_token', operation: 'rotate', refs: args, input });
  const proposal = withSignIns(planned);
  for (const line of out.length === 0 ? [] : passedOver(proposal)) output.warning(line);
  const facts = { until, again: `mcp-portal service-token rotate ${quoted(args[0] ?? '')}` };
  const code = await carryOut(
    invocation,
    { ...planned, proposal: out.length === 0 ? proposal : withoutOwnSinks(proposal) },
    { secretsOut: out, amend: (document) => ({ ...document, ...resultOf(planned, facts) }) },
  );
  if (output.format !== 'json') tell(invocation, planned, facts);
  return code;
}

/** When the old secret dies, in RFC 3339; undefined for at once. */
const endOfOverlap = (ms: number, now: Date): string | undefined =>
  ms === 0 ? undefined : new Date(now.getTime() + ms).toISOString().replace(/\.\d+Z$/, 'Z');

/** The plan, saying who else has to get the new secret: Cloudflare keeps the old one for the servers that it signs in to. */
function withSignIns({ proposal, desired }: PlannedOperation): Proposal {
  const changes = proposal.plan.changes.map((change) => {
    const servers = signInsWith(change.key, desired);
    if (servers.length === 0) return change;
    const next = `Cloudflare signs in with it to ${servers.join(', ')}, and keeps the old secret there until mcp-portal apply --resend-secrets`;
    return { ...change, impact: `${change.impact ?? ''}; ${next}` };
  });
  return { ...proposal, plan: { ...proposal.plan, changes } };
}

/** `--out` takes the place of the document's `out:`, which then still has the old secret. */
const passedOver = ({ works }: Proposal): readonly string[] =>
  works.flatMap(({ address, desired }) => {
    const sinks = desired?.sinks ?? [];
    return sinks.length === 0
      ? []
      : [
          `warning: ${address}: ${sinks.join(', ')} (out: of the document) keeps the old secret, because --out names another place`,
        ];
  });

const withoutOwnSinks = (proposal: Proposal): Proposal => ({
  ...proposal,
  works: proposal.works.map((work) => (work.desired === undefined ? work : { ...work, desired: { ...work.desired, sinks: [] } })),
});

type Facts = { readonly until: string | undefined; readonly again: string };

/** The tokens that have a new secret, and whether it reached a place: the object is known as it is now only then. */
const rotated = ({ attempts, proposal }: PlannedOperation) =>
  [...attempts.values()].flatMap(({ work, live }) =>
    live === undefined ? [] : [{ live, isLost: proposal.names.bound(work.address)?.live !== live }],
  );

function resultOf(planned: PlannedOperation, { until, again }: Facts): object {
  const tokens = rotated(planned);
  if (tokens.length === 0) return {};
  const rows = tokens.map(({ live }) => ({ ...tokenRow(live), previous_client_secret_expires_at: until ?? null }));
  const isLost = tokens.some((token) => token.isLost);
  return {
    service_tokens: rows,
    ...(isLost ? { error: { code: 'secret_lost', message: lostSecret(until), hint: hintFor(again) } } : {}),
  };
}

const hintFor = (again: string): string => `mend the place, or name another with --out, then run again: ${again}`;

function tell({ output }: Pick<Invocation, 'output'>, planned: PlannedOperation, { until, again }: Facts): void {
  for (const { live, isLost } of rotated(planned)) {
    const { name } = tokenRow(live);
    if (isLost) output.warning(`error: ${name}: ${lostSecret(until)}\nhint: ${hintFor(again)}`);
    else output.notice(`${name}: the old secret ${until === undefined ? 'is dead' : `works until ${until}`}.`);
  }
}
