import type { Finding } from '../engine/kind.ts';
import type { Action, Change, FieldChange, LeftInPlace, Outcome, Plan, Unmanaged } from '../engine/plan-types.ts';
import { plainStyle, type Style } from './style.ts';
import { neutral, renderCut, renderPair } from './value.ts';

/** `drift` speaks to a monitor: it says which side is which. */
export type PlanMode = 'plan' | 'drift';
export type PlanTextOptions = {
  readonly style?: Style;
  readonly mode?: PlanMode;
  /** Columns of the terminal: wide ones show more of long values. */
  readonly width?: number | undefined;
};

type Mark = { readonly symbol: string; readonly word: string; readonly paint: keyof Style };
type Fate = Action | 'left' | 'person';

const marks: Readonly<Record<Fate, Mark>> = {
  create: { symbol: '+', word: 'create', paint: 'green' },
  update: { symbol: '~', word: 'change', paint: 'yellow' },
  delete: { symbol: '-', word: 'delete', paint: 'red' },
  replace: { symbol: '±', word: 'replace', paint: 'red' },
  left: { symbol: '·', word: 'left in place', paint: 'dim' },
  person: { symbol: '?', word: 'a person must act', paint: 'cyan' },
};

/** A plan as people read it, last line stable for scripts. No newline at the end. */
export function renderPlanText(plan: Plan, options: PlanTextOptions = {}): string {
  const blocks = renderBlocks(plan, options);
  const lead =
    options.mode === 'drift' && plan.changes.length > 0 ? ['Live differs from the document. Fields read: live → document.'] : [];
  const legend = renderLegend(plan, options.style ?? plainStyle);
  return [...lead, ...legend, ...blocks, renderSummary(plan)].join('\n\n');
}

/** The objects, notes and warnings of a plan, one block each, without legend and summary. */
export function renderBlocks(plan: Plan, options: PlanTextOptions = {}): readonly string[] {
  const style = options.style ?? plainStyle;
  const limit = Math.max(120, Math.floor(((options.width ?? 0) - 30) / 2));
  const people = plan.diagnostics.filter(wantsPerson);
  const others = plan.diagnostics.filter((finding) => !wantsPerson(finding));
  return [
    ...plan.changes.map((change) => renderChange(change, style, limit)),
    ...joined(plan.left_in_place.map((left) => renderLeft(left, style))),
    ...joined(plan.unmanaged.map((object) => renderUnmanaged(object, style))),
    ...joined(people.map((finding) => renderPerson(finding, style))),
    ...joined(others.map((finding) => renderFinding(finding, style))),
  ];
}

const joined = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : [lines.join('\n')]);

/** Readiness that only somebody can bring about, such as a login; the plan says it under this code. */
export const wantsPerson = (finding: Finding): boolean => finding.severity === 'info' && finding.code === 'MCP090';

/** `Plan: 3 to create, …` or `No changes. …`: a public interface, like the exit codes. */
export function renderSummary(plan: Plan): string {
  if (plan.changes.length === 0) return `No changes. ${plan.unchanged} resources match the document.`;
  const n = countActions(plan.changes);
  return `Plan: ${n.create} to create, ${n.update} to change, ${n.replace} to replace, ${n.delete} to delete; ${plan.unchanged} unchanged.`;
}

export function countActions(items: readonly { readonly action: Action }[]): Readonly<Record<Action, number>> {
  const count = (action: Action): number => items.filter((item) => item.action === action).length;
  return { create: count('create'), update: count('update'), replace: count('replace'), delete: count('delete') };
}

function renderLegend(plan: Plan, style: Style): readonly string[] {
  const used = new Set<Fate>(plan.changes.map((change) => change.action));
  if (plan.left_in_place.length + plan.unmanaged.length > 0) used.add('left');
  if (plan.diagnostics.some(wantsPerson)) used.add('person');
  const shown = (['create', 'update', 'delete', 'replace', 'left', 'person'] as const).filter((fate) => used.has(fate));
  return shown.length === 0 ? [] : [shown.map((fate) => `${symbol(fate, style)} ${marks[fate].word}`).join('   ')];
}

