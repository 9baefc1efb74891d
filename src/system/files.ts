import { constants } from 'node:fs';
import { access, copyFile, mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../lib/errors.ts';
import { fileReason } from '../secrets/file-reason.ts';
import type { Files } from '../world.ts';
import { errorCode } from './streams.ts';

/** The files of this machine; relative paths start at `cwd`. */
export function realFiles(cwd: string): Files {
  const at = (path: string): string => resolve(cwd, path);
  return {
    read: (path) => readFile(at(path), 'utf8'),
    exists: (path) =>
      access(at(path)).then(
        () => true,
        () => false,
      ),
    write: (path, text, { mode, parents } = {}) =>
      writeFile(at(path), text, { mode, parents }).catch((error: unknown) => unwritable(path, error)),
    copy: (path, to) => copyNew(at(path), at(to)).catch((error: unknown) => unwritable(to, error)),
    append: (path, text, { mode } = {}) => appendTo(at(path), text, mode).catch((error: unknown) => unwritable(path, error)),
  };
}

type WriteOptions = { readonly mode: number | undefined; readonly parents: true | undefined };

async function writeFile(path: string, text: string, { mode, parents }: WriteOptions): Promise<void> {
  if (parents === true) await mkdir(dirname(path), { recursive: true });
  await replaceFile(path, text, mode);
}

async function copyNew(path: string, to: string): Promise<boolean> {
  try {
    await copyFile(path, to, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Writes a neighbour first and renames it: a reader sees the old text or the new one, never a part. */
async function replaceFile(path: string, text: string, mode: number | undefined): Promise<void> {
  // A link stays a link: what it points to is replaced.
  const target = await realpath(path).catch(() => path);
  const present = await stat(target).catch(() => undefined);
  // A device or a named pipe cannot be replaced.
  if (present !== undefined && !present.isFile()) return writeInto(await open(target, 'w'), text, undefined);
  // Made exclusively below, so a name that is taken already is an error and nothing worse.
  const neighbour = join(dirname(target), `.${basename(target)}.${process.pid}.${Math.random().toString(36).slice(2)}`);
  const wanted = mode ?? (present === undefined ? undefined : present.mode & 0o777);
  try {
    await writeInto(await open(neighbour, 'wx', wanted ?? 0o666), text, wanted);
    await rename(neighbour, target);
  } catch (error) {
    await rm(neighbour, { force: true });
    throw error;
  }
}

async function appendTo(path: string, text: string, mode: number | undefined): Promise<void> {
  await writeInto(await open(path, 'a', mode ?? 0o666), text, mode);
}

async function writeInto(file: FileHandle, text: string, mode: number | undefined): Promise<void> {
  try {
    if (mode !== undefined) await file.chmod(mode);
    await file.writeFile(text);
    // Devices and pipes have nothing to sync.
    if ((await file.stat()).isFile()) await file.sync();
  } finally {
    await file.close();
  }
}

function unwritable(path: string, error: unknown): never {
  const reason = errorCode(error) === 'ENOENT' ? `the folder ${dirname(path)} does not exist` : fileReason(error);
  throw new UserError(`cannot write ${path}: ${reason}`, { code: 'unwritable_file', path, cause: error });
}
