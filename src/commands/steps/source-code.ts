import { resolve } from 'node:path';
import type { Problem } from '../../bundler/bundle.ts';
import type { Desired, Finding } from '../../engine/kind.ts';
import { isSourceFile, type SourceFile } from '../../kinds/worker/source-file.ts';
import type { LoadedSpec } from '../../load-spec.ts';
import { SpecError } from '../../spec/spec-error.ts';
import type { Source } from '../../spec/source.ts';
import type { World } from '../../world.ts';
import { filesOf } from './source-files.ts';
import { folderOf } from './secrets.ts';

type Spec = Pick<LoadedSpec, 'desired'> & Partial<Pick<LoadedSpec, 'sources'>>;

/**
 * The document with the code of every file that its resources are made from. A plan depends on the code,
 * so it is read and bundled before one is made. Throws a `SpecError` for what cannot be read or compiled.
 */
export async function withSourceCode<S extends Spec>(spec: S, world: World): Promise<S> {
  if (filesOf(spec.desired).length === 0) return spec;
  const read = await Promise.all(spec.desired.map((resource) => withCode(resource, world)));
  const findings = read.flatMap((one) => one.findings);
  if (findings.length > 0) throw await refused(findings, spec.sources ?? [], world);
  return { ...spec, desired: read.map(({ resource }) => resource) };
}

type Read = { readonly resource: Desired; readonly findings: readonly Finding[] };

async function withCode(resource: Desired, world: World): Promise<Read> {
  if (filesOf([resource]).length === 0) return { resource, findings: [] };
  const { bundle } = await import('../../bundler/bundle.ts');
  const fields = Object.entries(resource.state).map(async ([name, value]) => {
    if (!isSourceFile(value)) return { field: [name, value] as const, findings: [] };
    const made = await bundle({ world, folder: folderOf(world, value.place.file), file: value.sourceFile });
    if ('bundle' in made) return { field: [name, { ...value, code: made.bundle }] as const, findings: [] };
    return { field: [name, value] as const, findings: made.problems.map((problem) => findingOf(problem, value)) };
  });
  const done = await Promise.all(fields);
  const state = Object.fromEntries(done.map(({ field }) => field));
  return { resource: { ...resource, state }, findings: done.flatMap(({ findings }) => findings) };
}

const findingOf = ({ message, hint, at }: Problem, file: SourceFile): Finding => ({
  severity: 'error',
  code: 'MCP222',
  message,
  hint,
  place: at === undefined ? file.place : { ...at, path: '' },
});

/** With the texts of the files of code, so that the lines can be shown. */
async function refused(findings: readonly Finding[], sources: readonly Source[], world: World): Promise<SpecError> {
  const known = new Set(sources.map(({ name }) => name));
  const others = new Set(findings.flatMap(({ place }) => (place === undefined || known.has(place.file) ? [] : [place.file])));
  const texts = [...others].map(async (name) => ({
    name,
    text: await world.files.read(resolve(world.cwd, name)).catch(() => ''),
  }));
  return new SpecError(findings, [...sources, ...(await Promise.all(texts))]);
}
