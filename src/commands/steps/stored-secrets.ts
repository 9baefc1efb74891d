import { addressOf, type Address, type Desired } from '../../engine/kind.ts';
import type { SinkContent } from '../../engine/stored-secrets.ts';
import { kinds } from '../../kinds/index.ts';
import { readSink } from '../../secrets/sinks/read-sink.ts';
import type { World } from '../../world.ts';
import { folderOf } from './secrets.ts';

/** The secrets that earlier runs brought to the sinks of this one. */
export type StoredSecrets = {
  /** The sinks of a resource that are there and can be read back. */
  of(address: Address): readonly SinkContent[];
  /** Reads the sinks of a resource again: a secret has just gone there. */
  refresh(address: Address): Promise<void>;
};

export type StoredSecretsOptions = {
  readonly world: World;
  readonly desired: readonly Desired[];
  /** `--secrets-out`. */
  readonly sinks?: readonly string[];
};

/**
 * Cloudflare shows a secret once, so what needs one later gets it from where it was put: `out:` of its
 * resource, or `--secrets-out`. Read before the plan is made, because the plan depends on it.
 */
export async function readStoredSecrets(options: StoredSecretsOptions): Promise<StoredSecrets> {
  const yielding = new Set(kinds.filter((kind) => kind.yieldsSecret === true).map(({ kind }) => kind));
  const owners = new Map(
    options.desired
      .filter((resource) => yielding.has(resource.kind) && !resource.absent)
      .map((resource) => [addressOf(resource.kind, resource.key), resource]),
  );
  const contents = new Map<Address, readonly SinkContent[]>();
  const refresh = async (address: Address): Promise<void> => {
    const owner = owners.get(address);
    if (owner !== undefined) contents.set(address, await contentsFor(owner, options));
  };
  await Promise.all([...owners.keys()].map(refresh));
  return { of: (address) => contents.get(address) ?? [], refresh };
}

async function contentsFor(
  { sinks: own, place }: Desired,
  { world, sinks = [] }: StoredSecretsOptions,
): Promise<readonly SinkContent[]> {
  const read = await Promise.all([
    ...own.map((sink) => readSink(sink, { world, baseDir: folderOf(world, place?.file) })),
    ...sinks.map((sink) => readSink(sink, { world, baseDir: world.cwd })),
  ]);
  return read.filter((content) => content !== undefined);
}
