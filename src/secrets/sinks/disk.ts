import { access, chmod, constants, lstat, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';

/** What stands at a path. `open` says that others than the owner may read it. */
export type DiskEntry =
  | { readonly is: 'missing' | 'link' | 'other' }
  | { readonly is: 'folder'; readonly writable: boolean }
  | { readonly is: 'file'; readonly writable: boolean; readonly open: boolean };

/** What keeping a secret in a file takes beside reading and writing it. */
export type Disk = {
  /** A symbolic link at `path` itself counts as one, unless `follow`. */
  inspect(path: string, options?: { readonly follow?: boolean }): Promise<DiskEntry>;
  /** Only the owner may read and write from now on. */
  restrict(path: string): Promise<void>;
};

export const realDisk: Disk = {
  async inspect(path, { follow = false } = {}) {
    const found = await unlessMissing(follow ? stat(path) : lstat(path));
    if (found === undefined) return { is: 'missing' };
    if (found.isSymbolicLink()) return { is: 'link' };
    if (!found.isFile() && !found.isDirectory()) return { is: 'other' };
    const writable = await mayWrite(path);
    return found.isDirectory() ? { is: 'folder', writable } : { is: 'file', writable, open: isOpen(found) };
  },
  restrict: (path) => chmod(path, 0o600),
};

async function unlessMissing(looking: Promise<Stats>): Promise<Stats | undefined> {
  try {
    return await looking;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

const mayWrite = (path: string): Promise<boolean> =>
  access(path, constants.W_OK).then(
    () => true,
    () => false,
  );

/** Windows keeps no such bits: every file looks open there, and `chmod` would change nothing. */
const isOpen = ({ mode }: Stats): boolean => process.platform !== 'win32' && (mode & 0o077) !== 0;
