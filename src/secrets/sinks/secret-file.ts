import { dirname } from 'node:path';
import { UnsafePlanError, UserError } from '../../lib/errors.ts';
import { fileReason } from '../file-reason.ts';
import { realDisk, type DiskEntry } from './disk.ts';
import type { SinkPlace } from './sink.ts';

export type SecretFile = SinkPlace & {
  readonly spec: string;
  /** Absolute. */
  readonly path: string;
};

/** A refusal before the secret exists: exit 3, nothing was changed. */
export const unwritable = (spec: string, why: string, hint?: string): UnsafePlanError =>
  new UnsafePlanError(`the secret cannot go to ${spec}: ${why}`, { code: 'sink_not_writable', hint });

/**
 * Shows that the file can be written, by looking only. `renames` says that it is replaced by a
 * neighbour, which takes a writable folder also where the file exists. A symbolic link is refused:
 * what stands behind it may be replaced, shared, or under version control.
 */
export async function proveFile(file: SecretFile, { renames }: { readonly renames: boolean }): Promise<void> {
  const { spec, path, disk = realDisk } = file;
  const entry = await looking(spec, () => disk.inspect(path));
  const fault = faultOf(entry, path);
  if (fault !== undefined) throw unwritable(spec, fault.why, fault.hint);
  if (entry.is === 'file' && !renames) return;
  const folder = dirname(path);
  const around = await looking(spec, () => disk.inspect(folder, { follow: true }));
  if (around.is === 'missing') throw unwritable(spec, `the folder ${folder} does not exist`, `create it: mkdir -p ${folder}`);
  if (around.is !== 'folder') throw unwritable(spec, `${folder} is not a folder`);
  if (!around.writable) throw unwritable(spec, `the folder ${folder} is not writable`);
}

function faultOf(entry: DiskEntry, path: string): { readonly why: string; readonly hint?: string } | undefined {
  switch (entry.is) {
    case 'missing':
      return undefined;
    case 'link':
      return { why: `${path} is a symbolic link`, hint: 'name the file that it points to' };
    case 'folder':
      return { why: `${path} is a folder`, hint: 'name a file in it' };
    case 'other':
      return { why: `${path} is not a regular file`, hint: 'use stdout or cmd:COMMAND to pass the secret on' };
    case 'file':
      return entry.writable ? undefined : { why: `${path} is not writable` };
  }
}

async function looking<T>(spec: string, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    throw unwritable(spec, fileReason(error));
  }
}

/** Takes a file away from everybody but its owner before a secret goes in, and says so. */
export async function tighten({ spec, path, world, disk = realDisk }: SecretFile): Promise<void> {
  const entry = await disk.inspect(path);
  if (entry.is === 'link') throw unwritable(spec, `${path} is a symbolic link`, 'name the file that it points to');
  if (entry.is !== 'file' || !entry.open) return;
  await disk.restrict(path);
  world.stderr.write(`note: others could read ${path}; now only its owner can (mode 0600)\n`);
}

/** Runs a write; a failure of the system becomes a sentence without the content. */
export async function writing(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`cannot write ${path}: ${fileReason(error)}`, { code: 'sink_failed' });
  }
}
