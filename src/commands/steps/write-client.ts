import type { Invocation } from '../../cli/command.ts';
import type { Client, Wanted } from '../../clients/client.ts';
import type { Scope } from '../../clients/config-path.ts';
import { changesText } from '../../clients/describe.ts';
import { withPortal } from '../../clients/edited-file.ts';
import { UnsafePlanError, UsageError } from '../../lib/errors.ts';
import { fileReason } from '../../secrets/file-reason.ts';
import { canAsk, review } from '../../terminal/review.ts';
import type { World } from '../../world.ts';

/** What became of a client's file, as the JSON says it. */
export type WrittenClient = { readonly changed: boolean; readonly backup?: string };

export type ClientFile = {
  readonly client: Client;
  readonly wanted: Wanted;
  /** Absolute; undefined where the home folder is not known. */
  readonly path: string | undefined;
  /** As messages show it. */
  readonly shown: string;
  readonly scope: Scope;
};

type Given = Pick<Invocation, 'world' | 'global' | 'output'>;

/**
 * Puts the portal into a client's file: shows what changes, asks, keeps a copy of the file beside it. Writes nothing,
 * and asks nothing, where it is there already.
 */
export async function writeClient(given: Given, { client, wanted, path, shown, scope }: ClientFile): Promise<WrittenClient> {
  const { world, global, output } = given;
  if (client.is !== 'entry' || client.file === undefined) throw new Error('this client has no file');
  if (path === undefined) throw new UsageError('the home folder is not known', { hint: 'Set HOME, or leave --write out.' });
  const before = await textOf(world, path, shown);
  const { text, changes } = await withPortal({ name: shown, text: before ?? '' }, client, wanted);
  if (changes.length === 0) {
    output.notice(`${shown} has it already.`);
    return { changed: false };
  }
  const diff = changesText(shown, changes, before === undefined);
  // Whoever is asked has to see it; elsewhere it is a notice.
  if (!global.yes && !global.dryRun && canAsk(world)) output.warning(diff);
  else output.notice(diff);
  if (global.dryRun) return { changed: false };
  if (!(await review({ world, yes: global.yes, question: `Change ${shown}?` }))) {
    output.notice('Nothing was changed.');
    return { changed: false };
  }
  if ((await textOf(world, path, shown)) !== before)
    throw new UnsafePlanError(`${shown} was changed while this ran; nothing was written`, {
      code: 'file_changed',
      hint: 'Run again.',
    });
  const backup = before === undefined ? undefined : await keepCopy(world, path);
  // A user's own file is where secrets get filled in.
  const isPrivate = before === undefined && client.file.user !== undefined && scope === 'user';
  await world.files.write(path, text, { parents: true, ...(isPrivate ? { mode: 0o600 } : {}) });
  output.notice(`Wrote ${shown}${backup === undefined ? '' : `; the former file is ${backup}`}.`);
  return { changed: true, ...(backup === undefined ? {} : { backup }) };
}

async function textOf(world: World, path: string, shown: string): Promise<string | undefined> {
  try {
    return await world.files.read(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new UsageError(`${shown} cannot be read: ${fileReason(error)}`, {
      code: 'invalid_client_file',
      path: shown,
      cause: error,
    });
  }
}

/** A copy beside the file, under a name that nothing has yet. */
async function keepCopy({ files }: World, path: string): Promise<string> {
  for (let count = 0; ; count++) {
    const copy = count === 0 ? `${path}.bak` : `${path}.bak.${count}`;
    if (await files.copy(path, copy)) return copy;
  }
}
