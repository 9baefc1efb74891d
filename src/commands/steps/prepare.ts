import type { GlobalOptions } from '../../cli/global-options.ts';
import type { OpenApi } from '../../cloudflare/client.ts';
import { kinds } from '../../kinds/index.ts';
import { load, type LoadedSpec } from '../../load-spec.ts';
import type { Lock } from '../../exposure/lock.ts';
import type { Env } from '../../spec/interpolate.ts';
import { parseSources } from '../../spec/parse-sources.ts';
import { lockPathOf, readLock } from '../../spec/read-lock.ts';
import { readSources, readSourcesIfAny } from '../../spec/read-sources.ts';
import type { Source } from '../../spec/source.ts';
import type { World } from '../../world.ts';

export type Given = { readonly world: World; readonly global: GlobalOptions };

/** The document of a run, read and expanded, with the environment that it was read in. */
export type Prepared = { readonly env: Env; readonly spec: LoadedSpec; readonly lock: Lock | undefined };

/** Reads the document that `-f` names, or the texts given. */
export async function prepare(given: Given, texts?: readonly Source[]): Promise<Prepared> {
  const { env } = given.world;
  const sources = texts ?? (await readSources(given.world, given.global.files));
  const lock = await readLock(given.world, lockPathOf(sources));
  return { env, spec: load(sources, { kinds, env, parsed: await parseSources(sources), lock }), lock };
}

/** The same where there is a document; else one that says nothing. */
export async function prepareIfAny(given: Given): Promise<Prepared> {
  const sources = await readSourcesIfAny(given.world, given.global.files);
  return sources.length > 0 ? prepare(given, sources) : { env: given.world.env, spec: nothing, lock: undefined };
}

const nothing: LoadedSpec = { account: undefined, desired: [], findings: [], sources: [] };

/** Opens the API for a prepared document. Loaded late: `validate` needs no network code. */
export async function connect(given: Given, { env, spec }: Pick<Prepared, 'env' | 'spec'>, planned?: string): Promise<OpenApi> {
  const { openSession } = await import('../../session.ts');
  return openSession({ ...given, env, account: spec.account, planned, kinds, desired: spec.desired });
}
