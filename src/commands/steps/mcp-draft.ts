import { addressOf, type Address } from '../../engine/kind.ts';
import { sendsSecrets, unreadIn } from '../../engine/secrets-in.ts';
import { yieldsSecret } from '../../engine/work.ts';
import { exitCodes, UnsafePlanError } from '../../lib/errors.ts';
import { assertInside } from '../../mcp/rooted-files.ts';
import type { Edit } from '../../spec/edit.ts';
import type { Done, Draft, Wish } from '../../mcp/workbench.ts';
import type { Outcome } from '../../engine/plan-types.ts';
import { sinkPaths } from './apart.ts';
import { converge, type ConvergeOptions } from './converge.ts';
import { commandFor } from './mcp-command-line.ts';
import { plannedWish } from './mcp-planned.ts';
import { outsideOf } from './mcp-scope.ts';
import { callWorld, heldOutput, sendingWorld, type Held, type Host } from './mcp-world.ts';
import { folderOf } from './secrets.ts';
import type { World } from '../../world.ts';

/** What a wish takes, ready to be carried out. */
export type Planned = Pick<ConvergeOptions, 'api' | 'spec' | 'proposal' | 'stored' | 'targets'> & {
  /** What was laid over the document. */
  readonly edits?: readonly Edit[];
};

/** The limits of the commands: a document that deletes more needs a person. */
const maxDeletes = { document: 10, named: 100 } as const;

/** Plans a wish on the way that every command takes. Writes nothing. */
export async function draftOf(host: Host, wish: Wish, signal: AbortSignal): Promise<Draft> {
  const world = callWorld(host, wish.base, { signal, ...(wish.code === undefined ? {} : { code: wish.code }) });
  const held = heldOutput();
  const planned = await plannedWish(host, wish, { world, output: held.output });
  const { proposal, spec } = planned;
  await assertPlaces(host, planned, world);
  const addresses =
    spec.desired.length > 0
      ? spec.desired.map(({ kind, key }) => addressOf(kind, key))
      : proposal.works.map(({ address }) => address);
  return {
    plan: proposal.plan,
    fingerprint: proposal.works.map(({ address, action, existing, live }) => ({ address, action, id: existing?.id, live })),
    notices: held.notices,
    sends: sentenceOf(planned, wish),
    places: (address) => placesOf(host, planned, address),
    bound: (address) => proposal.names.bound(address),
    addresses: (kind) => addresses.filter((address) => address.startsWith(`${kind}:`)),
    outside: (portal) => outsideOf(proposal, portal),
    command: await commandFor(host, wish, planned),
    carryOut: (onOutcome) => carryOut({ host, wish, planned, world }, onOutcome),
  };
}

/** Which secrets are read, and what they are sent to. */
const sentenceOf = ({ proposal }: Planned, { secrets = {} }: Wish): readonly string[] =>
  proposal.works.filter(sendsSecrets).flatMap((work) =>
    [...new Set(unreadIn(work.final).map(({ source }) => source))].map((source) => {
      const isBrought = source.startsWith('env:') && Object.hasOwn(secrets, source.slice('env:'.length));
      return `${work.address} is sent ${isBrought ? 'a secret that this call brought' : source}`;
    }),
  );

/** The sinks of a resource that makes a secret, or whose secret an earlier run brought there. */
function placesOf(host: Host, { proposal, spec, stored }: Planned, address: Address): readonly string[] {
  const work = proposal.works.find((one) => one.address === address);
  if (work === undefined || !yieldsSecret(work)) return (stored?.of(address) ?? []).map(({ sink }) => sink);
  const own = spec.desired.find(({ kind, key }) => addressOf(kind, key) === address)?.sinks ?? [];
  return [...new Set([...own, ...host.secretsOut])];
}

/** Secrets never become part of a result, and their files lie where calls may write. Found out before they exist. */
async function assertPlaces(host: Host, { proposal }: Planned, world: World): Promise<void> {
  for (const work of proposal.works.filter(yieldsSecret)) {
    const own = work.desired?.sinks ?? [];
    if ([...own, ...host.secretsOut].includes('stdout'))
      throw new UnsafePlanError(`the secret of ${work.address} would go to standard output, which is no place for it here`, {
        code: 'secret_sink',
        hint: 'Use file:PATH or dotenv:PATH.',
      });
    for (const path of sinkPaths(own, world, folderOf(world, work.desired?.place?.file))) await assertInside(path, host.root);
  }
}

type Carrying = { readonly host: Host; readonly wish: Wish; readonly planned: Planned; readonly world: World };

async function carryOut({ host, wish, planned, world }: Carrying, onOutcome: (outcome: Outcome) => void): Promise<Done> {
  const held = heldOutput();
  const invocation = {
    world: sendingWorld(world, wish),
    global: { ...host.global, output: 'json', yes: true, dryRun: false } as const,
    output: held.output,
  };
  const code = await converge({
    ...planned,
    invocation,
    maxDeletes: wish.intend === undefined ? maxDeletes.document : maxDeletes.named,
    secretsOut: planned.proposal.works.some(yieldsSecret) ? host.secretsOut : [],
    onOutcome,
  });
  return { ok: code === exitCodes.done, document: resultIn(held) };
}

/** The document of the run. Should a secret stand in it against all that came before, it stays here. */
function resultIn({ document, notices }: Held): Readonly<Record<string, unknown>> {
  const { secrets: _secrets, ...rest } = document();
  return notices.length === 0 ? rest : { ...rest, notices };
}
