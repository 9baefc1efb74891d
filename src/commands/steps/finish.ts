import type { Finding } from '../../engine/kind.ts';
import type { Plan } from '../../engine/plan-types.ts';
import type { Proposal } from '../../engine/plan.ts';
import { exitCodes, type ExitCode } from '../../lib/errors.ts';
import { outputsOf, planId, type Report } from '../../pipeline.ts';
import { applyJson, type ApplyFacts } from '../../render/json.ts';
import { renderAppliedMarkdown, renderPlanMarkdown } from '../../render/markdown.ts';
import { renderAppliedText, renderBlocks, renderPlanText } from '../../render/text.ts';
import type { ConvergeOptions } from './converge.ts';
import { readinessAfter, type Verdict } from './readiness.ts';

export type Done = {
  readonly proposal: Proposal;
  readonly report: Report;
  /** What a `stdout` sink got, where standard output is one document. */
  readonly secrets: readonly string[];
  /** Standard output has a secret on it: everything else stays away from it. */
  readonly aside: boolean;
};

/** The question was answered with no. */
export function declined({ invocation: { output }, proposal: { plan } }: ConvergeOptions): ExitCode {
  const words = 'Nothing was changed.';
  if (output.format === 'json') output.json(applyJson(plan, { planId: planId(plan), outcomes: [] }));
  else output.result(words);
  return exitCodes.done;
}

/** Waits where that was asked for, says what became of the run, and gives its exit code. */
export async function finish(options: ConvergeOptions, given: Done): Promise<ExitCode> {
  const done = await completed(options, given);
  const { report, proposal } = done;
  const { output } = options.invocation;
  const ok = isDone(report);
  const readiness = ok ? await readinessAfter(options, proposal) : undefined;
  const code = ok ? (readiness?.code ?? exitCodes.done) : failureOf(report);
  const plan = withFindings(proposal.plan, readiness?.people ?? []);
  const outputs = outputsOf(proposal, options.spec.desired);
  const facts = { planId: planId(plan), outcomes: report.outcomes, outputs, ok: code === exitCodes.done, kept: report.kept };
  if (output.format === 'json') sayJson(options, resultJson(plan, facts, { done, readiness, code }), done.secrets);
  else sayResult(options, plan, { facts, aside: done.aside, people: readiness?.people ?? [] });
  if (output.format !== 'json')
    for (const line of [...report.kept.map((kept) => `warning: ${kept}`), ...(readiness?.lines ?? [])]) output.warning(line);
  if (code === exitCodes.interrupted) output.warning('Interrupted: what was applied is listed above; run again to go on.');
  return code;
}

const isDone = ({ outcomes, kept, interrupted }: Report): boolean =>
  outcomes.every((outcome) => outcome.ok) && kept.length === 0 && !interrupted;

/** Where guards refused and nothing was changed, the run is refused as a whole. */
function failureOf({ interrupted, outcomes }: Report): ExitCode {
  if (interrupted) return exitCodes.interrupted;
  const isUntouched = outcomes.every(({ refused, skipped }) => refused === true || skipped === true);
  return isUntouched && outcomes.some(({ refused }) => refused === true) ? exitCodes.refused : exitCodes.failed;
}

/** What is to happen only after a run that did all of its work: writing the document's file. */
async function completed({ onApplied }: ConvergeOptions, done: Done): Promise<Done> {
  const trouble = isDone(done.report) ? await onApplied?.() : undefined;
  return trouble === undefined ? done : { ...done, report: { ...done.report, kept: [...done.report.kept, trouble] } };
}

/** A secret that standard output did not take is shown on standard error: shown in the wrong place, and not lost. */
function sayJson({ invocation: { output } }: ConvergeOptions, document: object, secrets: readonly string[]): void {
  const rescue = (): void => {
    for (const line of secrets) output.warning(line);
  };
  try {
    if (!output.json(document)) rescue();
  } catch (error) {
    rescue();
    throw error;
  }
}

const withFindings = (plan: Plan, findings: readonly Finding[]): Plan => ({
  ...plan,
  diagnostics: [...plan.diagnostics, ...findings],
});

type Ending = { readonly done: Done; readonly readiness: Verdict | undefined; readonly code: ExitCode };

function resultJson(plan: Plan, facts: ApplyFacts, { done, readiness, code }: Ending): object {
  const error = errorOf(facts, readiness, code);
  return {
    ...applyJson(plan, facts),
    ...(error === undefined ? {} : { error }),
    ...(readiness?.waited === undefined ? {} : { waited: readiness.waited }),
    ...(done.secrets.length === 0 ? {} : { secrets: done.secrets.map((line) => JSON.parse(line) as unknown) }),
  };
}

/** Every document that is not ok has an `error`, also where a part of the work was done. */
function errorOf({ outcomes, kept = [] }: ApplyFacts, readiness: Verdict | undefined, code: ExitCode): object | undefined {
  if (code === exitCodes.done) return undefined;
  if (code === exitCodes.interrupted) return { code: 'interrupted', message: 'Interrupted; `applied` says what was done.' };
  if (readiness !== undefined)
    return { code: code === exitCodes.notReady ? 'not_ready' : 'wait_failed', message: readiness.lines.join('\n') };
  const undone = outcomes.filter((outcome) => !outcome.ok).length;
  if (undone > 0)
    return { code: 'partly_applied', message: `${undone} of ${outcomes.length} changes were not made; \`applied\` says which.` };
  return { code: 'not_kept', message: kept.join('\n') };
}

type Words = { readonly facts: ApplyFacts; readonly aside: boolean; readonly people: readonly Finding[] };

function sayResult({ invocation: { output } }: ConvergeOptions, plan: Plan, { facts, aside, people }: Words): void {
  const say = aside ? output.warning : output.result;
  const { style, columns: width, format } = output;
  if (format === 'markdown')
    return say(plan.changes.length === 0 ? renderPlanMarkdown(plan, facts) : renderAppliedMarkdown(plan, facts));
  if (plan.changes.length === 0) return say(renderPlanText(plan, { style, width }));
  say(renderAppliedText(facts.outcomes, facts.outputs, style));
  if (people.length > 0)
    output.notice(
      renderBlocks(
        { ...plan, changes: [], left_in_place: [], unmanaged: [], diagnostics: people },
        { style: output.errorStyle },
      ).join('\n'),
    );
}
