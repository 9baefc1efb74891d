import { missing } from './refusal.ts';
import type { Call } from './route.ts';
import { replaced, type WorkerRow } from './state.ts';

export const scripts = '/accounts/:account/workers/scripts';

/** The script that a path names. */
export const foundWorker = ({ state, param }: Call): WorkerRow => {
  const worker = state.workers.find(({ id }) => id === param('name'));
  if (worker === undefined) throw missing(10007, 'This Worker does not exist on your account.');
  return worker;
};

/** Exchanges a script for its successor. */
export const saved = ({ state, now }: Call, worker: WorkerRow): WorkerRow => {
  const next = { ...worker, updated_at: now.toISOString() };
  state.workers = replaced(state.workers, next);
  return next;
};
