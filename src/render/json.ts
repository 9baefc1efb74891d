import type { Finding } from '../engine/kind.ts';
import type { Change, Outcome, Plan } from '../engine/plan-types.ts';
import { countActions, type Outputs } from './text.ts';
import { plainValue } from './value.ts';

type PlanFacts = { readonly planId: string };
export type ApplyFacts = PlanFacts & {
  readonly outcomes: readonly Outcome[];
  readonly outputs?: Outputs;
  /** False when something beyond the outcomes went wrong, such as the reading back. */
  readonly ok?: boolean;
  /** What Cloudflare changed or ignored of what was sent, as sentences. */
  readonly kept?: readonly string[];
};

/** The document of `plan -o json`. Keys that have nothing to say are `null`, never missing. */
export function planJson(plan: Plan, { planId }: PlanFacts) {
  return {
    schema_version: 1,
    ok: true,
    plan_id: planId,
    account: plan.account,
    summary: { ...countActions(plan.changes), unchanged: plan.unchanged },
    changes: plan.changes.map(changeJson),
    left_in_place: plan.left_in_place.map(({ address, why }) => ({ address, why })),
    unmanaged: plan.unmanaged.map(({ address, id }) => ({ address, id })),
    diagnostics: plan.diagnostics.map(findingJson),
  };
}

/** The document of `apply -o json`: the plan's, with what was done. `ok` is false as soon as one change was not. */
export function applyJson(plan: Plan, { planId, outcomes, outputs = {}, ok = true, kept = [] }: ApplyFacts) {
  return {
    ...planJson(plan, { planId }),
    ok: ok && outcomes.every((outcome) => outcome.ok),
    applied: outcomes.map(outcomeJson),
    outputs: { portals: {}, ...outputs },
    ...(kept.length === 0 ? {} : { kept }),
  };
}

function changeJson({ address, kind, key, action, reason, impact, fields }: Change) {
  return {
    address,
    kind,
    key,
    action,
    reason: reason ?? null,
    impact: impact ?? null,
    fields: fields.map((field) => ({
      path: field.path,
      before: plainValue(field.before),
      after: plainValue(field.after),
      sensitive: field.sensitive,
      forces_replacement: field.forces_replacement,
    })),
  };
}

const outcomeJson = ({ address, action, ok, skipped, id, error }: Outcome) => ({
  address,
  action,
  ok,
  ...(skipped === undefined ? {} : { skipped }),
  ...(id === undefined ? {} : { id }),
  ...(error === undefined ? {} : { error }),
});

/** A finding as it stands in every JSON document. */
export const findingJson = ({ severity, code, message, place, hint }: Finding) => ({
  severity,
  code,
  message,
  path: place?.path ?? null,
  line: place?.line ?? null,
  hint: hint ?? null,
});

/** A result as standard output carries it. What a terminal would obey is escaped, which JSON allows everywhere in strings. */
export function jsonText(document: object): string {
  const text = JSON.stringify(document, undefined, 2);
  return `${text.replace(/[\u007F-\u009F\u061C\u200B\u200E\u200F\u2028-\u202E\u2060\u2066-\u2069\uFEFF]/g, escaped)}\n`;
}

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
