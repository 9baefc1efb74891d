import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from '../engine/values.ts';
import { StalePlanError } from '../lib/errors.ts';
import type { Draft, Wish } from './workbench.ts';

/** A plan that was shown. */
export type Shown = {
  readonly id: string;
  readonly wish: Wish;
  readonly draft: Draft;
  readonly expiresAt: Date;
  /** What a result of applying it says beside. */
  readonly facts: Facts;
};
/** What a tool adds to the result, from the draft before or after it was carried out. */
export type Facts = (draft: Draft, document: Readonly<Record<string, unknown>> | undefined) => Readonly<Record<string, unknown>>;

type Kept = Shown & { readonly nonce: string };

/** The plans of one process. An id stands for one plan on one account in one state, works once, and ends with the process. */
export type Plans = {
  show(plan: Omit<Shown, 'id' | 'expiresAt'>): Shown;
  /** The plan of an id. Throws a `StalePlanError` for one that is unknown, used or too old. */
  find(id: string): Shown;
  /** Takes the id out of use. Throws as `find` does. */
  take(id: string): Shown;
  /** Throws a `StalePlanError` unless `draft` is what the plan was: the same changes of the same live objects. */
  assertSame(shown: Shown, draft: Draft): void;
  last(): Shown | undefined;
};

const lifetimeMs = 15 * 60 * 1000;
const mostKept = 20;

export function createPlans(now: () => Date, key: Uint8Array = randomBytes(32)): Plans {
  const kept = new Map<string, Kept>();
  let last: Shown | undefined;
  const idOf = (draft: Draft, nonce: string): string => {
    const { account, changes, left_in_place: left } = draft.plan;
    const essence = canonicalJson({ nonce, account, changes, left, live: draft.fingerprint });
    return `plan_${nonce}_${createHmac('sha256', key).update(essence).digest('hex')}`;
  };
  const find = (id: string): Kept => {
    const found = kept.get(id);
    if (found === undefined)
      throw stale('this plan_id is not known here: it was used already, is too old, or was never given out');
    if (found.expiresAt.getTime() <= now().getTime()) throw stale('this plan is older than 15 minutes');
    return found;
  };
  return {
    show(plan) {
      const nonce = randomBytes(6).toString('hex');
      const id = idOf(plan.draft, nonce);
      const shown = { ...plan, id, nonce, expiresAt: new Date(now().getTime() + lifetimeMs) };
      kept.set(id, shown);
      for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - mostKept))) kept.delete(oldest);
      last = shown;
      return shown;
    },
    find,
    take(id) {
      const found = find(id);
      kept.delete(id);
      return found;
    },
    assertSame(shown, draft) {
      const nonce = shown.id.split('_')[1] ?? '';
      const id = idOf(draft, nonce);
      if (id.length === shown.id.length && timingSafeEqual(Buffer.from(id), Buffer.from(shown.id))) return;
      throw stale('the plan would be another one now: live state, or the document, changed since it was shown');
    },
    last: () => last,
  };
}

const stale = (message: string): StalePlanError =>
  new StalePlanError(`${message}; nothing was changed`, {
    hint: 'Plan again, show that plan to the person, and use its plan_id.',
  });
