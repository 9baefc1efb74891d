import type { Kind, Reference } from '../engine/kind.ts';
import { withoutUndefined } from './document/section.ts';
import { likelyZone } from './dns/zones.ts';
import { removeWorker } from './worker/removal.ts';
import { hostOfPattern, writeRouting } from './worker/routing.ts';
import { writeScript } from './worker/upload.ts';
import { workerObstacles } from './worker/worker-obstacles.ts';
import { listWorkers, textsIn } from './worker/worker-listing.ts';
import { settledWorker, workerState, type Worker, type WorkerState } from './worker/worker-state.ts';
import { workersSection } from './worker/workers-section.ts';

/** A Worker: a script, with its settings and the hostnames that lead to it. API: `workers` of the official SDK. */
export const worker: Kind<WorkerState, Worker> = {
  kind: 'worker',
  title: 'Worker',
  section: workersSection,
  fields: {
    compatibility_flags: { unordered: true },
    ...mapsIn('vars', 5), // JSON values are wholes
    kv: { map: true },
    rate_limits: { map: true },
    services: { map: true },
    'observability.enabled': { serverDefault: false },
    'routes.custom_domains': { unordered: true },
    'routes.patterns': { unordered: true },
  },
  refersTo: ['kv_namespace', 'worker'],
  references: ({ kv, services }) => [...mentionsIn('kv_namespace', kv), ...mentionsIn('worker', services)],

  list: (reading) => listWorkers(reading),
  identify: ({ id }) => ({ id, identity: id, name: id }),
  identities: ({ key, state }) => [state.name ?? key],
  toState: (live, peers) => workerState(live, peers),
  // Without a date a Worker runs as Workers did in 2021.
  initial: (key, state) => ({ name: key, compatibility_date: '2026-11-01', ...state }),
  settle: (state, live, peers) => settledWorker(state, live, peers),
  obstacles: (desired, bound, peers) => workerObstacles(desired, bound, peers),
  impact: (action, { routes }) => {
    const hostnames = (routes?.custom_domains ?? []).join(', ');
    return action === 'delete' ? `nothing answers${hostnames === '' ? '' : ` on ${hostnames}`} any more` : undefined;
  },

  create: async ({ api, key, state, peers }) => {
    const id = state.name ?? key;
    const routing = Object.keys(state.routes ?? {}).map((field) => `routes.${field}`);
    const write = { api, id, key, live: undefined, state, changed: [...Object.keys(state), ...routing], peers };
    await writeScript(write);
    await writeRouting(write);
    return { live: { id, domains: [] } };
  },
  update: async ({ api, key, live, state, changed, peers }) => {
    const write = { api, id: live.id, key, live, state, changed, peers };
    await writeScript(write);
    await writeRouting(write);
    return { live };
  },
  remove: (api, live) => removeWorker(api, live),
  zones: ({ routes }) => [
    ...textsIn(routes?.custom_domains).map(likelyZone),
    ...textsIn(routes?.patterns).map((pattern) => likelyZone(hostOfPattern(pattern))),
  ],
  // The code cannot be given back as it was written: an entry without `main` leaves it to whoever deploys it.
  toEntry: (key, { main: _main, ...state }) => ({
    section: 'workers',
    key,
    value: withoutUndefined(Object.fromEntries(Object.entries(state).filter(([field]) => !field.startsWith('secrets.')))),
  }),
};

/** The rules for a map whose values may be maps themselves, to a depth. */
function mapsIn(path: string, depth: number): { readonly [path: string]: { readonly map: true } } {
  return depth === 0 ? {} : { [path]: { map: true }, ...mapsIn(`${path}.*`, depth - 1) };
}

const mentionsIn = (kind: string, refs: { readonly [binding: string]: string | null } = {}): readonly Reference[] =>
  Object.values(refs).flatMap((ref) => (ref === null ? [] : [{ kind, ref }]));
