import type { Peers } from '../../engine/kind.ts';
import { isPlain } from '../../engine/values.ts';
import { rowsOf } from './links.ts';

/**
 * True when no portal has the server after the run and the document does not want it: only then is
 * its Access application of no use.
 */
export function isLeaving(server: string, { desired, existing }: Peers): boolean {
  if (desired('server').some((resource) => resource.key === server && !resource.absent)) return false;
  return existing('portal').every(({ id, live }) => {
    const entry = desired('portal').find((resource) => resource.key === id);
    if (entry?.absent === true) return true;
    const links = entry?.state['servers'];
    if (isPlain(links)) return !Object.hasOwn(links, server);
    return isPlain(live) && !rowsOf(live).some((row) => row.id === server);
  });
}
