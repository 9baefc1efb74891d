import type { Desired, Existing, Obstacle, Peers } from '../../engine/kind.ts';
import { canonicalHostname } from '../document/network.ts';
import { isSourceFile } from './source-file.ts';
import { domainsOf, type Worker, type WorkerState } from './worker-state.ts';

/** Why a Worker cannot be made or changed as the document says. */
export const workerObstacles = (
  desired: Desired<WorkerState>,
  bound: Existing<Worker> | undefined,
  peers: Peers,
): readonly Obstacle[] => [
  ...withoutCode(desired, bound),
  ...takenDomains(desired, bound, peers),
  ...unknownServices(desired, peers),
];

function withoutCode({ key, state }: Desired<WorkerState>, bound: Existing | undefined): readonly Obstacle[] {
  if (bound !== undefined || isSourceFile(state.main)) return [];
  const message = `worker:${key} is not there, and its entry has no main: to make it from`;
  return [{ message, ids: [], hint: 'say main: with the file of its code, or deploy it first' }];
}

/** A hostname has one Worker: whose it is, is said before anything is written (Q90). */
function takenDomains(
  { key, state }: Desired<WorkerState>,
  bound: Existing<Worker> | undefined,
  peers: Peers,
): readonly Obstacle[] {
  const wanted = new Set((state.routes?.custom_domains ?? []).map(canonicalHostname));
  const others = peers.existing('worker').filter(({ id }) => id !== bound?.id);
  return domainsOf(others)
    .filter(({ hostname }) => wanted.has(canonicalHostname(hostname)))
    .map(({ id, hostname, service }) => ({
      message: `worker:${key}: the custom domain ${hostname} belongs to the Worker ${service}`,
      ids: [id],
      hint: `take it away from ${service} first, or choose another hostname`,
    }));
}

function unknownServices({ key, state }: Desired<WorkerState>, peers: Peers): readonly Obstacle[] {
  const isKnown = (ref: string): boolean =>
    peers.desired('worker').some((other) => other.key === ref) || peers.existing('worker').some(({ id }) => id === ref);
  return Object.values(state.services ?? {}).flatMap((ref) =>
    ref === null || isKnown(ref)
      ? []
      : [
          {
            message: `worker:${key}: there is no Worker "${ref}"`,
            ids: [],
            hint: 'declare it in workers, or use the name of one that exists',
          },
        ],
  );
}
