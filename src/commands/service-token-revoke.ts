import type { Invocation } from '../cli/command.ts';
import type { Desired, Existing } from '../engine/kind.ts';
import { lookUp } from '../engine/operate.ts';
import type { Proposal } from '../engine/plan.ts';
import { detachObstacles, policiesFor, revocationKinds } from '../kinds/access/revocation.ts';
import { kinds } from '../kinds/index.ts';
import { UnsafePlanError, UsageError, type ExitCode } from '../lib/errors.ts';
import { propose, type ProposeOptions } from '../pipeline.ts';
import { signInsWith } from '../verbs/service-tokens.ts';
import { converge } from './steps/converge.ts';
import type { Surroundings } from '../verbs/surroundings.ts';
import { openFor, surroundings } from './steps/run-verb.ts';
import { verbDocument } from './steps/verb-document.ts';
import type { tokenRevokeOptions } from './table/service-tokens.ts';

/** Ends a service token. One that is in use stays, unless `--detach` takes it out of what uses it. */
export async function run(invocation: Invocation<typeof tokenRevokeOptions>): Promise<ExitCode> {
  const { args, options, output } = invocation;
  const [name = ''] = args;
  const document = await verbDocument(invocation);
  const { desired } = await document.edited([]);
  const api = await openFor(invocation, document, []);
  const lookup = await lookUp({ api, kinds, kind: 'service_token', desired });
  const { token, missing } = found(() => lookup.named(name));
  const key = token === undefined ? name : lookup.names.nameOf(token.kind, token.id);
  const entry = lookup.own.find((one) => one.key === key);
  // Also with --quiet: a slip of the pen must not pass for a secret that is dead.
  if (missing !== undefined) output.warning(`warning: ${missing}`);
  const wanted = revoked(key, entry);
  const { detach } = options;
  const goners = detach && token !== undefined ? policiesFor(token, await policiesOf(surroundings(document, api))) : [];
  const spec = { desired: [wanted, ...goners], findings: [] };
  const proposal = await planned({ api, kinds: revocationKinds(kinds, { token, detach }), spec, narrowed: true }, detach);
  for (const line of leftBehind(key, desired, entry)) output.notice(line);
  // Read back by name, another token of the same name would pass for this one.
  const isShared = lookup.all.filter((other) => other.name === token?.name).length > 1;
  return converge({ invocation, api, spec: { desired: isShared ? [] : [wanted] }, proposal, maxDeletes: 1 + goners.length });
}

/** The account's policies, with the tokens in their rules by name. */
async function policiesOf(around: Surroundings): Promise<Parameters<typeof policiesFor>[1]> {
  await around.live('service_token');
  return (await around.live('policy')).map((policy) => ({ name: policy.name, state: around.state(policy) }));
}

/** The token, or what to say where none is there: it is revoked already, or the name is a slip of the pen. */
function found(look: () => Existing): { readonly token?: Existing; readonly missing?: string } {
  try {
    return { token: look() };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { missing: `${error.message}; ${error.facts.hint ?? ''}` };
  }
}

/** The entry as it would say absent: true; a protected one stays protected. */
const revoked = (key: string, entry: Desired | undefined): Desired => ({
  kind: 'service_token',
  key,
  state: entry?.state ?? {},
  absent: true,
  asked: true,
  protect: entry?.protect ?? false,
  sinks: [],
  place: entry?.place,
});

async function planned(options: ProposeOptions, detach: boolean): Promise<Proposal> {
  const proposal = await propose(options).catch((error: unknown) => {
    const isUsed = error instanceof UnsafePlanError && error.message.includes('is still used by');
    if (!isUsed || detach) throw error;
    const hint = 'take it out there first, or add --detach: then these let go of it';
    throw new UnsafePlanError(error.message, { ...error.facts, code: 'conflict', hint, cause: error });
  });
  const obstacles = detachObstacles(proposal.works);
  if (obstacles.length === 0) return proposal;
  const hint = [...new Set(obstacles.map((obstacle) => obstacle.hint))].join('; ');
  throw new UnsafePlanError(obstacles.map(({ message }) => message).join('\n'), { code: 'conflict', hint });
}

/** What the document still says of the token: the next apply would make it again, or be refused. */
function leftBehind(key: string, desired: readonly Desired[], entry: Desired | undefined): readonly string[] {
  if (entry === undefined || entry.absent) return [];
  const servers = signInsWith(key, desired);
  const signIns = servers.length === 0 ? [] : [`Cloudflare signs in with it to ${servers.join(', ')}, which then stops working.`];
  return [
    ...signIns,
    `The document still has service_tokens.${key}: take it out there with its mentions, or the next apply makes a new one.`,
  ];
}
