import { resolve } from 'node:path';
import type { Invocation } from '../../cli/command.ts';
import { kinds } from '../../kinds/index.ts';
import { UsageError } from '../../lib/errors.ts';
import { load } from '../../load-spec.ts';
import type { Edit } from '../../spec/edit.ts';
import type { Intent } from '../../verbs/intent.ts';
import { parseSources } from '../../spec/parse-sources.ts';
import { lockPathOf, readLock } from '../../spec/read-lock.ts';
import type { Source } from '../../spec/source.ts';
import { SpecError } from '../../spec/spec-error.ts';
import type { World } from '../../world.ts';
import { editsByFile } from './save-target.ts';

type Saving = Pick<Invocation, 'world' | 'output'>;

/** A file and what it is to become. */
type Draft = { readonly name: string; readonly path: string; readonly before: string | undefined; readonly after: string };

const declareIt = 'declare it in the document first: mcp-portal export writes what the account has';

const newFile: Source = { name: 'portal.yaml', text: 'version: 1\n' };

/**
 * `--save`: the edits in the document's file, everything else in it kept. Everything that could go
 * wrong is found before anything is changed; what is given back writes the file, and says what still
 * went wrong then.
 */
export async function prepareSave(
  saving: Saving,
  sources: readonly Source[],
  { save, unsavable = [] }: Pick<Intent, 'save' | 'unsavable'>,
): Promise<() => Promise<string | undefined>> {
  if (unsavable.length > 0) throw new UsageError(`--save: ${unsavable.join('; ')}`, { code: 'cannot_save', hint: declareIt });
  const drafts = await draftsOf(saving, sources, save);
  return async () => {
    for (const draft of drafts) {
      const trouble = await written(draft, saving);
      if (trouble !== undefined) return `${draft.name} was not saved: ${trouble}`;
    }
    return undefined;
  };
}

async function draftsOf({ world }: Saving, sources: readonly Source[], edits: readonly Edit[]): Promise<readonly Draft[]> {
  const { editedText } = await import('../../spec/edit-file.ts');
  const isNew = sources.length === 0;
  const files = isNew ? [newFile] : sources;
  const shares = editsByFile(files, edits);
  const next = files.map(({ name, text }, at) => ({ name, text: editedText(text, shares[at] ?? []) }));
  await assertValid(next, world);
  const changed = next
    .map((source, at) => ({ ...source, before: files[at]?.text }))
    .filter(({ text, before }) => isNew || text !== before);
  if (changed.some(({ name }) => name === '<stdin>'))
    throw new UsageError('--save cannot write to standard input', { hint: 'name a file with -f' });
  return changed.map(({ name, text, before }) => ({
    name,
    path: resolve(world.cwd, name),
    before: isNew ? undefined : before,
    after: text,
  }));
}

/** Writes one file. Gives what went wrong: what was changed in the account stays so, and is told. */
async function written({ name, path, before, after }: Draft, { world, output }: Saving): Promise<string | undefined> {
  try {
    const isThere = await world.files.exists(path);
    if (before === undefined ? isThere : !isThere || (await world.files.read(path)) !== before)
      return 'it was changed while this ran; the change in the account was made, run the same command again to save it';
    await world.files.write(path, after);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  output.notice(`Saved to ${name}.`);
  return undefined;
}

/** A file that `--save` writes has to be a document that `apply` takes: there, names are those of the document alone. */
async function assertValid(sources: readonly Source[], world: World): Promise<void> {
  const { env } = world;
  try {
    load(sources, { kinds, env, parsed: await parseSources(sources), lock: await readLock(world, lockPathOf(sources)) });
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    const [first, ...more] = error.findings.filter(({ severity }) => severity === 'error');
    const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
    throw new UsageError(`--save would leave a document that is not valid: ${first?.message ?? error.message}${others}`, {
      code: 'cannot_save',
      path: first?.place?.path,
      hint: first?.code === 'MCP201' ? declareIt : first?.hint,
    });
  }
}
