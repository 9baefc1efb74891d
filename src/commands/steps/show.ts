import type { Plan } from '../../engine/plan-types.ts';
import { planId } from '../../pipeline.ts';
import { planJson } from '../../render/json.ts';
import { renderPlanMarkdown } from '../../render/markdown.ts';
import { renderPlanText, type PlanMode } from '../../render/text.ts';
import type { CommandOutput } from '../../terminal/output.ts';

/** Prints a plan as the result, in the format that was asked for. */
export function showPlan(plan: Plan, output: CommandOutput, mode: PlanMode): void {
  if (output.format === 'json') output.json(planJson(plan, { planId: planId(plan) }));
  else if (output.format === 'markdown') output.result(renderPlanMarkdown(plan, { planId: planId(plan) }));
  else output.result(renderPlanText(plan, { style: output.style, mode, width: output.columns }));
}

/** The diff where it is not the result: beside a question, or because a secret has standard output to itself. */
export const planAside = (plan: Plan, output: CommandOutput): string =>
  renderPlanText(plan, { style: output.errorStyle, mode: 'plan', width: output.columns });