const symbol = (fate: Fate, style: Style): string => style[marks[fate].paint](marks[fate].symbol);

function renderChange(change: Change, style: Style, limit: number): string {
  const facts = [
    ...(change.reason === undefined ? [] : [indented('why', change.reason)]),
    ...(change.impact === undefined ? [] : [indented('impact', change.impact)]),
  ];
  const fields = change.fields.map((field) => renderField(field, change.action, limit));
  return [`${symbol(change.action, style)} ${style.bold(neutral(change.address))}`, ...fields, ...facts].join('\n');
}

function renderField(field: FieldChange, action: Action, limit: number): string {
  const path = `    ${neutral(field.path)}`;
  if (action === 'create') return `${path}: ${renderCut(field.after, limit)}`;
  const [before, after] = renderPair(field.before, field.after, limit);
  return `${path}: ${before} → ${after}${field.forces_replacement ? '  (forces replacement)' : ''}${resent(field, before, after)}`;
}

/** A secret that is sent again looks the same on both sides. */
const resent = (field: FieldChange, before: string, after: string): string =>
  field.sensitive && before === after ? '  (sent again)' : '';

const renderLeft = (left: LeftInPlace, style: Style): string =>
  `${symbol('left', style)} ${neutral(left.address)}\n${indented('why', left.why)}`;

const renderUnmanaged = (object: Unmanaged, style: Style): string =>
  `${symbol('left', style)} ${neutral(object.address)}  ${style.dim('(not in the document)')}`;

const renderPerson = ({ message, hint }: Finding, style: Style): string =>
  [`${symbol('person', style)} ${oneOf(message)}`, ...(hint === undefined ? [] : [indented('next', hint)])].join('\n');

function renderFinding({ severity, code, message, hint, place }: Finding, style: Style): string {
  const paint = severity === 'error' ? style.red : severity === 'warning' ? style.yellow : style.dim;
  const where = place === undefined ? '' : `${neutral(place.file)}:${place.line}:${place.column}: `;
  const advice = hint === undefined ? [] : [indented('hint', hint)];
  return [`${where}${paint(`${severity} ${code}:`)} ${oneOf(message)}`, ...advice].join('\n');
}

const indented = (label: string, text: string): string => `    ${label}: ${oneOf(text)}`;

/** Lines of a message stay lines, indented: none can pass for a line of ours. */
const oneOf = (text: string): string => text.split('\n').map(neutral).join('\n        ');

/** What a run leaves to use, by section and key: each portal's URL. */
export type Outputs = { readonly [section: string]: { readonly [key: string]: { readonly url: string } } };

const past: Readonly<Record<Action, string>> = { create: 'created', update: 'changed', replace: 'replaced', delete: 'deleted' };

/** What an apply did: failures first, then the stable `Applied:` line, then the URLs. */
export function renderAppliedText(outcomes: readonly Outcome[], outputs: Outputs = {}, style: Style = plainStyle): string {
  const urls = Object.values(outputs).flatMap((section) =>
    Object.entries(section).map(([key, { url }]) => `${neutral(key)}: ${neutral(url)}`),
  );
  return [...renderUndone(outcomes, style), renderAppliedSummary(outcomes), ...urls].join('\n');
}

/** As stable as the summary of a plan. */
export function renderAppliedSummary(outcomes: readonly Outcome[]): string {
  const n = countActions(outcomes.filter((outcome) => outcome.ok));
  return `Applied: ${n.create} created, ${n.update} changed, ${n.replace} replaced, ${n.delete} deleted.`;
}

/** What failed and what was skipped, a line each. */
export const renderUndone = (outcomes: readonly Outcome[], style: Style = plainStyle): readonly string[] =>
  outcomes.filter((outcome) => !outcome.ok).map((outcome) => renderOneUndone(outcome, style));

function renderOneUndone(outcome: Outcome, style: Style): string {
  const word = outcome.skipped === true ? style.yellow('skipped:') : style.red('failed:');
  return `${word} ${neutral(outcome.address)} was not ${past[outcome.action]}: ${oneOf(outcome.error ?? 'no reason is known')}`;
}
