import type { Plan } from '../engine/plan-types.ts';
import { planJson } from '../render/json.ts';
import { diffOf } from './question.ts';
import type { Shown } from './plans.ts';
import type { Settings } from './settings.ts';
import type { Answer, Values } from './tool.ts';
import type { Done, Draft } from './workbench.ts';

const longestDiff = 12_000;
const longestQuote = 4_000;

/** A plan, with the id that stands for it. */
export function plannedAnswer(shown: Shown, settings: Settings): Answer {
  const { plan } = shown.draft;
  const next =
    plan.changes.length === 0
      ? 'Nothing to apply.'
      : settings.readOnly
        ? 'This server only reads: the person can apply it with the command.'
        : 'Nothing was changed yet. Show the plan to the person; mcpportal_apply with its plan_id applies it.';
  return {
    is: 'result',
    value: { status: 'planned', ...planFacts(shown), ...shown.facts(shown.draft, undefined) },
    text: `${counts(plan)} plan_id ${shown.id}, good until ${shown.expiresAt.toISOString()}. ${next}`,
    quoted: diffOf(shown.draft, longestQuote),
  };
}

type Refusal = { readonly code: string; readonly message: string; readonly hint: string };

/** A plan that nobody consented to: it, and how the person can apply it. */
export const refusedAnswer = (shown: Shown, error: Refusal): Answer => ({
  is: 'result',
  isError: true,
  value: { status: 'refused', error, ...planFacts(shown), ...shown.facts(shown.draft, undefined) },
  text: `Refused: ${error.message}. ${error.hint}\nCommand: ${shown.draft.command}`,
  quoted: diffOf(shown.draft, longestQuote),
});

export const declinedAnswer = (shown: Shown): Answer => ({
  is: 'result',
  isError: true,
  value: {
    status: 'declined',
    plan_id: shown.id,
    error: { code: 'declined', message: 'the person did not accept; nothing was changed' },
  },
  text: 'Declined: the person did not accept. Nothing was changed. Do not try again unasked.',
});

/** What became of a plan that was carried out. */
export function appliedAnswer(shown: Shown, fresh: Draft, { ok, document }: Done): Answer {
  const { plan } = fresh;
  const applied = Array.isArray(document['applied']) ? document['applied'] : [];
  const status = plan.changes.length === 0 && ok ? 'unchanged' : ok ? 'applied' : 'failed';
  const { schema_version: _version, ok: _ok, plan_id: _id, changes: _changes, ...rest } = document;
  const facts = shown.facts(fresh, document);
  const done = applied.filter((outcome: unknown) => Object(outcome).ok === true).length;
  return {
    is: 'result',
    isError: !ok,
    value: { status, plan_id: shown.id, ...rest, ...extras(shown), ...facts },
    text:
      status === 'unchanged'
        ? `No changes: ${plan.unchanged} resources are as they were wanted.${said(facts)}`
        : `${ok ? 'Applied' : 'Not all was applied'}: ${done} of ${plan.changes.length} changes were made.${ok ? said(facts) : ' `applied` says which; plan again to go on.'}`,
    quoted: applied.map(outcomeLine).join('\n'),
  };
}

/** What a tool promises to give, also where only the text is read. */
const said = (facts: Values): string =>
  Object.entries(facts)
    .filter(([, value]) => typeof value === 'string')
    .map(([name, value]) => ` ${name}: ${String(value)}`)
    .join('');

const outcomeLine = (outcome: unknown): string => {
  const { address, action, ok, error, skipped } = Object(outcome);
  return `${String(action)} ${String(address)}: ${ok === true ? 'done' : skipped === true ? 'skipped' : 'failed'}${error === undefined ? '' : ` (${String(error)})`}`;
};

export function planFacts(shown: Shown): Values {
  const { schema_version: _version, ok: _ok, ...json } = planJson(shown.draft.plan, { planId: shown.id });
  return {
    ...json,
    expires_at: shown.expiresAt.toISOString(),
    diff: diffOf(shown.draft, longestDiff),
    command: shown.draft.command,
    ...extras(shown),
  };
}

function extras({ draft, wish }: Shown): Values {
  const warnings = [...(wish.warnings ?? []), ...draft.notices];
  return { ...(warnings.length === 0 ? {} : { warnings }), ...(draft.sends.length === 0 ? {} : { sends: draft.sends }) };
}

function counts({ changes }: Plan): string {
  const count = (action: string): number => changes.filter((change) => change.action === action).length;
  return `Plan: ${count('create')} to create, ${count('update')} to change, ${count('replace')} to replace, ${count('delete')} to delete.`;
}
