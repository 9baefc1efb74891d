import { resolve } from 'node:path';
import type { Proposal } from '../../engine/plan.ts';
import { UnsafePlanError } from '../../lib/errors.ts';
import { homePath } from '../../secrets/home-path.ts';
import { parseSink } from '../../secrets/sinks/parse-sink.ts';
import type { World } from '../../world.ts';
import type { Given } from './prepare.ts';
import { folderOf } from './secrets.ts';

/** Refuses to write over what a run reads: a document, or the simulator's state. */
export function assertApart(path: string, inputs: readonly string[], what: string): void {
  if (!inputs.includes(path)) return;
  throw new UnsafePlanError(`${what} would go into ${path}, which this run reads`, {
    code: 'own_input',
    hint: 'name another file',
  });
}

/** The files that a run reads, absolute. */
export const inputsOf = ({ world, global }: Given, documents: readonly string[]): readonly string[] =>
  [
    ...documents.filter((name) => name !== '-' && name !== '<stdin>'),
    ...(global.sandbox?.stateFile === undefined ? [] : [global.sandbox.stateFile]),
  ].map((name) => resolve(world.cwd, name));

/** The same for the places of secrets. */
export function assertSinksApart(given: Given, proposal: Proposal, secretsOut: readonly string[]): void {
  const { world } = given;
  const works = proposal.works.filter((work) => work.kind.yieldsSecret === true);
  const documents = proposal.works.flatMap((work) => work.desired?.place?.file ?? []);
  const inputs = inputsOf(given, documents);
  for (const work of works) {
    const baseDir = folderOf(world, work.desired?.place?.file);
    for (const path of [...sinkPaths(secretsOut, world, world.cwd), ...sinkPaths(work.desired?.sinks ?? [], world, baseDir)]) {
      assertApart(path, inputs, `the secret of ${work.address}`);
    }
  }
}

/** The files that sinks write, absolute. */
export const sinkPaths = (sinks: readonly string[], world: World, baseDir: string): readonly string[] =>
  sinks.flatMap((text) => {
    const parsed = parseSink(text);
    return parsed.ok && (parsed.sink.to === 'file' || parsed.sink.to === 'dotenv')
      ? [homePath(parsed.sink.path, { world, baseDir })]
      : [];
  });
