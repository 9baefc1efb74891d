import { dirname, resolve } from 'node:path';
import type { Desired, Finding } from '../../engine/kind.ts';
import { isSourceFile, type SourceFile } from '../../kinds/worker/source-file.ts';
import type { LoadedSpec } from '../../load-spec.ts';
import { fileReason } from '../../secrets/file-reason.ts';
import { SpecError } from '../../spec/spec-error.ts';
import type { World } from '../../world.ts';

/** The files of code that the resources are made from. */
export const filesOf = (desired: readonly Desired[]): readonly SourceFile[] =>
  desired.filter(({ absent }) => !absent).flatMap(({ state }) => Object.values(state).filter(isSourceFile));

/** Only whether the files can be read: what `validate` tells without compiling anything. Throws a `SpecError`. */
export async function checkSourceFiles(
  { desired, sources }: Pick<LoadedSpec, 'desired' | 'sources'>,
  world: World,
): Promise<void> {
  const findings = (await Promise.all(filesOf(desired).map((file) => unreadable(file, world)))).flat();
  if (findings.length > 0) throw new SpecError(findings, sources);
}

async function unreadable({ sourceFile, place }: SourceFile, world: World): Promise<readonly Finding[]> {
  const folder = place.file === '<stdin>' ? world.cwd : dirname(resolve(world.cwd, place.file));
  const path = resolve(folder, sourceFile);
  const reason = await world.files.read(path).then(() => undefined, fileReason);
  if (reason === undefined) return [];
  const message = `${sourceFile} cannot be read: ${reason}`;
  return [{ severity: 'error', code: 'MCP222', message, hint: `the path stands for ${path}`, place }];
}
