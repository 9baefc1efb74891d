import { dirname, resolve } from 'node:path';
import { sendsSecrets, unreadIn, withSecrets } from '../../engine/secrets-in.ts';
import type { Address, YieldedSecret } from '../../engine/kind.ts';
import type { Proposal } from '../../engine/plan.ts';
import { yieldsSecret, type PlannedWork } from '../../engine/work.ts';
import { UnsafePlanError, UserError } from '../../lib/errors.ts';
import type { Secret } from '../../secrets/secret.ts';
import { openSink, openSinks } from '../../secrets/sinks.ts';
import { sinkClashes } from '../../secrets/sinks/clashes.ts';
import { deliver } from '../../secrets/sinks/deliver.ts';
import type { Sink } from '../../secrets/sinks/sink.ts';
import { readSecret } from '../../secrets/sources.ts';
import { canAsk } from '../../terminal/review.ts';
import type { World } from '../../world.ts';
import type { StoredSecrets } from './stored-secrets.ts';

/** The folder that a document's relative paths count from. */
export const folderOf = (world: World, file: string | undefined): string =>
  file === undefined || file === '-' || file === '<stdin>' ? world.cwd : dirname(resolve(world.cwd, file));

/** The proposal with every secret that its works will send: read once each, before anything is written. */
export async function withReadSecrets(proposal: Proposal, world: World): Promise<Proposal> {
  const senders = proposal.works.filter((work) => sendsSecrets(work) && unreadIn(work.final).length > 0);
  if (senders.length === 0) return proposal;
  const read = secretReader(world);
  const filled = new Map<PlannedWork, PlannedWork>();
  for (const work of senders) {
    const values = new Map<string, Secret>();
    for (const secret of unreadIn(work.final))
      if (!values.has(secret.source)) values.set(secret.source, await read(secret, work));
    filled.set(work, { ...work, final: withSecrets(work.final, values) });
  }
  return { ...proposal, works: proposal.works.map((work) => filled.get(work) ?? work) };
}

/** Reads each reference once, save `-`: standard input gives every resource a secret of its own. */
function secretReader(world: World): (unread: Secret, work: PlannedWork) => Promise<Secret> {
  const known = new Map<string, Secret>();
  let piped: string | undefined;
  return async ({ source, multiline }, work) => {
    if (source === '-' && !world.stdin.isTTY) {
      if (work.desired?.place?.file === '<stdin>') throw spent('the document', work.address);
      if (piped !== undefined && piped !== work.address) throw spent(piped, work.address);
      piped = work.address;
    }
    const baseDir = folderOf(world, work.desired?.place?.file);
    const name = `${baseDir}\n${source}\n${multiline}\n${source === '-' ? work.address : ''}`;
    const { askSecret } = await import('../../terminal/prompts.ts');
    const ask = (message: string) => askSecret(message, world);
    const secret =
      known.get(name) ?? (await readSecret(source, { world, baseDir, ask, purpose: work.address, inHeader: !multiline }));
    known.set(name, secret);
    return secret;
  };
}

const spent = (by: string, wanted: string): UserError =>
  new UserError(`standard input is read for ${by} already, so it cannot give the secret of ${wanted}`, {
    code: 'secret_unreadable',
    hint: 'standard input gives one secret, once: use env:NAME or file:PATH for the others',
  });

export type Outlets = {
  /** True when a secret goes to standard output: everything else then has to stay away from it. */
  readonly useStdout: boolean;
  deliver(address: Address, secret: YieldedSecret): Promise<void>;
};

export type OutletOptions = {
  readonly world: World;
  /** `--secrets-out`. */
  readonly sinks: readonly string[];
  /** Learns where a secret went: a later run finds it there. */
  readonly stored?: StoredSecrets | undefined;
};

/** Refuses sinks that cannot be understood, whether a secret will go there or not. Throws a `UsageError`. */
export async function checkSinks(sinks: readonly string[], world: World): Promise<void> {
  await Promise.all(sinks.map((sink) => openSink(sink, { world, baseDir: world.cwd })));
}

const yieldingWorks = ({ works }: Proposal): readonly PlannedWork[] => works.filter(yieldsSecret);

/** Whether a secret may go to standard output; a place that is yet to be asked for may be that one. */
export function secretPlaces(proposal: Proposal, given: readonly string[]): { readonly mayBeStdout: boolean } {
  const places = yieldingWorks(proposal).map((work) => [...given, ...(work.desired?.sinks ?? [])]);
  return { mayBeStdout: places.some((sinks) => sinks.length === 0 || sinks.includes('stdout')) };
}

/** With `-o json` standard output is one document: what a `stdout` sink gets becomes a part of it. */
export function captureStdout(world: World, capture: boolean): { readonly world: World; lines(): readonly string[] } {
  if (!capture) return { world, lines: () => [] };
  const lines: string[] = [];
  const stdout = { ...world.stdout, write: (text: string) => lines.push(text) > 0 };
  return { world: { ...world, stdout }, lines: () => lines };
}

/** The sinks of every secret that the works will yield, each proved writable before the secret exists. */
export async function openOutlets(proposal: Proposal, { world, sinks: given, stored }: OutletOptions): Promise<Outlets> {
  const uses = yieldingWorks(proposal).map((work) => ({
    owner: work.address,
    baseDir: folderOf(world, work.desired?.place?.file),
    own: work.desired?.sinks ?? [],
  }));
  const homeless = uses.filter((use) => use.own.length + given.length === 0);
  const sinks =
    homeless.length === 0
      ? given
      : await askForSink(
          homeless.map((use) => use.owner),
          world,
        );
  const claims = uses.flatMap(({ owner, own, baseDir }) => [
    { owner, sinks },
    { owner, sinks: own, baseDir },
  ]);
  const clashes = sinkClashes(claims, { world, baseDir: world.cwd });
  if (clashes.length > 0) throw new UnsafePlanError(clashes.join('\n'), { code: 'secret_sink' });
  const byAddress = new Map<string, readonly Sink[]>();
  for (const { owner, baseDir, own } of uses) {
    byAddress.set(owner, [
      ...(await openSinks(sinks, { world, baseDir: world.cwd })),
      ...(await openSinks(own, { world, baseDir })),
    ]);
  }
  return {
    useStdout: [...byAddress.values()].flat().some((sink) => sink.spec === 'stdout'),
    deliver: async (address, secret) => {
      await deliver(secret, byAddress.get(address) ?? [], world);
      await stored?.refresh(address);
    },
  };
}

/** A person can say it now; a script has to have said it before. */
async function askForSink(owners: readonly string[], world: World): Promise<readonly string[]> {
  if (!canAsk(world)) throw noSink(owners.join(', '));
  const { askText } = await import('../../terminal/prompts.ts');
  return [
    await askText(
      `Where does the secret of ${owners.join(', ')} go? (dotenv:.env, file:PATH, github:OWNER/REPO, cmd:COMMAND, stdout)`,
      world,
    ),
  ];
}

const noSink = (address: string): UnsafePlanError =>
  new UnsafePlanError(`${address} shows its secret once, and nothing says where to put it`, {
    code: 'no_secret_sink',
    hint: 'add --secrets-out dotenv:.env (or file:PATH, github:OWNER/REPO, cmd:COMMAND, stdout), or out: to its entry in the document',
  });
