import { resolve } from 'node:path';
import { kinds } from '../../kinds/index.ts';
import { UsageError } from '../../lib/errors.ts';
import { load } from '../../load-spec.ts';
import type { Edit } from '../../spec/edit.ts';
import { parseSources } from '../../spec/parse-sources.ts';
import type { Source } from '../../spec/source.ts';
import { isNamedIn } from './save-target.ts';
import type { Invocation } from '../../cli/command.ts';

const newFile: Source = { name: 'portal.yaml', text: 'version: 1\n' };

/**
 * `--save`: the edits in the document's file, its comments and order kept. Everything that could go
 * wrong is found before anything is changed; what is given back writes the file, and says what still
 * went wrong then.
 */
export async function prepareSave(
  { world, output }: Pick<Invocation, 'world' | 'output'>,
  sources: readonly Source[],
  edits: readonly Edit[],
): Promise<() => Promise<string | undefined>> {
  const { editedText } = await import('../../spec/edit-file.ts');
  const target = sources.findLast((source) => isNamedIn(source, edits)) ?? sources.at(-1) ?? newFile;
  if (target.name === '<stdin>') throw new UsageError('--save cannot write to standard input', { hint: 'name a file with -f' });
  const path = resolve(world.cwd, target.name);
  const isNew = sources.length === 0;
  if (isNew && (await world.files.exists(path))) throw new UsageError(`${target.name} is there already`, { hint: `name it with -f ${target.name}` });
  const next = { name: target.name, text: editedText(target.text, edits) };
  await assertValid(isNew ? [next] : sources.map((source) => (source === target ? next : source)), world.env);
  return async () => {
    if (!isNew && next.text === target.text) return undefined;
    try {
      const now = isNew ? undefined : await world.files.read(path);
      if (now !== undefined && now !== target.text) return `${target.name} was not saved: it was changed while this ran; run again`;
      await world.files.write(path, next.text);
    } catch (error) {
      return `${target.name} was not saved: ${error instanceof Error ? error.message : String(error)}`;
    }
    output.notice(`Saved to ${target.name}.`);
    return undefined;
  };
}

/** A file that `--save` writes has to be a document that `apply` takes: there, names are those of the document alone. */
async function assertValid(sources: readonly Source[], env: Readonly<Record<string, string | undefined>>): Promise<void> {
  load(sources, { kinds, env, parsed: await parseSources(sources) });
}
