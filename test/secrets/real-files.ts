import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { realFiles } from '../../src/system/files.ts';
import { fakeWorld, type FakeWorldOptions } from '../fake-world.ts';

/** A fake world whose files are real ones, in a folder that goes away with the test. */
export async function worldOnDisk(options: FakeWorldOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-portal-secrets-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const fake = fakeWorld(options);
  const world = { ...fake.world, cwd: folder, files: realFiles(folder) };
  return { ...fake, world, folder, place: { world, baseDir: folder } };
}

export const canary = 'canary-7f3a9c0e51d2';

/** A service token as its creation shows it. */
export const token = {
  name: 'ci',
  values: { client_id: 'abc.access', client_secret: canary, expires_at: '2027-01-01T00:00:00Z' },
};

/** The error that something throws, for a look at all of it. */
export async function errorOf(attempt: Promise<unknown>): Promise<Error & { readonly facts?: { readonly hint?: string } }> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}
