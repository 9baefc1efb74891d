import { resolve } from 'node:path';
import { UsageError } from '../../lib/errors.ts';
import type { World } from '../../world.ts';

export type FileName = { readonly name: string; readonly isThere: boolean };

/** Which file `init` writes: the one that `-f` names, else `portal.yaml`, or `portal.yml` where that is there. */
export async function nameFile({ files, cwd }: World, named: readonly string[]): Promise<FileName> {
  const [first, ...more] = named;
  if (first === '-' || more.length > 0) throw new UsageError('init writes one file', { hint: 'name it with -f PATH' });
  for (const name of first === undefined ? ['portal.yaml', 'portal.yml'] : [first])
    if (await files.exists(resolve(cwd, name))) return { name, isThere: true };
  return { name: first ?? 'portal.yaml', isThere: false };
}
