import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { UserError } from '../lib/errors.ts';
import type { World } from '../world.ts';

export type Root = {
  /** The folder that a call cannot leave. */
  readonly folder: string;
  /** Files outside of it that the person who started the server named. */
  readonly also: readonly string[];
};

/** Throws a `UserError` for a path that leads out of the root, also through links. Nothing needs to be there. */
export async function assertInside(path: string, { folder, also }: Root): Promise<void> {
  const wanted = resolve(folder, path);
  if (also.includes(wanted)) return;
  const [root, real] = await Promise.all([realPath(folder), realPath(wanted)]);
  if (real === root || real.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)) return;
  throw new UserError(`${path} is outside of the folder that this server may use`, {
    code: 'outside_root',
    hint: 'Name a path inside of it. The person who starts the server chooses the folder with --root.',
  });
}

/** Where a path leads, with all links followed; what is not there yet keeps its name. */
async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const parent = dirname(path);
    // A link whose target is missing would be followed by whoever writes: it leads nowhere that can be judged.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT') || parent === path) return sep;
    return join(await realPath(parent), basename(path));
  }
}

/** The world's files, within a root. */
export function rootedFiles(files: World['files'], root: Root): World['files'] {
  const inside = async <T>(paths: readonly string[], act: () => Promise<T>): Promise<T> => {
    for (const path of paths) await assertInside(path, root);
    return act();
  };
  return {
    read: (path) => inside([path], () => files.read(path)),
    exists: (path) => inside([path], () => files.exists(path)),
    write: (path, text, options) => inside([path], () => files.write(path, text, options)),
    copy: (path, to) => inside([path, to], () => files.copy(path, to)),
    append: (path, text, options) => inside([path], () => files.append(path, text, options)),
  };
}
