import { resolve } from 'node:path';
import type { World } from '../world.ts';

/** An absolute path: `~/` is the home folder (shells leave it alone after a colon), the rest counts from `baseDir`. */
export function homePath(
  path: string,
  { world, baseDir }: { readonly world: Pick<World, 'env'>; readonly baseDir: string },
): string {
  const home = world.env['HOME'] ?? world.env['USERPROFILE'];
  return path.startsWith('~/') && home !== undefined ? resolve(home, path.slice(2)) : resolve(baseDir, path);
}
