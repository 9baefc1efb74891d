import { UnsafePlanError } from '../lib/errors.ts';
import type { Plan } from './plan-types.ts';

/** Refuses a plan that deletes more than was allowed. A replacement counts: the old object goes. */
export function guardDeletes(plan: Plan, maxDeletes: number): void {
  const going = plan.changes.filter((change) => change.action === 'delete' || change.action === 'replace');
  if (going.length <= maxDeletes) return;
  throw new UnsafePlanError(`the plan deletes or replaces ${going.length} resources, and --max-deletes allows ${maxDeletes}`, {
    code: 'too_many_deletes',
    hint: `look at the plan; if that is what you want, add --max-deletes ${going.length}`,
  });
}
