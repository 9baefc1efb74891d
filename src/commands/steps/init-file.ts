import { dirname, resolve } from 'node:path';
import { UnsafePlanError } from '../../lib/errors.ts';
import { lockPathOf, readLock } from '../../spec/read-lock.ts';
import { readSources } from '../../spec/read-sources.ts';
import type { CommandOutput } from '../../terminal/output.ts';
import { isIgnored } from '../../wizard/bots.ts';
import { commented } from '../../wizard/comments.ts';
import type { Draft } from '../../wizard/draft.ts';
import type { World } from '../../world.ts';
import { createDraft } from './draft.ts';
import type { FileName } from './init-name.ts';

/** The file that `init` writes. */
export type InitFile = {
  readonly name: string;
  readonly path: string;
  /** Its text when it was read; undefined: it was not there. */
  readonly before: string | undefined;
};

const empty = 'version: 1\n';

/** The file as it is now, and its document. Throws for one that cannot be read, or that has errors: they come first. */
export async function readFile(
  world: World,
  { name, isThere }: FileName,
): Promise<{ readonly file: InitFile; readonly draft: Draft }> {
  const [source] = isThere ? await readSources(world, [name]) : [];
  const lock = await readLock(world, lockPathOf([{ name }]));
  const draft = await createDraft({ name, text: source?.text ?? empty, env: world.env, lock });
  await draft.load();
  return { file: { name, path: resolve(world.cwd, name), before: source?.text }, draft };
}

/** The document's final text: a new file says what its parts are for. */
export const finalText = ({ before }: InitFile, { text }: Draft): string => (before === undefined ? commented(text) : text);

type Places = { readonly world: World; readonly output: CommandOutput };

/** Writes the file. Where somebody else has changed it in the meantime, shows the answers and refuses. */
export async function writeFile({ world, output }: Places, file: InitFile, draft: Draft): Promise<void> {
  const { name, path, before } = file;
  const now = (await world.files.exists(path)) ? await world.files.read(path) : undefined;
  if (now !== before) {
    const { text } = await (await createDraft({ name, text: empty, env: {} })).with(draft.edits);
    output.warning(`What the answers say:\n\n${text}`);
    throw new UnsafePlanError(`${name} was changed while this ran: nothing was written`, {
      code: 'file_changed',
      hint: 'run again, or add by hand what the answers say, which stands above',
    });
  }
  await world.files.write(path, finalText(file, draft));
}

/** Whether a file beside the document would go into git. */
export async function isTracked({ files }: World, { path }: InitFile, secret: string): Promise<boolean> {
  const [git, gitignore] = ['.git', '.gitignore'].map((name) => resolve(dirname(path), name));
  if (git === undefined || gitignore === undefined || !(await files.exists(git))) return false;
  return !(await files.exists(gitignore)) || !isIgnored(await files.read(gitignore), secret);
}

/** Keeps a file beside the document out of git. */
export async function ignoreFile({ files }: World, { path }: InitFile, secret: string): Promise<void> {
  const gitignore = resolve(dirname(path), '.gitignore');
  const text = (await files.exists(gitignore)) ? await files.read(gitignore) : '';
  await files.append(gitignore, `${text === '' || text.endsWith('\n') ? '' : '\n'}${secret}\n`);
}
